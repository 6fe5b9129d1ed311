/** What operations ask for: read from the records of a plane on which all of them have run. */
import { services } from '../../src/services/index.ts';
import { eventually } from '../plane.ts';
import type { GoldenWorld } from './world.ts';

/** Operation -> the actions that it has asked for, sorted. */
export type Asked = ReadonlyMap<string, readonly string[]>;

/** Operations for which there is no occasion yet, and the actions that they alone would ask for. */
export const IDLE: Readonly<Record<string, readonly string[]>> = {
  // Services that pass their right on to others come with snapshots.
  'policies.delegate': ['policy.delegate'],
  'policies.end-delegations': ['policy.withdraw'],
  'policies.drop-delegated': ['policy.withdraw'],
  // Needs an assertion that an identity provider has signed: test/aws-sts-saml.test.ts.
  'sts.AssumeRoleWithSAML': ['aws-role.assumeRoleWithSAML'],
  'sts.AssumeRoleWithWebIdentity': ['aws-role.assumeRoleWithWebIdentity'],
};

/** Waits until each operation that a service declares has left a record, then reads what all of them have asked. */
export async function readAsked(world: GoldenWorld): Promise<Asked> {
  const declared = services.flatMap(({ operations }) => operations.map(({ name }) => name));
  const awaited = declared.filter((name) => !Object.hasOwn(IDLE, name));
  const seen = new Map<string, Set<string>>();
  let missing: readonly string[] = awaited;
  let newest = 0;
  try {
    await eventually('every operation has run', async () => {
      newest = await collect(world, newest, seen);
      missing = awaited.filter((name) => !seen.has(name));
      return missing.length === 0;
    });
  } catch (cause) {
    throw new Error(`no record of ${missing.join(', ')}`, { cause });
  }
  return new Map(declared.map((name) => [name, [...(seen.get(name) ?? [])].toSorted()]));
}

interface ShownRecord {
  readonly operation: string;
  readonly asked: readonly { readonly action: string }[];
  readonly chain: unknown;
  readonly commit: number;
}

/** Reads the records that came after a commit. Returns the newest commit that was read. */
async function collect(world: GoldenWorld, after: number, into: Map<string, Set<string>>): Promise<number> {
  let newest = after;
  let before: number | undefined;
  do {
    const query = { limit: '1000', after: String(after), ...(before === undefined ? {} : { before: String(before) }) };
    const { body } = await world.send(
      { method: 'GET', path: '/api/records', listener: 'console' },
      { query },
      'operator',
    );
    for (const { operation, asked, commit } of body.records as readonly ShownRecord[]) {
      const actions = into.get(operation) ?? new Set();
      for (const { action } of asked) actions.add(action);
      into.set(operation, actions);
      newest = Math.max(newest, commit);
    }
    before = body.next;
  } while (before !== undefined);
  return newest;
}

export function printOperations(asked: Asked): string {
  const lines = services.flatMap((service) => [
    '',
    service.name,
    ...service.operations.map(({ name }) => {
      const actions = asked.get(name) ?? [];
      const said = actions.length > 0 ? actions.join(', ') : `(idle) ${IDLE[name]?.join(', ')}`;
      return `  ${name.padEnd(32)} ${said}`;
    }),
  ]);
  return `${HEAD}${lines.join('\n')}\n`;
}

const HEAD = `Every operation of every service, and the actions that it asks for.
Written by \`node test/golden/write.ts\`, from the records of a plane on which they have run.
`;
