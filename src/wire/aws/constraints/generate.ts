/**
 * Writes the constraints tables beside it from the models that botocore publishes. Run at development time:
 *
 *     node src/wire/aws/constraints/generate.ts [DATA_FOLDER]
 *
 * DATA_FOLDER is `botocore/data`; without it, python3 is asked where that is. The version must be about as new as the
 * SDK's clients: sdk.test.ts compares them. One that is not installed:
 *
 *     pip download botocore --no-deps -d /tmp/botocore && cd /tmp/botocore && python3 -m zipfile -e *.whl .
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ConstraintsTable, ErrorRow, OperationRow, ShapeRow } from './table.ts';

const SERVICES = ['sts', 'iam', 'kms', 'logs'];

interface ModelShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly sensitive?: boolean;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number; readonly senderFault?: boolean };
  readonly exception?: boolean;
  readonly fault?: boolean;
}

interface Model {
  readonly operations: Readonly<
    Record<string, { readonly input?: { readonly shape: string }; readonly errors?: readonly { shape: string }[] }>
  >;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

function tableOf(model: Model, source: string): ConstraintsTable {
  const errors = new Map<string, ErrorRow>();
  const codes = new Map<string, string>();
  for (const [name, shape] of sorted(model.shapes)) {
    if (shape.exception !== true) continue;
    const code = shape.error?.code ?? name;
    const status = shape.error?.httpStatusCode ?? (shape.fault === true ? 500 : 400);
    codes.set(name, code);
    errors.set(code, { shape: name, status, sender: shape.error?.senderFault ?? status < 500 });
  }
  const operations = sorted(model.operations).map(([name, operation]): [string, OperationRow] => {
    const thrown = (operation.errors ?? []).map(({ shape }) => codes.get(shape) ?? shape).sort();
    const input = operation.input?.shape;
    return [name, input === undefined ? { errors: thrown } : { input, errors: thrown }];
  });
  const shapes = new Map<string, ShapeRow>();
  for (const [, { input }] of operations) if (input !== undefined) collect(model, input, shapes);
  return {
    source,
    licence: 'Apache-2.0',
    operations: Object.fromEntries(operations),
    shapes: Object.fromEntries([...shapes].sort(byName)),
    errors: Object.fromEntries([...errors].sort(byName)),
  };
}

/** Adds the row of a shape, and those of the shapes it is made of. */
function collect(model: Model, name: string, rows: Map<string, ShapeRow>): void {
  const shape = model.shapes[name];
  if (shape === undefined || rows.has(name)) return;
  const row = rowOf(shape);
  if (Object.keys(row).length === 0) return;
  rows.set(name, row);
  const parts = [...Object.values(shape.members ?? {}), shape.member, shape.key, shape.value];
  for (const part of parts) if (part !== undefined) collect(model, part.shape, rows);
}

function rowOf(shape: ModelShape): ShapeRow {
  const { members, required, member, key, value, min, max, pattern, sensitive } = shape;
  return {
    ...(members && { members: Object.fromEntries(Object.entries(members).map(([name, of]) => [name, of.shape])) }),
    ...(required && required.length > 0 && { required }),
    ...(member && { item: member.shape }),
    ...(key && value && { key: key.shape, value: value.shape }),
    ...(isNumber(shape)
      ? boundsOf(min, max, 'least', 'most')
      : boundsOf(min === 0 ? undefined : min, max, 'min', 'max')),
    ...(shape.type === 'integer' && { bits: 32 }),
    ...(shape.type === 'long' && { bits: 64 }),
    ...(pattern !== undefined && { pattern }),
    ...(shape.enum && { enum: shape.enum }),
    ...(sensitive === true && { sensitive }),
  };
}

function boundsOf(low: number | undefined, high: number | undefined, lowest: string, highest: string): ShapeRow {
  return { ...(low !== undefined && { [lowest]: low }), ...(high !== undefined && { [highest]: high }) };
}

function isNumber({ type }: ModelShape): boolean {
  return ['integer', 'long', 'float', 'double'].includes(type);
}

/** One row a line, so that two versions can be compared. */
function print(table: ConstraintsTable): string {
  const section = (name: string, rows: object) =>
    `${JSON.stringify(name)}: {\n${Object.entries(rows)
      .map(([key, row]) => `    ${JSON.stringify(key)}: ${JSON.stringify(row)}`)
      .join(',\n')}\n  }`;
  const { source, licence, operations, shapes, errors } = table;
  return `{\n  ${[
    `"source": ${JSON.stringify(source)}`,
    `"licence": ${JSON.stringify(licence)}`,
    section('operations', operations),
    section('shapes', shapes),
    section('errors', errors),
  ].join(',\n  ')}\n}\n`;
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(byName);
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

function main(): void {
  const where = 'import botocore, os; print(os.path.join(botocore.__path__[0], "data"))';
  const data = process.argv[2] ?? execFileSync('python3', ['-c', where], { encoding: 'utf8' }).trim();
  const init = readFileSync(join(data, '..', '__init__.py'), 'utf8');
  const version = /__version__ = '([^']+)'/.exec(init)?.[1];
  if (version === undefined) throw new Error(`no version of botocore beside \`${data}\``);
  for (const service of SERVICES) {
    const apiVersion = readdirSync(join(data, service)).sort().at(-1) ?? '';
    const file = `${service}/${apiVersion}/service-2.json`;
    const model: Model = JSON.parse(gunzipSync(readFileSync(join(data, `${file}.gz`))).toString());
    const text = print(tableOf(model, `botocore ${version}, data/${file}`));
    writeFileSync(new URL(`./${service}.data.json`, import.meta.url), text);
    console.log(`${service}: ${text.length} bytes, ${text.split('\n').length} lines`);
  }
}

main();
