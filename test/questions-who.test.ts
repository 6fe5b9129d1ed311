/** Who can, and what can: they must say of everybody what deciding says, and of outsiders no less and no more. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { A, B, made } from './crossing.ts';
import type { Reply } from './plane.ts';
import { MAIN, type QuestionWorld, startQuestionWorld } from './questions-world.ts';

let world: QuestionWorld;

before(async () => {
  world = await startQuestionWorld();
});
after(async () => {
  assert.equal(world.plane.log(), '');
  await world.plane.stop();
});

/** A Monday, on which the timed policy holds, and a Friday. */
const MONDAY = '2026-11-23T12:00:00Z';
const FRIDAY = '2026-11-27T12:00:00Z';
const PEOPLE = ['owner', 'ann', 'bob', 'cyd', 'dan', 'worker'] as const;
const ACTIONS = ['kms.secrets.wrap', 'kms.secrets.delete', 'kms.secrets.list', 'iam.policy.read', 'kms.secrets.purge'];

interface Found {
  readonly who: { kind: string; iamId?: string; name: string; attributes?: Record<string, string> };
  readonly answer: 'yes' | 'depends';
  readonly outside: boolean;
  readonly by: { layer: string; policy: string; group?: string; when?: string[] }[];
}

const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();
const whoCan = (token: string, more: Record<string, string> = {}): Promise<Reply> =>
  world.ask(token, `/api/who-can?${query({ action: 'kms.secrets.wrap', resource: world.keyCrn, ...more })}`);
const whatCan = (token: string, values: Record<string, string>): Promise<Reply> =>
  world.ask(token, `/api/what-can?${query(values)}`);
const foundIn = ({ status, body }: Reply): Found[] => {
  assert.equal(status, 200, JSON.stringify(body));
  return body.found;
};
const decide = async (caller: unknown, action: string, resource: string, moment: string): Promise<boolean> => {
  const body = { caller, action, resource, context: { current_date_time: moment } };
  const reply = await world.ask(world.operator, '/api/decide', body);
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body.outcome === 'allowed';
};

/** The key, one beside it that is not there, and the instance. */
const resources = () => [
  world.keyCrn,
  world.keyCrn.replace(/[^:]+$/, '00000000-0000-4000-8000-000000000000'),
  world.keyCrn.replace(/key:[^:]+$/, ':'),
];

describe('who can', () => {
  test('agrees with deciding, for every identity, action and resource, at every moment', async () => {
    const seen = { yes: 0, depends: 0, no: 0 };
    for (const resource of resources()) {
      for (const action of ACTIONS) {
        const open = foundIn(await whoCan(world.tokenA, { action, resource }));
        const monday = foundIn(
          await whoCan(world.tokenA, { action, resource, context: `current_date_time=${MONDAY}` }),
        );
        for (const name of PEOPLE) {
          const iamId = world.iamId(name);
          const of = (found: Found[]) => found.find(({ who }) => who.iamId === iamId)?.answer ?? 'no';
          const decided = await Promise.all([MONDAY, FRIDAY].map((moment) => decide(iamId, action, resource, moment)));
          const expected = decided.every((one) => one) ? 'yes' : decided.some((one) => one) ? 'depends' : 'no';
          assert.equal(of(open), expected, `${name} ${action} ${resource}`);
          assert.equal(of(monday), decided[0] ? 'yes' : 'no', `${name} ${action} ${resource} on Monday`);
          seen[expected] += 1;
        }
      }
    }
    for (const [answer, count] of Object.entries(seen)) assert.ok(count >= 2, `only ${count} answers are ${answer}`);
  });

  test('names the services that may, as far as their authorizations do, and those outside', async () => {
    const services = foundIn(await whoCan(world.tokenA)).filter(({ who }) => who.kind === 'service');
    const said = services.map(({ who, outside, answer }) => [who.attributes, outside, answer]);
    const storage = { serviceName: 'server-protect' };
    const expected = [
      [{ serviceName: 'cloud-object-storage', accountId: A, serviceInstance: '*' }, false, 'yes'],
      // Of the same enterprise.
      [{ ...storage, accountId: MAIN, resourceType: 'volume' }, false, 'yes'],
      [{ ...storage, accountId: B }, true, 'yes'],
    ];
    const sorted = (list: unknown[]) => list.map((one) => JSON.stringify(one)).sort();
    assert.deepEqual(sorted(said), sorted(expected));
  });

  test('agrees with deciding for services within and beyond these classes', async () => {
    const callers: Record<string, string>[] = [
      { service: 'server-protect', account: B },
      { service: 'server-protect', account: B, resourceType: 'volume', resource: 'r006-1' },
      { service: 'server-protect', account: MAIN, resourceType: 'volume' },
      { service: 'server-protect', account: MAIN },
      { service: 'server-protect', account: A },
      { service: 'cloud-object-storage', account: A, serviceInstance: 'one' },
      { service: 'cloud-object-storage', account: A },
      { service: 'cloud-object-storage', account: B, serviceInstance: 'one' },
    ];
    const classes = foundIn(await whoCan(world.tokenA)).flatMap(({ who }) => (who.attributes ? [who.attributes] : []));
    const isOf = (caller: Record<string, string>, attributes: Record<string, string>) =>
      Object.entries(attributes).every(([name, value]) => {
        const own: Record<string, string | undefined> = {
          ...caller,
          serviceName: caller['service'],
          accountId: caller['account'],
        };
        const got = own[name];
        return value === '*' ? got !== undefined : got === value;
      });
    const answers: boolean[] = [];
    for (const caller of callers) {
      const decided = await decide(caller, 'kms.secrets.wrap', world.keyCrn, MONDAY);
      assert.equal(
        classes.some((one) => isOf(caller, one)),
        decided,
        JSON.stringify(caller),
      );
      answers.push(decided);
    }
    assert.deepEqual(answers, [true, true, true, false, false, true, false, false]);
  });

  test('says by which policy, through which group and under which condition', async () => {
    const found = foundIn(await whoCan(world.tokenA));
    const by = (name: (typeof PEOPLE)[number]) => found.find(({ who }) => who.iamId === world.iamId(name))?.by;
    assert.deepEqual(by('bob'), [{ layer: 'access', policy: world.policies.group, group: world.group }]);
    assert.deepEqual(by('cyd'), [
      {
        layer: 'access',
        policy: world.policies.timed,
        when: ['environment.attributes.day_of_week dayOfWeekAnyOf 1+00:00 or 2+00:00'],
      },
    ]);
    assert.equal(by('owner')?.[0]?.layer, 'owner');
  });

  test('forgets who has lost the policy', async () => {
    const has = async () => foundIn(await whoCan(world.tokenA)).some(({ who }) => who.iamId === world.iamId('dan'));
    assert.equal(await has(), true);
    await world.call('DELETE', `/v1/policies/${world.policies.key}`, { token: world.tokenA });
    assert.equal(await has(), false);
    await made(
      world.call('PATCH', `/v1/policies/${world.policies.key}`, {
        token: world.tokenA,
        headers: { 'if-match': await etagOf(world.policies.key) },
        body: { state: 'active' },
      }),
    );
    assert.equal(await has(), true);
  });

  test('comes in pages that together are all', async () => {
    const all = foundIn(await whoCan(world.tokenA));
    const paged: Found[] = [];
    let after: string | undefined;
    do {
      const { body } = await whoCan(world.tokenA, { limit: '2', ...(after === undefined ? {} : { after }) });
      assert.ok(body.found.length <= 2);
      paged.push(...body.found);
      after = body.next;
    } while (after !== undefined);
    assert.deepEqual(paged, all);
    assert.equal((await whoCan(world.tokenA, { after: 'user nobody' })).status, 400);
  });
});

async function etagOf(policy: string): Promise<string> {
  const reply = await world.call('GET', `/v1/policies/${policy}`, { token: world.tokenA });
  return reply.headers.get('etag')!;
}

describe('what can', () => {
  test('agrees with deciding for every action on every resource, for every identity', async () => {
    for (const name of PEOPLE) {
      const iamId = world.iamId(name);
      const reply = await whatCan(world.tokenA, { principal: iamId });
      const reach = new Map<string, { can: string[]; depends: { action: string }[] }>(
        (foundIn(reply) as unknown as { resource: string; can: string[]; depends: { action: string }[] }[]).map(
          (one) => [one.resource, one],
        ),
      );
      for (const resource of [world.keyCrn, world.keyCrn.replace(/key:[^:]+$/, ':')]) {
        for (const action of ['kms.secrets.wrap', 'kms.secrets.rotate', 'kms.keyrings.list', 'kms.keyrings.create']) {
          const asked = action.startsWith('kms.keyrings') === resource.endsWith('::');
          if (!asked) continue;
          const decided = await Promise.all([MONDAY, FRIDAY].map((moment) => decide(iamId, action, resource, moment)));
          const one = reach.get(resource);
          assert.equal(
            one?.can.includes(action) ?? false,
            decided.every((yes) => yes),
            `${name} ${action}`,
          );
          const depends = decided[0] !== decided[1];
          assert.equal(one?.depends.some((other) => other.action === action) ?? false, depends, `${name} ${action}`);
        }
      }
    }
  });

  test('lists the policies about somebody, those of his groups too', async () => {
    const grantsOf = async (name: 'bob' | 'cyd' | 'owner') =>
      (await whatCan(world.tokenA, { principal: world.iamId(name) })).body.grants;
    assert.deepEqual(
      (await grantsOf('bob')).map(({ policy, to, roles }: Record<string, unknown>) => [policy, to, roles]),
      [[world.policies.group, [world.group], ['Reader']]],
    );
    assert.equal((await grantsOf('cyd'))[0].when.length, 1);
    assert.deepEqual(await grantsOf('owner'), []);
  });

  test('of a service is what it can do in every account, for the operator, and in his own, for an administrator', async () => {
    const principal = `server-protect@${B}`;
    const all = await whatCan(world.operator, { principal });
    const accounts = foundIn(all).map((one) => (one as unknown as { account: string }).account);
    assert.deepEqual([...new Set(accounts)], [A]);
    assert.deepEqual(all.body.grants[0].policy, world.policies.storage);
    assert.deepEqual(foundIn(await whatCan(world.tokenA, { principal })), all.body.found);
    assert.deepEqual(foundIn(await whatCan(world.tokenB, { principal })), []);
    assert.deepEqual(foundIn(await whatCan(world.operator, { principal: `server-protect@${A}` })), []);
  });

  test('comes in pages that together are all', async () => {
    const principal = world.iamId('owner');
    const all = foundIn(await whatCan(world.tokenA, { principal }));
    assert.ok(all.length > 10);
    const paged: Found[] = [];
    let after: string | undefined;
    do {
      const { body } = await whatCan(world.tokenA, {
        principal,
        limit: '4',
        ...(after === undefined ? {} : { after }),
      });
      paged.push(...body.found);
      after = body.next;
    } while (after !== undefined);
    assert.deepEqual(paged, all);
  });
});

describe('who may ask', () => {
  test('not a viewer of policies, nor an administrator of another account, whatever there is', async () => {
    const principal = world.iamId('bob');
    assert.equal((await whoCan(world.tokenAnn)).status, 403);
    assert.equal((await whatCan(world.tokenAnn, { principal })).status, 403);
    const there = await whoCan(world.tokenB);
    const absent = await whoCan(world.tokenB, { resource: resources()[1]! });
    assert.deepEqual([there.status, there.body.error], [403, absent.body.error]);
    assert.equal((await whatCan(world.tokenB, { principal: `${principal}@${A}`, account: A })).status, 403);
    assert.equal((await whatCan(world.tokenB, { principal: `server-protect@${B}`, account: A })).status, 403);
    assert.equal((await whoCan(world.tokenB, { as: A })).status, 403);
    assert.equal((await whoCan(world.operator, { as: B })).status, 403);
    assert.equal((await whoCan(world.operator, { as: A })).status, 200);
  });

  test('must ask for something that there is', async () => {
    const { status, body } = await world.ask(world.tokenA, '/api/who-can?action=kms.secrets.wrap');
    assert.deepEqual([status, body.error.message.startsWith('`resource`: ')], [400, true]);
    assert.match(
      (await whoCan(world.tokenA, { colour: 'red' })).body.error.message,
      /^`colour`: there is no such field$/,
    );
    assert.equal((await whoCan(world.tokenA, { limit: '0' })).status, 400);
    assert.equal((await whatCan(world.tokenA, { principal: 'nobody@account-a.example' })).status, 404);
  });

  test('is on record', async () => {
    const reply = await whoCan(world.tokenA);
    const id = reply.headers.get('easement-request-id');
    const { body } = await world.ask(world.tokenA, `/api/decisions/${id}`);
    assert.equal(body.calls[0].operation, 'questions.who-can');
  });
});
