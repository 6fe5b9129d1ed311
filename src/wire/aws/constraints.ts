/**
 * What AWS demands of an input before it looks at anything else: members that must be there, lengths, ranges, patterns
 * and enums, from the models that AWS publishes (constraints/generate.ts). No page of AWS shows the sentences; clients
 * have quoted them: https://github.com/serverless/examples/issues/405, https://github.com/SWO-GS/auto-tag/issues/90
 */
import { type Compiled, compileShape } from './constraints/check.ts';
import type { ConstraintsTable, ErrorRow } from './constraints/table.ts';

export interface Constraints {
  /** What the service calls an input that breaks a constraint; codes common to all are spelled as in the query protocol. */
  readonly violationCode: string;
  readonly table: ConstraintsTable;
  /** By name of shape; filled as operations are first called. */
  readonly compiled: Map<string, Compiled>;
}

/** Loaded when the service is first called: a table is up to 60 KB. */
const TABLES: Readonly<Record<string, () => Promise<{ default: ConstraintsTable }>>> = {
  iam: () => import('./constraints/iam.data.json', { with: { type: 'json' } }),
  kms: () => import('./constraints/kms.data.json', { with: { type: 'json' } }),
  logs: () => import('./constraints/logs.data.json', { with: { type: 'json' } }),
  sts: () => import('./constraints/sts.data.json', { with: { type: 'json' } }),
};

/** `service` is the signing name: `iam`, `kms`, `logs`, `sts`. Throws for one that there is no table of. */
export async function loadConstraints(service: string): Promise<Constraints> {
  const load = TABLES[service];
  if (load === undefined)
    throw new Error(`no constraints of service \`${service}\`: add it to constraints/generate.ts`);
  const { default: table } = await load();
  const violationCode = service === 'logs' ? 'InvalidParameterException' : 'ValidationError';
  return { violationCode, table, compiled: new Map() };
}

/**
 * One sentence for each constraint that the input (in the types of the SDK) does not satisfy. An operation that is not
 * in the table (newer than it) has none.
 */
export function violations(constraints: Constraints, operation: string, input: unknown): readonly string[] {
  const shape = constraints.table.operations[operation]?.input;
  if (shape === undefined) return [];
  const found: string[] = [];
  compileShape(constraints.table.shapes, shape, constraints.compiled).check?.(input, '', found);
  return found;
}

/** The message of the error. */
export function validationMessage(found: readonly string[]): string {
  return `${found.length} validation error${found.length === 1 ? '' : 's'} detected: ${found.join('; ')}`;
}

/** HTTP status of an error that the service's model names, and whether the caller is to blame. */
export function errorOf(constraints: Constraints, code: string): ErrorRow | undefined {
  const { errors } = constraints.table;
  return Object.hasOwn(errors, code) ? errors[code] : undefined;
}
