/** Policies as they would be: changes that somebody thinks of, and the past read as if they had been made. */
import { z } from 'zod';
import { Fault } from '../faults.ts';
import { type IbmPolicy, literal } from '../policy/ibm/document.ts';
import { fromBody, versionOf } from '../policy/ibm/read.ts';
import { validate } from '../policy/ibm/validate.ts';
import { newPolicy, type PolicyDocument, policies } from '../services/policies/documents.ts';
import { customRolesOf } from '../services/policies/source.ts';
import type { Collection, Document, ListQuery, Page, Reader } from '../store/store.ts';

const body = z.record(z.string(), z.unknown());

export const changesSchema = z
  .array(
    z.union(
      [
        z.strictObject({ add: body }),
        z.strictObject({ remove: z.string().min(1) }),
        z.strictObject({ replace: z.strictObject({ id: z.string().min(1), policy: body }) }),
      ],
      { error: 'a change is one of `add: POLICY`, `remove: ID`, `replace: { id: ID, policy: POLICY }`' },
    ),
  )
  .min(1)
  .max(100);

export type ChangeInput = z.infer<typeof changesSchema>[number];

/** What an account's policies would be besides what they are. */
export interface Changes {
  readonly account: string;
  /** Ids of policies that are gone, or not what they were. */
  readonly without: ReadonlySet<string>;
  readonly added: readonly Document<PolicyDocument>[];
}

/** The account that new policies are of; undefined when none is new. Throws `invalid` for such as cannot be read. */
export function accountOf(changes: readonly ChangeInput[]): string | undefined {
  const bodies = changes.map((change) => bodyOf(change));
  const at = bodies.findIndex((one) => one !== undefined);
  return at < 0 ? undefined : literal(policyFrom(bodies[at], at).resource, 'accountId');
}

/**
 * Reads changes of an account's policies. Throws `invalid` for a policy that could not be stored and one of another
 * account, and `not-found` for an id that no policy of the account has.
 */
export async function readChanges(reader: Reader, account: string, changes: readonly ChangeInput[]): Promise<Changes> {
  const custom = await customRolesOf(reader, account);
  const without = new Set<string>();
  const added: Document<PolicyDocument>[] = [];
  for (const [index, change] of changes.entries()) {
    const id = 'remove' in change ? change.remove : 'replace' in change ? change.replace.id : undefined;
    if (id !== undefined) {
      if (!(await reader.get(policies, account, id))) {
        throw new Fault(
          'not-found',
          'policy-not-found',
          `${nth(index)}: no policy of account ${account} has the id \`${id}\``,
        );
      }
      without.add(id);
    }
    const written = bodyOf(change);
    if (written === undefined) continue;
    const policy = policyFrom(written, index);
    const [problem] = validate(policy, versionOf(written), custom);
    if (problem) throw refused(index, problem);
    if (literal(policy.resource, 'accountId') !== account) {
      throw new Fault('invalid', 'other-account', `${nth(index)}: the policy is not of account ${account}`);
    }
    const name = id ?? nth(index);
    const value = newPolicy(name, policy, { by: '', at: 0 });
    added.push({ account, id: name, revision: 1, value });
  }
  return { account, without, added };
}

function bodyOf(change: ChangeInput): Readonly<Record<string, unknown>> | undefined {
  if ('add' in change) return change.add;
  return 'replace' in change ? change.replace.policy : undefined;
}

function policyFrom(written: unknown, index: number): IbmPolicy {
  const { policy, problems } = fromBody(written);
  const [problem] = problems;
  if (policy !== undefined && problem === undefined) return policy;
  throw refused(index, problem ?? { path: '', message: 'this is no policy' });
}

function refused(index: number, { path, message }: { readonly path: string; readonly message: string }): Fault {
  return new Fault('invalid', 'invalid-policy', `${nth(index)}: ${path === '' ? '' : `\`${path}\`: `}${message}`);
}

const nth = (index: number): string => `change ${index + 1}`;

/** The same reader, with the policies changed. */
export function changed(reader: Reader, { account, without, added }: Changes): Reader {
  const isOurs = (from: { readonly name: string }, where: string) => from.name === policies.name && where === account;
  const isUnder = ({ value }: Document<PolicyDocument>, { index, key = '' }: ListQuery) =>
    index === undefined || (policies.indexes[index]?.(value).includes(key) ?? false);
  return {
    find: (from, index, key, limit) => reader.find(from, index, key, limit),
    async get<D extends object>(from: Collection<D>, where: string, id: string) {
      if (!isOurs(from, where)) return reader.get(from, where, id);
      const own = added.find((document) => document.id === id);
      if (own || without.has(id)) return own as unknown as Document<D> | undefined;
      return reader.get(from, where, id);
    },
    async list<D extends object>(from: Collection<D>, where: string, query: ListQuery): Promise<Page<Document<D>>> {
      if (!isOurs(from, where)) return reader.list(from, where, query);
      // Enough that something is left of a page of which everything is gone.
      const page = await reader.list(from, where, { ...query, limit: query.limit + without.size });
      const kept = page.items.filter(({ id }) => !without.has(id));
      if (page.next !== undefined) return { items: kept, next: page.next };
      const more = added.filter((document) => isUnder(document, query));
      return { items: [...kept, ...(more as unknown as readonly Document<D>[])] };
    },
  };
}
