/** For every operation of every table: what keeps within the constraints is let through, and one breach is one sentence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Constraints, loadConstraints, violations } from '../constraints.ts';
import { compilePattern } from './pattern.ts';
import type { ShapeRow } from './table.ts';

type Shapes = Constraints['table']['shapes'];

/** Texts of which each pattern takes one, where no run of one character is enough. */
const TEXTS = [
  '/',
  '/a/',
  'https://example.com',
  'arn:aws:kms:eu-central-1:111122223333:key/1',
  'o-abcdefghij',
  'o-abcdefghij/r-abcd',
  'p-abcdefgh',
  'v1',
  '1.2.3',
  's3://abc/',
  'cluster-abcdefghijk',
  'eu-central-1',
  'com.amazonaws.vpce.us-east-1.vpce-svc-0a',
  '/kms/xks/v1',
  'vpce-0a',
  '111122223333',
];

function textOf({ pattern = '', min = 0, max = 10_000 }: ShapeRow): string {
  const runs = ['a', 'A', '2'].map((char) => char.repeat(Math.min(Math.max(min, 1), max)));
  const compiled = compilePattern(pattern);
  const text = [...runs, ...TEXTS].find((one) => one.length >= min && one.length <= max && compiled.test(one));
  assert.ok(text !== undefined, `no text for \`${pattern}\``);
  return text;
}

function valid(shapes: Shapes, name: string): fc.Arbitrary<unknown> {
  const row = shapes[name] ?? {};
  const { min = 0, max = Number.POSITIVE_INFINITY } = row;
  const few = Math.min(max, min + 2);
  if (row.members !== undefined) {
    const members = Object.entries(row.members).map(([member, shape]): [string, fc.Arbitrary<unknown>] => {
      const part = valid(shapes, shape);
      return [member, row.required?.includes(member) ? part : fc.option(part, { nil: undefined })];
    });
    return fc.record(Object.fromEntries(members));
  }
  if (row.item !== undefined) return fc.array(valid(shapes, row.item), { minLength: min, maxLength: few });
  if (row.key !== undefined && row.value !== undefined) {
    const key = valid(shapes, row.key).filter((one) => typeof one === 'string');
    return fc.dictionary(key, valid(shapes, row.value), { minKeys: min, maxKeys: Math.max(min, 1) });
  }
  if (row.enum !== undefined) return fc.constantFrom(...row.enum);
  if (row.pattern !== undefined) return fc.constant(textOf(row));
  if (row.bits !== undefined || row.least !== undefined || row.most !== undefined) {
    const least = row.least ?? 0;
    return fc.integer({ min: least, max: row.most ?? least + 1000 });
  }
  const length = fc.integer({ min, max: Math.min(max, min + 20) });
  return fc.oneof(
    length.map((size) => 'x'.repeat(size)),
    length.map((size) => new Uint8Array(size)),
  );
}

interface Breach {
  readonly value: unknown;
  /** How the sentence about it ends. */
  readonly end: string;
}

/** Everything that can be made wrong in a valid value, one thing at a time. */
function breaches(shapes: Shapes, name: string, value: unknown, path: string): Breach[] {
  const row = shapes[name] ?? {};
  const breach = (broken: unknown, text: string): Breach => ({
    value: broken,
    end: ` at '${path}' failed to satisfy constraint: Member must ${text}`,
  });
  if (row.members !== undefined) return memberBreaches(shapes, row, value as Record<string, unknown>, path);
  if (Array.isArray(value) && row.item !== undefined) {
    const { item, min, max } = row;
    const inside = value.flatMap((one, index) =>
      shapes[item]?.members === undefined
        ? []
        : breaches(shapes, item, one, `${path}.${index + 1}.member`).map((part) => ({
            ...part,
            value: value.with(index, part.value),
          })),
    );
    const long = max !== undefined && max < 1000 && value.length > 0 ? Array(max + 1).fill(value[0]) : undefined;
    return [
      ...inside,
      ...(long === undefined ? [] : [breach(long, `have length less than or equal to ${max}`)]),
      ...(min === undefined ? [] : [breach([], `have length greater than or equal to ${min}`)]),
    ];
  }
  if (row.key !== undefined || row.item !== undefined || row.pattern !== undefined) return [];
  if (row.enum !== undefined) {
    if (row.min !== undefined || row.max !== undefined) return [];
    return [breach('no-such-value', `satisfy enum value set: [${row.enum.join(', ')}]`)];
  }
  const { min, max, least, most } = row;
  return [
    ...(min === undefined ? [] : [breach('', `have length greater than or equal to ${min}`)]),
    ...(max === undefined ? [] : [breach('x'.repeat(max + 1), `have length less than or equal to ${max}`)]),
    ...(least === undefined ? [] : [breach(least - 1, `have value greater than or equal to ${least}`)]),
    ...(most === undefined ? [] : [breach(most + 1, `have value less than or equal to ${most}`)]),
  ];
}

function memberBreaches(shapes: Shapes, row: ShapeRow, value: Record<string, unknown>, path: string): Breach[] {
  return Object.entries(row.members ?? {}).flatMap(([member, shape]) => {
    const lower = member.charAt(0).toLowerCase() + member.slice(1);
    const at = path === '' ? lower : `${path}.${lower}`;
    const part = value[member];
    const inside = part === undefined ? [] : breaches(shapes, shape, part, at);
    const broken: Breach[] = inside.map((one) => ({ ...one, value: { ...value, [member]: one.value } }));
    if (row.required?.includes(member)) {
      const end = `Value null at '${at}' failed to satisfy constraint: Member must not be null`;
      broken.push({ value: { ...value, [member]: undefined }, end });
    }
    return broken;
  });
}

for (const service of ['iam', 'kms', 'logs', 'sts']) {
  test(`every operation of ${service}`, async () => {
    const constraints = await loadConstraints(service);
    const { operations, shapes } = constraints.table;
    let broken = 0;
    for (const [operation, { input }] of Object.entries(operations)) {
      if (input === undefined) continue;
      fc.assert(
        fc.property(valid(shapes, input), (value) => {
          assert.deepEqual(violations(constraints, operation, value), []);
          for (const breach of breaches(shapes, input, value, '')) {
            const found = violations(constraints, operation, breach.value);
            assert.equal(found.length, 1, `${operation} ${breach.end}: ${found.join('; ')}`);
            assert.ok(found[0]?.endsWith(breach.end), `${operation}: ${found[0]} for ${breach.end}`);
            broken++;
          }
        }),
        { numRuns: 10 },
      );
    }
    assert.ok(broken > 300, `${broken} breaches tried`);
  });
}
