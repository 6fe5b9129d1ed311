/** What if: calls that were made, decided again under policies that were not; beside what happens once they are. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { A, B, idOf, made } from './crossing.ts';
import type { Reply } from './plane.ts';
import { type QuestionWorld, startQuestionWorld } from './questions-world.ts';

let world: QuestionWorld;
let allowed: string;
let refused: string;

/** Of account B's storage for the keys of A's instance: what `policies.storage` says, and more narrowly. */
const authorization = (more: object[] = [], account = A) => ({
  type: 'authorization',
  subject: { attributes: [equals('serviceName', 'server-protect'), equals('accountId', B)] },
  control: { grant: { roles: [{ role_id: 'crn:v1:bluemix:public:iam::::serviceRole:Reader' }] } },
  resource: { attributes: [equals('accountId', account), equals('serviceName', 'kms'), ...more] },
});
const equals = (key: string, value: string) => ({ key, operator: 'stringEquals', value });

before(async () => {
  world = await startQuestionWorld();
  const volume = await world.volume(world.keyCrn);
  assert.equal(volume.status, 201);
  allowed = idOf(volume);
  await world.call('DELETE', `/v1/policies/${world.policies.storage}`, { token: world.tokenA });
  const denied = await world.volume(world.keyCrn);
  assert.equal(denied.status, 400);
  refused = idOf(denied);
});
after(async () => {
  assert.equal(world.plane.log(), '');
  await world.plane.stop();
});

const whatIf = (token: string, changes: object[], more: object = {}): Promise<Reply> =>
  world.ask(token, '/api/what-if', { changes, ...more });

interface Line {
  readonly parent: string;
  readonly words: string;
  readonly before: string;
  readonly after: string;
  readonly policy: string | undefined;
  readonly caller: string;
}

/** The questions about keys, one by one. */
function linesOf({ status, body }: Reply): Line[] {
  assert.equal(status, 200, JSON.stringify(body));
  const lines: Line[] = [];
  for (const { caller, calls } of body.changed) {
    for (const { parent, questions } of calls) {
      for (const { words, before: was, after: is, by } of questions) {
        const policy = by[0]?.policy;
        lines.push({
          parent,
          words,
          before: was,
          after: is,
          policy,
          caller: caller.attributes?.serviceName ?? caller.id,
        });
      }
    }
  }
  return lines;
}

describe('what if', () => {
  test('a policy had not been: the calls that it allowed, though it is gone by now', async () => {
    const lines = linesOf(await whatIf(world.tokenA, [{ remove: world.policies.storage }]));
    const wrap = lines.find(({ words }) => words === 'kms.secrets.wrap');
    assert.deepEqual(wrap, {
      parent: allowed,
      words: 'kms.secrets.wrap',
      before: 'allowed',
      after: 'denied',
      policy: world.policies.storage,
      caller: 'server-protect',
    });
    assert.ok(lines.every(({ parent, after: is }) => parent === allowed && is === 'denied'));
  });

  test('a policy is added: the calls that were denied for want of it, as happens when it is', async () => {
    const lines = linesOf(await whatIf(world.tokenA, [{ add: authorization() }]));
    assert.deepEqual(
      lines.map(({ parent, before: was, after: is, policy }) => [parent, was, is, policy]),
      [[refused, 'denied', 'allowed', 'change 1']],
    );
    const narrow = authorization([equals('serviceInstance', world.instance)]);
    assert.equal(linesOf(await whatIf(world.tokenA, [{ add: narrow }])).length, 1);
    const policy = await made(world.call('POST', '/v2/policies', { token: world.tokenA, body: narrow }));
    assert.equal((await world.volume(world.keyCrn)).status, 201);
    await world.call('DELETE', `/v1/policies/${policy.id}`, { token: world.tokenA });
  });

  test('a policy is replaced: what the new one no longer allows', async () => {
    const replace = (policy: object) => whatIf(world.tokenA, [{ replace: { id: world.policies.storage, policy } }]);
    const elsewhere = authorization([equals('serviceInstance', '00000000-0000-4000-8000-000000000000')]);
    const lines = linesOf(await replace(elsewhere)).filter(({ parent }) => parent === allowed);
    assert.ok(lines.length > 0 && lines.every(({ after: is }) => is === 'denied'));
    const same = linesOf(await replace(authorization([equals('serviceInstance', world.instance)])));
    assert.ok(same.every(({ parent }) => parent !== allowed));
  });

  test('a change that concerns nobody’s calls changes no answer', async () => {
    const none = await whatIf(world.tokenA, [
      { remove: world.policies.main },
      { add: authorization([equals('serviceInstance', '00000000-0000-4000-8000-000000000000')]) },
    ]);
    assert.deepEqual(none.body.changed, []);
    assert.ok(none.body.calls > 5);
  });

  test('changes of several policies are taken together', async () => {
    const both = [{ remove: world.policies.storage }, { add: authorization() }];
    const lines = linesOf(await whatIf(world.tokenA, both));
    assert.ok(
      lines.every(({ parent }) => parent !== allowed),
      'what one takes away the other gives',
    );
    assert.equal(lines.filter(({ parent }) => parent === refused).length, 1);
  });

  test('looks at the range that was asked for', async () => {
    const remove = [{ remove: world.policies.storage }];
    const newest = await whatIf(world.tokenA, remove, { last: 1 });
    assert.deepEqual([newest.body.calls, newest.body.more], [1, true]);
    assert.deepEqual((await whatIf(world.tokenA, remove, { until: '1h' })).body.calls, 0);
    assert.deepEqual((await whatIf(world.tokenA, remove, { since: '2099-01-01T00:00:00Z' })).body.calls, 0);
    const all = await whatIf(world.tokenA, remove, { since: '1h' });
    assert.deepEqual([all.body.more, all.body.changed.length > 0], [false, true]);
  });

  test('shows an administrator the caller of another account as its records do', async () => {
    const reply = await whatIf(world.tokenA, [{ remove: world.policies.storage }]);
    const [{ caller }] = reply.body.changed;
    assert.deepEqual([caller.account, caller.attributes.serviceName, caller.name], [B, 'server-protect', undefined]);
    const seen = await whatIf(world.operator, [{ remove: world.policies.storage }], { as: A });
    assert.deepEqual(seen.body.changed, reply.body.changed);
  });
});

describe('who may ask', () => {
  test('not a viewer of policies, nor an administrator of another account', async () => {
    const remove = [{ remove: world.policies.storage }];
    assert.equal((await whatIf(world.tokenAnn, remove)).status, 403);
    assert.equal((await whatIf(world.tokenB, remove, { account: A })).status, 403);
    assert.equal((await whatIf(world.tokenB, remove, { as: A })).status, 403);
    // In his own account there is no such policy, whatever there is elsewhere.
    const other = await whatIf(world.tokenB, remove);
    const nowhere = await whatIf(world.tokenB, [{ remove: '00000000-0000-4000-8000-000000000000' }]);
    assert.deepEqual([other.status, nowhere.status], [404, 404]);
    assert.equal((await whatIf(world.operator, remove, { account: A })).status, 200);
  });
});

describe('what is changed', () => {
  test('must be changes of policies that can be', async () => {
    const message = async (changes: object[], more: object = {}) => {
      const { status, body } = await whatIf(world.operator, changes, more);
      return `${status} ${body.error?.message}`;
    };
    assert.match(
      await message([{ delete: 'x' }], { account: A }),
      /^400 `changes\.0`: a change is one of `add: POLICY`/,
    );
    assert.match(await message([{ add: { type: 'access' } }], { account: A }), /^400 change 1: /);
    assert.match(
      await message([{ add: authorization([], B) }], { account: A }),
      /^400 change 1: the policy is not of account/,
    );
    assert.match(await message([{ remove: world.policies.key }]), /^400 whose policies are these\?/);
    assert.match(await message([{ add: authorization() }], { since: 'lately' }), /^400 `lately` is no moment/);
    const wrong = authorization();
    wrong.control.grant.roles[0]!.role_id = 'crn:v1:bluemix:public:iam::::serviceRole:Raeder';
    assert.match(await message([{ add: wrong }]), /^400 change 1: `control\.grant\.roles/);
    assert.match(await message([{ add: authorization() }]), /^200 /);
  });
});
