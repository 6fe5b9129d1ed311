/** Signatures that are wrong, old, foreign or not there: the vendor's error in the protocol of each service. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertRefused, CALLS, INVALID_TOKEN, inAuthorization, refuser, WRONG, without } from './aws-bad-signing.ts';
import { ADMIN, type BadWorld, clientsOf, MAIN, MAIN_ROOT, startBadWorld } from './aws-bad-world.ts';
import { call, formCall, jsonCall, type Sent, type Signing, send, signed } from './aws-raw.ts';

let world: BadWorld;
before(async () => {
  world = await startBadWorld();
});
after(() => world.stop());

const refusedToAll = refuser(() => world);

test('rightly signed, every call is answered', async () => {
  for (const [service, sent] of [
    ['sts', formCall('sts', 'GetCallerIdentity')],
    ['iam', formCall('iam', 'ListUsers')],
    ['kms', jsonCall('kms', 'ListKeys')],
    ['logs', jsonCall('logs', 'DescribeLogGroups')],
  ] as const) {
    const { status, text } = await call(world.plane, sent, { keys: ADMIN, service });
    assert.equal(status, 200, text);
  }
});

describe('the signature', () => {
  test('made with a wrong secret, of something else, or of a changed body', async () => {
    await refusedToAll('mismatch', WRONG, { keys: { ...ADMIN, secretAccessKey: 'wrong' } });
    await refusedToAll('mismatch', WRONG, {}, inAuthorization(/Signature=./, 'Signature='));
    await refusedToAll('mismatch', WRONG, {}, (sent) => ({
      ...sent,
      body: `${sent.body}${String(sent.body).includes('=') ? '&a=b' : ' '}`,
    }));
    await refusedToAll('mismatch', WRONG, {}, (sent) => ({ ...sent, query: { a: 'b' } }));
  });

  test('by a key that there is not', () =>
    refusedToAll('stranger', new RegExp(INVALID_TOKEN), { keys: { ...ADMIN, accessKeyId: 'AKIANOBODYHASTHIS000' } }));

  test('by a key that is inactive', async () => {
    const { iam } = clientsOf(world.plane, MAIN_ROOT);
    const { AccessKey } = await iam.createAccessKey({ UserName: 'admin' });
    const keys = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    const identity = formCall('sts', 'GetCallerIdentity');
    assert.equal((await call(world.plane, identity, { keys, service: 'sts' })).status, 200);
    await iam.updateAccessKey({ UserName: 'admin', AccessKeyId: keys.accessKeyId, Status: 'Inactive' });
    await refusedToAll('stranger', new RegExp(INVALID_TOKEN), { keys });
  });

  test('partly missing, or no signature at all', async () => {
    for (const part of ['Credential', 'SignedHeaders', 'Signature']) {
      const words = new RegExp(`^Authorization header requires '${part}' parameter\\. `);
      await refusedToAll('incomplete', words, {}, inAuthorization(new RegExp(`${part}=[^, ]*,? ?`), ''));
    }
    const noDate = /existence of either a 'X-Amz-Date' or a 'Date' header/;
    await refusedToAll('incomplete', noDate, {}, without('x-amz-date'));
    const noPair = /^Invalid key=value pair \(missing equal-sign\) in Authorization header/;
    await refusedToAll('incomplete', noPair, {}, inAuthorization(/^.*$/, 'Bearer abc'));
    const five = /^Credential must have exactly 5 slash-delimited elements/;
    await refusedToAll('incomplete', five, {}, inAuthorization('/aws4_request', ''));
    await refusedToAll('missing', /^Missing Authentication Token$/, { keys: undefined });
  });

  test('of headers that it must cover, and does not', async () => {
    const host = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
    await refusedToAll('mismatch', new RegExp(host), {}, inAuthorization(/host;/, ''));
    const more = /^'x-amz-extra' must be a 'SignedHeader' in the AWS Authorization\.$/;
    await refusedToAll('mismatch', more, {}, (sent) => ({ ...sent, headers: { ...sent.headers, 'x-amz-extra': 'a' } }));
  });

  test('of other versions', async () => {
    const sigV4a = /^Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'/;
    await refusedToAll('incomplete', sigV4a, {}, inAuthorization('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'));
    const sigV2 = /^The authorization mechanism you have provided is not supported\./;
    await refusedToAll('version', sigV2, {}, inAuthorization(/^.*$/, 'AWS AKID:c2lnbmF0dXJl'));
    await refusedToAll('version', sigV2, { keys: undefined }, (sent) => ({
      ...sent,
      query: { AWSAccessKeyId: 'AKID', SignatureVersion: '2', SignatureMethod: 'HmacSHA256', Signature: 'x' },
    }));
  });

  test('sent again within 15 minutes is good again, as it is at AWS', async () => {
    const sent = await signed(world.plane, formCall('sts', 'GetCallerIdentity'), { keys: ADMIN, service: 'sts' });
    for (let n = 0; n < 3; n += 1) assert.equal((await send(world.plane, sent)).status, 200);
  });
});

describe('the scope', () => {
  test('of a Region that there is not, or that is of another partition', async () => {
    for (const region of ['mars-north-1', 'cn-north-1', 'us-gov-west-1', 'US-EAST-1', '']) {
      await refusedToAll('mismatch', /^Credential should be scoped to a valid region\. $/, { region });
    }
  });

  test('of a service that there is not', async () => {
    for (const service of ['nothing', 'KMS', '__proto__']) {
      await world.withoutChange(async () => {
        for (const { sent, isJson } of CALLS) {
          const { code, status, message } = await call(world.plane, sent, { keys: ADMIN, service });
          assert.deepEqual([code, status], isJson ? ['UnknownServiceException', 400] : ['UnknownService', 404]);
          assert.match(message, new RegExp(`scoped to the service '${service}', which this plane does not answer`));
        }
      });
    }
  });

  test('of another service than the operation is of', () =>
    world.withoutChange(async () => {
      for (const { service, sent } of CALLS) {
        for (const other of ['sts', 'iam', 'kms', 'logs'].filter((one) => one !== service)) {
          const { code, status } = await call(world.plane, sent, { keys: ADMIN, service: other });
          assert.match(code, /^(InvalidAction|MissingAction|UnknownOperationException)$/, `${service} as ${other}`);
          assert.equal(status, 400);
        }
      }
    }));

  test('of another day', () =>
    refusedToAll(
      'mismatch',
      /^Date in Credential scope does not match/,
      {},
      inAuthorization(/\/\d{8}\//, '/20200101/'),
    ));
});

describe('the date', () => {
  const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);

  test('more than 15 minutes ago, or to come', async () => {
    await refusedToAll('mismatch', /^Signature expired: \w+ is now earlier than \w+ \(\w+ - 15 min\.\)$/, {
      date: minutes(-16),
    });
    await refusedToAll('mismatch', /^Signature not yet current: \w+ is still later than \w+ \(\w+ \+ 15 min\.\)$/, {
      date: minutes(16),
    });
    for (const date of [minutes(-14), minutes(14)]) {
      const { status } = await call(world.plane, formCall('sts', 'GetCallerIdentity'), {
        keys: ADMIN,
        service: 'sts',
        date,
      });
      assert.equal(status, 200);
    }
  });

  test('of no form that dates have', () =>
    refusedToAll('incomplete', /^Date must be in ISO-8601 'basic format'\. Got 'soon'\./, {}, (sent) => ({
      ...sent,
      headers: { ...sent.headers, 'x-amz-date': 'soon' },
    })));
});

describe('a presigned URL', () => {
  const identity: Sent = {
    method: 'GET',
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: {},
    body: '',
  };
  const presign = (more: Partial<Signing> = {}): Promise<Sent> =>
    signed(world.plane, identity, { keys: ADMIN, service: 'sts', presigned: 60, ...more });
  const inQuery = (sent: Sent, change: Readonly<Record<string, string>>): Sent => ({
    ...sent,
    query: { ...sent.query, ...change },
  });

  test('says who made it', async () => {
    const { status, text } = await send(world.plane, await presign());
    assert.equal(status, 200, text);
    assert.match(text, new RegExp(`<Arn>arn:aws:iam::${MAIN}:user/admin</Arn>`));
  });

  test('that was tampered with', async () => {
    const sent = await presign();
    for (const change of [{ Action: 'GetSessionToken' }, { 'X-Amz-Expires': '61' }, { extra: 'x' }]) {
      assertRefused(await send(world.plane, inQuery(sent, change)), false, 'mismatch', WRONG);
    }
    const { 'X-Amz-Signature': _gone, ...query } = sent.query;
    const words = /^AWS query-string parameters must include 'X-Amz-Signature'\. /;
    assertRefused(await send(world.plane, { ...sent, query }), false, 'incomplete', words);
  });

  test('that is too old; STS looks at the 15 minutes of all requests, not at what the URL says', async () => {
    const at = (ago: number): Promise<Sent> => presign({ date: new Date(Date.now() - ago * 60_000) });
    assert.equal((await send(world.plane, await at(14))).status, 200);
    assertRefused(await send(world.plane, await at(16)), false, 'mismatch', /^Signature expired: /);
  });

  test('that is signed in a header too', async () => {
    const sent = await presign();
    const { headers } = await signed(world.plane, formCall('sts', 'GetCallerIdentity'), {
      keys: ADMIN,
      service: 'sts',
    });
    const both = { ...sent, headers: { ...sent.headers, authorization: headers['authorization']! } };
    assertRefused(await send(world.plane, both), false, 'mismatch', /^Found both 'X-Amz-Algorithm'/);
  });
});
