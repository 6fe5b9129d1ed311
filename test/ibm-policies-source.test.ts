/** What stored policies say to questions: as all of them would say together, at once after a change, and bounded. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { PolicyReader } from '../src/authorize.ts';
import type { Fault } from '../src/faults.ts';
import { decide } from '../src/policy/decide.ts';
import { compile } from '../src/policy/ibm/compile.ts';
import type { IbmPolicy, PolicyAttribute } from '../src/policy/ibm/document.ts';
import { questionOf, targetOf } from '../src/policy/ibm/question.ts';
import { fromV1 } from '../src/policy/ibm/read.ts';
import type { Caller, Layer, Question } from '../src/policy/model.ts';
import { ibmRef } from '../src/policy/names.ts';
import { newPolicy, policies } from '../src/services/policies/documents.ts';
import { createPolicy, deletePolicy } from '../src/services/policies/policies.ts';
import { createPolicySource } from '../src/services/policies/source.ts';
import { type InsidePlane, startInside } from './ibm-policies-inside.ts';
import { A, access, authorization, B, C, READER, VIEWER } from './ibm-policies-world.ts';

let plane: InsidePlane;
before(async () => {
  plane = await startInside();
});
after(() => plane.stop());

const skipped: string[] = [];
const source = createPolicySource({ skipped: (message) => skipped.push(message) });

const AT = new Date(0);
const service = (account: string, serviceName = 'server-protect', more: Record<string, string> = {}): Caller => ({
  kind: 'service',
  id: `crn-${serviceName}`,
  account,
  attributes: { serviceName, accountId: account, ...more },
});
const user = (account: string, id: string, groups: string[] = []): Caller => ({ kind: 'user', id, account, groups });

function wraps(caller: Caller, account = A, instance = 'keys', id = 'k'): Question {
  const ref = ibmRef({ account, service: 'kms', location: 'us-south', instance, type: 'key', id });
  return questionOf(caller, 'kms.secrets.wrap', targetOf(ref, { keyRing: 'default' }), AT);
}

const read = (body: object): IbmPolicy => fromV1(body).policy!;
const create = (body: object) => plane.asOwner(A, createPolicy, { policy: read(body), version: 'v1' });
const remove = (id: string) => plane.asOwner(A, deletePolicy, { id });

async function isAllowed(question: Question, reader: PolicyReader = plane.store.begin()): Promise<boolean> {
  return decide(question, await source(reader, question)) === 'allow';
}

test('an authorization lets its source use its target, one way, and nobody else', async () => {
  assert.equal(await isAllowed(wraps(service(B))), false);
  const { document } = await create(authorization());
  assert.equal(await isAllowed(wraps(service(B))), true, 'by the very next question');
  assert.equal(await isAllowed(wraps(service(A), B)), false, 'the other way round');
  assert.equal(await isAllowed(wraps(service(C))), false, 'a third account');
  assert.equal(await isAllowed(wraps(service(A))), false, 'the owner’s own service is not named');
  assert.equal(await isAllowed(wraps(service(B, 'is'))), false, 'another service');
  assert.equal(await isAllowed(wraps(user(B, 'IBMid-b'))), false, 'a person of that account');
  await remove(document.id);
  assert.equal(await isAllowed(wraps(service(B))), false, 'by the very next question');
});

test('access is given to identities and groups, in the account in which they act', async () => {
  const made = await create(access('IBMid-u', [READER], { serviceName: 'kms' }));
  const group = 'AccessGroupId-1';
  const ofGroup = access('', [READER], { serviceName: 'kms', serviceInstance: 'keys' });
  const shared = await create({ ...ofGroup, subjects: [{ attributes: [{ name: 'access_group_id', value: group }] }] });
  assert.equal(await isAllowed(wraps(user(A, 'IBMid-u'))), true);
  assert.equal(await isAllowed(wraps(user(A, 'IBMid-v'))), false);
  assert.equal(await isAllowed(wraps(user(B, 'IBMid-u'))), false, 'the same person in another account');
  assert.equal(await isAllowed(wraps(user(A, 'IBMid-v', [group]))), true);
  assert.equal(await isAllowed(wraps(user(A, 'IBMid-v', [group]), A, 'other')), false);
  for (const { document } of [made, shared]) await remove(document.id);
  assert.equal(await isAllowed(wraps(user(A, 'IBMid-v', [group]))), false);
});

test('what a unit has written and not committed is nobody else’s', async () => {
  const question = wraps(service(B));
  const unit = plane.store.begin();
  unit.put(policies, A, 'pending', newPolicy('pending', read(authorization()), { by: 'x', at: 0 }));
  assert.equal(await isAllowed(question, unit), true, 'the unit itself sees it');
  assert.equal(await isAllowed(question), false);
});

test('a reading of the past sees the policies of then', async () => {
  const { document } = await create(authorization());
  const then = plane.store.lastCommit;
  await remove(document.id);
  assert.equal(await isAllowed(wraps(service(B)), plane.store.asOf(then)), true);
  assert.equal(await isAllowed(wraps(service(B))), false);
});

test('a policy that cannot be compiled allows nothing, and is told of', async () => {
  const unit = plane.store.begin();
  const odd = { ...read(authorization()), roles: [READER, `${VIEWER}s`] };
  unit.put(policies, A, 'odd', newPolicy('odd', odd, { by: 'x', at: 0 }));
  await unit.commit();
  assert.equal(await isAllowed(wraps(service(B))), false);
  assert.deepEqual(skipped, ['policy `odd`: it names an unknown role']);
  await isAllowed(wraps(service(B)));
  assert.equal(skipped.length, 1, 'once, while nothing changes');
  const cleaning = plane.store.begin();
  cleaning.delete(policies, A, 'odd');
  await cleaning.commit();
});

test('looking where a policy can be finds what looking everywhere finds', async () => {
  const value = fc.constantFrom('x', 'y');
  const anyTest = (name: string, values: fc.Arbitrary<string>) =>
    fc.option(
      fc.oneof(
        values.map((text): PolicyAttribute => ({ name, operator: 'stringEquals', value: text })),
        values.map((text): PolicyAttribute => ({ name, operator: 'stringMatch', value: `${text[0]}*` })),
        fc
          .constantFrom(true, true, false)
          .map((flag): PolicyAttribute => ({ name, operator: 'stringExists', value: flag })),
      ),
      { nil: undefined, freq: 1 },
    );
  const list = (...parts: fc.Arbitrary<PolicyAttribute | undefined>[]) =>
    fc.tuple(...parts).map((found) => found.filter((one) => one !== undefined));
  const equals = (name: string, text: string): PolicyAttribute => ({ name, operator: 'stringEquals', value: text });
  const resource = list(
    anyTest('serviceName', fc.constantFrom('kms', 'kms', 'kms', 'is')),
    anyTest('serviceInstance', value),
    anyTest('resource', value),
    anyTest('resourceType', fc.constant('key')),
  ).map((found) => [equals('accountId', A), ...(found.length > 0 ? found : [equals('serviceName', 'kms')])]);
  const authorized = fc.record({
    type: fc.constant('authorization' as const),
    subject: list(anyTest('serviceInstance', value), anyTest('resource', value)).chain((more) =>
      fc.constantFrom(B, C).map((account) => [equals('accountId', account), equals('serviceName', 'is'), ...more]),
    ),
    resource,
  });
  const accessed = fc.record({
    type: fc.constant('access' as const),
    subject: fc.constantFrom([equals('iam_id', 'IBMid-u')], [equals('access_group_id', 'AccessGroupId-1')]),
    resource,
  });
  const policy = fc.oneof(authorized, accessed).map((parts): IbmPolicy => ({ ...parts, tags: [], roles: [READER] }));
  const caller = fc.oneof(
    fc
      .record({ serviceInstance: value }, { requiredKeys: [] })
      .chain((more) => fc.constantFrom(B, C).map((account) => service(account, 'is', more as Record<string, string>))),
    fc.constantFrom(user(A, 'IBMid-u'), user(A, 'IBMid-v', ['AccessGroupId-1']), user(A, 'IBMid-v')),
  );
  const question = fc.tuple(caller, value, value).map(([who, instance, id]) => wraps(who, A, instance, id));

  const allowed = { some: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(policy, { minLength: 3, maxLength: 12 }),
      fc.array(question, { maxLength: 8 }),
      async (all, asked) => {
        const unit = plane.store.begin();
        for (const [n, one] of all.entries())
          unit.put(policies, A, `p${n}`, newPolicy(`p${n}`, one, { by: 'x', at: 0 }));
        await unit.commit();
        const statements = all.flatMap((one, n) => compile(one, `p${n}`).statements);
        for (const one of asked) {
          const kind = one.caller.kind === 'service' ? 'authorization' : 'access';
          const everything: Layer = { kind, account: A, statements, may: 'grant' };
          const expected = decide(one, [everything]) === 'allow';
          assert.equal(await isAllowed(one), expected);
          assert.equal(await isAllowed(one), expected, 'the second time, from memory');
          if (expected) allowed.some += 1;
        }
        const cleaning = plane.store.begin();
        for (const n of all.keys()) cleaning.delete(policies, A, `p${n}`);
        await cleaning.commit();
      },
    ),
    { numRuns: 150 },
  );
  assert.ok(allowed.some > 50, `only ${allowed.some} questions were allowed at all`);
});

test('an account has 4020 policies at most, a subject 1000', async () => {
  const fill = async (from: number, to: number, body: (n: number) => object): Promise<void> => {
    const unit = plane.store.begin();
    for (let n = from; n < to; n += 1) {
      unit.put(policies, A, `filler${n}`, newPolicy(`filler${n}`, read(body(n)), { by: 'x', at: 0 }));
    }
    await unit.commit();
  };
  const isQuota = (error: Fault): boolean => error.kind === 'quota';
  const ofOne = (n: number) => access('IBMid-u', [READER], { serviceName: 'kms', serviceInstance: `i${n}` });
  await fill(0, 999, ofOne);
  const { document } = await create(ofOne(999));
  await assert.rejects(create(ofOne(1000)), isQuota);
  await create(access('IBMid-v', [READER], { serviceName: 'kms' }));

  await fill(999, 4017, (n) => access(`IBMid-${n}`, [READER], { serviceName: 'kms' }));
  await create(access('IBMid-w', [READER], { serviceName: 'kms' }));
  const more = access('IBMid-x', [READER], { serviceName: 'kms' });
  await assert.rejects(create(more), isQuota);
  await remove(document.id);
  await create(more);
});
