/** All of an account: what an analysis may read, and a call never would. */
import { compile } from '../policy/ibm/compile.ts';
import type { Statement } from '../policy/model.ts';
import { groupings } from '../services/accounts/groupings.ts';
import { type PolicyDocument, policies } from '../services/policies/documents.ts';
import { customRolesOf } from '../services/policies/source.ts';
import { type Collection, type Document, type ListQuery, PLANE, type Reader } from '../store/store.ts';

const PAGE = 1000;

/** Every document of a collection in an account, or those under an index key, in the order of ids; page by page. */
export async function* everyDocument<D extends object>(
  reader: Reader,
  from: Collection<D>,
  account: string,
  query: Pick<ListQuery, 'index' | 'key' | 'after'> = {},
): AsyncGenerator<Document<D>> {
  let after = query.after;
  do {
    const page = await reader.list(from, account, { ...query, limit: PAGE, ...(after === undefined ? {} : { after }) });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

/** What the active authorization policies of an account say. */
export function authorizationsOf(reader: Reader, account: string): Promise<readonly Statement[]> {
  return statementsUnder(reader, account, 'state', 'active authorization');
}

/** What the policies under an index key say; those that cannot be read say nothing. */
export async function statementsUnder(
  reader: Reader,
  account: string,
  index: keyof typeof policies.indexes & string,
  key: string,
): Promise<readonly Statement[]> {
  const custom = await customRolesOf(reader, account);
  const statements: Statement[] = [];
  const found: AsyncGenerator<Document<PolicyDocument>> = everyDocument(reader, policies, account, { index, key });
  for await (const { id, value } of found) statements.push(...compile(value.policy, id, custom).statements);
  return statements;
}

/** Tells the accounts of an account's enterprise, and the account itself, from all others. */
export async function insideOf(reader: Reader, account: string): Promise<(other: string) => boolean> {
  const inside = new Set([account]);
  for await (const { value } of everyDocument(reader, groupings, PLANE)) {
    const { enterprise } = value;
    if (enterprise === undefined) continue;
    const all = [enterprise.account, ...enterprise.children];
    if (all.includes(account)) for (const one of all) inside.add(one);
  }
  return (other) => inside.has(other);
}
