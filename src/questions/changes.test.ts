import assert from 'node:assert/strict';
import { test } from 'node:test';
import { literal } from '../policy/ibm/document.ts';
import { fromBody } from '../policy/ibm/read.ts';
import { newPolicy, type PolicyDocument, policies } from '../services/policies/documents.ts';
import type { Collection, Document, ListQuery, Page, Reader } from '../store/store.ts';
import { type Changes, changed } from './changes.ts';

const A = 'a'.repeat(32);
const KMS = { accountId: A, serviceName: 'kms' };

function document(id: string, subject: string): Document<PolicyDocument> {
  const attributes = (values: Record<string, string>) => [
    { attributes: Object.entries(values).map(([name, value]) => ({ name, value })) },
  ];
  const { policy } = fromBody({
    type: 'access',
    subjects: attributes({ iam_id: subject }),
    roles: [{ role_id: 'crn:v1:bluemix:public:iam::::serviceRole:Reader' }],
    resources: attributes(KMS),
  });
  assert.equal(literal(policy!.resource, 'accountId'), A);
  return { account: A, id, revision: 1, value: newPolicy(id, policy!, { by: 'IBMid-0', at: 0 }) };
}

/** A reader of some policies, filed as the store files them. */
function readerOf(kept: readonly Document<PolicyDocument>[]): Reader {
  return {
    get: async <D extends object>(_from: Collection<D>, _account: string, id: string) =>
      kept.find((one) => one.id === id) as unknown as Document<D> | undefined,
    async list<D extends object>(_from: Collection<D>, _account: string, query: ListQuery): Promise<Page<Document<D>>> {
      const { index, key = '', after = '', limit } = query;
      const under = kept.filter(
        ({ id, value }) => id > after && (index === undefined || policies.indexes[index]!(value).includes(key)),
      );
      const items = under.slice(0, limit) as unknown as readonly Document<D>[];
      return under.length > limit ? { items, next: items.at(-1)!.id } : { items };
    },
    find: async () => [],
  };
}

async function idsUnder(reader: Reader, query: Omit<ListQuery, 'after'>): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await reader.list(policies, A, { ...query, ...(after === undefined ? {} : { after }) });
    ids.push(...page.items.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

const kept = ['p1', 'p2', 'p3', 'p4'].map((id) => document(id, 'IBMid-1'));
const bucket = policies.indexes['match']!(kept[0]!.value)[0]!;
const changes: Changes = {
  account: A,
  without: new Set(['p1', 'p2', 'p3']),
  added: [document('p3', 'IBMid-2'), document('change 4', 'IBMid-1')],
};

test('lists what is left and what is added, whatever the size of pages', async () => {
  const reader = changed(readerOf(kept), changes);
  for (const limit of [1, 2, 3, 10]) {
    assert.deepEqual(await idsUnder(reader, { index: 'match', key: bucket, limit }), ['p4', 'change 4'], `by ${limit}`);
  }
  assert.deepEqual(await idsUnder(readerOf(kept), { index: 'match', key: bucket, limit: 2 }), ['p1', 'p2', 'p3', 'p4']);
});

test('a first page is not empty while something is left', async () => {
  const gone: Changes = { account: A, without: new Set(['p1', 'p2', 'p3']), added: [] };
  const page = await changed(readerOf(kept), gone).list(policies, A, { index: 'match', key: bucket, limit: 1 });
  assert.deepEqual(
    page.items.map(({ id }) => id),
    ['p4'],
  );
});

test('a replaced policy is found under its new subject alone', async () => {
  const reader = changed(readerOf(kept), changes);
  const other = policies.indexes['match']!(changes.added[0]!.value)[0]!;
  assert.deepEqual(await idsUnder(reader, { index: 'match', key: other, limit: 10 }), ['p3']);
  assert.equal((await reader.get(policies, A, 'p3'))?.value, changes.added[0]!.value);
  assert.equal(await reader.get(policies, A, 'p1'), undefined);
  assert.equal((await reader.get(policies, A, 'p4'))?.id, 'p4');
});

test('the policies of other accounts stay what they are', async () => {
  const reader = changed(readerOf(kept), { ...changes, account: 'b'.repeat(32) });
  assert.deepEqual(await idsUnder(reader, { index: 'match', key: bucket, limit: 10 }), ['p1', 'p2', 'p3', 'p4']);
});
