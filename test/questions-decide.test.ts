/** May it? Asked of a live plane, beside the calls that it is about; what each side is told. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { A, B, type Crossing, crossing, idOf, made, OWNER_B } from './crossing.ts';
import { type Reply, request, startPlane, type TestPlane } from './plane.ts';

const MAIN_OWNER = 'main-owner-api-key-000000000000000001';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const WRAP = 'kms.secrets.wrap';

let plane: TestPlane;
let world: Crossing;
let operator: string;

before(async () => {
  plane = await startPlane();
  world = await crossing(plane.ibm, plane.token);
  operator = (await readFile(join(plane.home, 'operator-token'), 'utf8')).trim();
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

const storageOfB = { service: 'server-protect', account: B, resourceType: 'volume' };

const decide = (token: string, body: object): Promise<Reply> =>
  request(plane.console, 'POST', '/api/decide', { token, body });
const wrap = (token: string, more: object = {}): Promise<Reply> =>
  decide(token, { caller: storageOfB, action: WRAP, resource: world.keyCrn, ...more });

const why = async (id: string, token: string) =>
  (await request(plane.console, 'GET', `/api/decisions/${id}`, { token })).body.calls;

async function withPolicy<T>(body: object, then: (id: string) => Promise<T>): Promise<T> {
  const { id } = await made(world.call('POST', '/v2/policies', { token: world.tokenA, body }));
  try {
    return await then(id);
  } finally {
    await world.call('DELETE', `/v1/policies/${id}`, { token: world.tokenA });
  }
}

const equals = (key: string, value: string) => ({ key, operator: 'stringEquals', value });

/** Lets somebody of account A read keys, or more. */
const accessTo = (iamId: string, role: string, rule?: object) => ({
  type: 'access',
  subject: { attributes: [equals('iam_id', iamId)] },
  control: { grant: { roles: [{ role_id: `crn:v1:bluemix:public:iam::::${role}` }] } },
  resource: { attributes: [equals('accountId', A), equals('serviceName', 'kms')] },
  ...(rule ? { pattern: 'time-based-conditions:once', rule } : {}),
});

async function newServiceId(): Promise<{ iamId: string; token: string }> {
  const body = { account_id: A, name: 'worker', apikey: { name: 'key', store_value: false } };
  const { iam_id, apikey } = await made(world.call('POST', '/v1/serviceids', { token: world.tokenA, body }));
  return { iamId: iam_id, token: await plane.token(apikey.apikey) };
}

describe('the owner of a resource', () => {
  test('is told the same as the call is answered, before it is made and without an effect', async () => {
    const denied = (await wrap(world.tokenA)).body;
    assert.deepEqual([denied.outcome, denied.existed], ['denied', true]);
    assert.equal(denied.catalogue.name, 'IBM Cloud roles and actions');
    assert.match(denied.catalogue.version, /^\d{4}-\d{2}-\d{2}$/);
    assert.deepEqual(denied.missing, { kind: 'allow', account: A, layer: 'authorization' });
    assert.equal((await world.volume(world.keyCrn)).status, 400);
    const policy = await world.authorize();
    const allowed = (await wrap(world.tokenA)).body;
    assert.equal(allowed.outcome, 'allowed');
    assert.deepEqual(
      allowed.stop.policies.map(({ policy: id }: { policy: string }) => id),
      [policy],
    );
    assert.equal((await world.volume(world.keyCrn)).status, 201);
    await world.call('DELETE', `/v1/policies/${policy}`, { token: world.tokenA });
    assert.equal((await wrap(world.tokenA)).body.outcome, 'denied');
  });

  test('gets the grant that allows exactly this, and what it opens besides', async () => {
    const { remedy } = (await wrap(world.tokenA)).body;
    await withPolicy(remedy.grant.v2, async () => {
      assert.equal((await wrap(world.tokenA)).body.outcome, 'allowed');
      const another = world.keyCrn.replace(/[^:]+$/, UNKNOWN);
      assert.equal((await wrap(world.tokenA, { resource: another })).body.outcome, 'denied');
      // The role Reader holds unwrap too, and the policy names no single volume.
      assert.ok(remedy.opens.includes('kms.secrets.unwrap'));
      assert.equal((await wrap(world.tokenA, { action: 'kms.secrets.unwrap' })).body.outcome, 'allowed');
      assert.ok(!remedy.opens.includes('kms.secrets.delete'));
      assert.equal((await wrap(world.tokenA, { action: 'kms.secrets.delete' })).body.outcome, 'denied');
      assert.ok(
        !remedy.opens.some((what: string) => what.startsWith('any other key') || what.includes('other account')),
      );
    });
  });

  test('is told of every policy that alone is enough', async () => {
    const { remedy } = (await wrap(world.tokenA)).body;
    const policies = [await world.authorize()];
    assert.equal((await wrap(world.tokenA)).body.stop.policies.length, 1);
    policies.push((await made(world.call('POST', '/v2/policies', { token: world.tokenA, body: remedy.grant.v2 }))).id);
    const both = (await wrap(world.tokenA)).body;
    assert.deepEqual(both.stop.policies.map(({ policy }: { policy: string }) => policy).sort(), [...policies].sort());
    for (const id of policies) {
      assert.equal((await wrap(world.tokenA)).body.outcome, 'allowed');
      await world.call('DELETE', `/v1/policies/${id}`, { token: world.tokenA });
    }
    assert.equal((await wrap(world.tokenA)).body.outcome, 'denied');
  });

  test('may ask for an identity, at a moment', async () => {
    const { iamId } = await newServiceId();
    const ask = (context: object = {}) =>
      decide(world.tokenA, { caller: iamId, action: 'kms.secrets.readmetadata', resource: world.keyCrn, context });
    assert.equal((await ask()).body.outcome, 'denied');
    const rule = {
      operator: 'and',
      conditions: [
        {
          key: '{{environment.attributes.current_date_time}}',
          operator: 'dateTimeGreaterThan',
          value: '2031-01-01T00:00:00+00:00',
        },
        {
          key: '{{environment.attributes.current_date_time}}',
          operator: 'dateTimeLessThan',
          value: '2031-02-01T00:00:00+00:00',
        },
      ],
    };
    await withPolicy(accessTo(iamId, 'serviceRole:Reader', rule), async () => {
      assert.equal((await ask()).body.outcome, 'denied');
      assert.equal((await ask({ current_date_time: '2031-01-15T00:00:00Z' })).body.outcome, 'allowed');
      assert.equal((await ask({ current_date_time: '2031-02-15T00:00:00Z' })).body.outcome, 'denied');
    });
  });

  test('is told that no change of a policy stops the owner of the account', async () => {
    const caller = 'owner@account-a.example';
    const { body } = await decide(world.tokenA, { caller, action: WRAP, resource: world.keyCrn });
    assert.equal(body.outcome, 'allowed');
    assert.equal(body.stop.policies, undefined);
  });
});

describe('what is asked', () => {
  test('is refused with advice when it names nothing', async () => {
    const action = await wrap(world.tokenA, { action: 'kms.secret.wrap' });
    assert.deepEqual([action.status, /did you mean `kms\.secrets\.wrap`/.test(action.body.error.message)], [400, true]);
    assert.equal((await wrap(world.tokenA, { resource: 'key' })).status, 400);
    const arn = await wrap(world.tokenA, { resource: 'arn:aws:kms:us-east-1:111122223333:key/k' });
    assert.deepEqual([arn.status, /`easement simulate`$/.test(arn.body.error.message)], [400, true]);
    assert.equal((await wrap(world.tokenA, { caller: `iam-ServiceId-${UNKNOWN}` })).status, 404);
    assert.equal((await wrap(world.tokenA, { context: { current_date_time: 'soon' } })).status, 400);
    assert.equal((await decide(world.tokenA, { caller: storageOfB, action: WRAP })).status, 400);
  });

  test('may be said in the plane’s words and as a text', async () => {
    const text = await wrap(world.tokenA, { caller: `server-protect@${B}`, action: 'key.wrap' });
    assert.equal(text.body.words, WRAP);
    assert.equal(text.body.caller.attributes.serviceName, 'server-protect');
  });

  test('is on record', async () => {
    const reply = await wrap(world.tokenA);
    const [call] = await why(idOf(reply), world.tokenA);
    assert.deepEqual([call.operation, call.input.action], ['questions.decide', WRAP]);
  });
});

describe('whoever asks across the boundary', () => {
  test('is told the same whether the key is there, absent or allowed', async () => {
    const bare = ({ body }: Reply) =>
      JSON.stringify(body).replaceAll(UNKNOWN, 'ID').replaceAll(world.keyCrn.slice(-36), 'ID');
    const absent = world.keyCrn.replace(/[^:]+$/, UNKNOWN);
    const forbidden = await wrap(world.tokenB);
    assert.deepEqual([forbidden.status, forbidden.body.outcome], [200, 'untold']);
    assert.equal(bare(await wrap(world.tokenB, { resource: absent })), bare(forbidden));
    const policy = await world.authorize();
    assert.equal(bare(await wrap(world.tokenB)), bare(forbidden));
    await world.call('DELETE', `/v1/policies/${policy}`, { token: world.tokenA });
    assert.equal((await wrap(operator, { as: B })).body.outcome, 'untold');
    assert.equal((await wrap(operator)).body.outcome, 'denied');
  });

  test('gets a grant to hand to the owner, which the owner can use', async () => {
    const { remedy } = (await wrap(world.tokenB)).body;
    await withPolicy(remedy.grant.v2, async () => {
      assert.equal((await wrap(world.tokenA)).body.outcome, 'allowed');
    });
  });

  test('of identities of another account, learns nothing either', async () => {
    const ask = async (caller: string) => {
      const { status, body } = await wrap(world.tokenA, { caller });
      return [status, JSON.stringify(body).replaceAll(caller.split('@')[0]!, 'WHO')];
    };
    const claims = JSON.parse(Buffer.from(world.tokenB.split('.')[1]!, 'base64url').toString());
    const member = await ask(`${claims.iam_id}@${B}`);
    assert.equal(member[0], 200);
    assert.deepEqual(await ask(`IBMid-0000000000@${B}`), member);
    assert.match(String(member[1]), /"outcome":"denied"/);
    // In his own account he is told.
    assert.equal((await wrap(world.tokenA, { caller: 'IBMid-0000000000' })).status, 404);
  });

  test('may not ask about what is between two others, nor through their eyes', async () => {
    const main = await plane.token(MAIN_OWNER);
    assert.equal((await wrap(main)).status, 403);
    assert.equal((await wrap(world.tokenB, { as: A })).status, 403);
  });
});

describe('who may ask', () => {
  test('administrators of access, not viewers, and nobody without a credential', async () => {
    const { iamId, token } = await newServiceId();
    const iam = (role: string) => ({
      ...accessTo(iamId, `role:${role}`),
      resource: { attributes: [equals('accountId', A), equals('serviceName', 'iam-access-management')] },
    });
    assert.equal((await wrap(token)).status, 403);
    await withPolicy(iam('Viewer'), async () => assert.equal((await wrap(token)).status, 403));
    await withPolicy(iam('Administrator'), async () => assert.equal((await wrap(token)).status, 200));
    assert.equal((await request(plane.console, 'POST', '/api/decide', { body: {} })).status, 401);
    const headers = { authorization: `ApiKey ${OWNER_B}` };
    const body = { caller: storageOfB, action: WRAP, resource: world.keyCrn };
    assert.equal((await request(plane.console, 'POST', '/api/decide', { headers, body })).status, 200);
  });
});

describe('why', () => {
  test('says what would stop an allowed call, and what a suggested grant opens', async () => {
    const [denied] = await why(idOf(await world.volume(world.keyCrn)), world.tokenA);
    assert.ok(denied.questions[0].remedy.opens.includes('kms.secrets.unwrap'));
    assert.equal(denied.questions[0].stop, undefined);
    const policy = await world.authorize();
    const [allowed] = await why(idOf(await world.volume(world.keyCrn)), world.tokenA);
    assert.deepEqual(
      allowed.questions[0].stop.policies.map(({ policy: id }: { policy: string }) => id),
      [policy],
    );
    assert.equal(allowed.questions[0].remedy, undefined);
    const [outside] = await why(idOf(await world.volume(world.keyCrn)), world.tokenB);
    assert.equal(outside.nested[0].questions[0].stop, undefined, 'of another account nothing is told');
    await world.call('DELETE', `/v1/policies/${policy}`, { token: world.tokenA });
  });
});
