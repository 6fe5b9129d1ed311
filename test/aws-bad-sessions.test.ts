/** Session tokens that are wrong, foreign, old or not there; and what boto3 makes of refusals. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { INVALID_TOKEN, refuser, WRONG } from './aws-bad-signing.ts';
import { ADMIN, type BadWorld, clientsOf, OTHER_ROOT, startBadWorld } from './aws-bad-world.ts';
import { call, formCall, type Keys, type RawAnswer } from './aws-raw.ts';
import { startBoto } from './boto.ts';

let world: BadWorld;
before(async () => {
  world = await startBadWorld();
});
after(() => world.stop());

const refusedToAll = refuser(() => world);

describe('the session token', () => {
  /** Session keys of an account's root user or administrator. */
  async function session(keys: Keys): Promise<Required<Keys>> {
    const { Credentials } = await clientsOf(world.plane, keys).sts.getSessionToken({ DurationSeconds: 900 });
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
  }

  const identity = (keys: Keys): Promise<RawAnswer> =>
    call(world.plane, formCall('sts', 'GetCallerIdentity'), { keys, service: 'sts' });

  test('missing, foreign, tampered with, or with the id of another key', async () => {
    const own = await session(ADMIN);
    const foreign = await session(OTHER_ROOT);
    assert.equal((await identity(own)).status, 200);
    const { sessionToken: _gone, ...bare } = own;
    const tampered = own.sessionToken.replace(/.(.{20})$/, (_all, end: string) => `!${end}`);
    const wrong: Keys[] = [
      bare,
      { ...own, sessionToken: foreign.sessionToken },
      { ...own, sessionToken: tampered },
      { ...own, sessionToken: 'x' },
      { ...own, sessionToken: 'x'.repeat(4000) },
      { ...own, accessKeyId: foreign.accessKeyId },
      { ...own, accessKeyId: ADMIN.accessKeyId },
      { ...ADMIN, sessionToken: own.sessionToken },
    ];
    for (const keys of wrong) await refusedToAll('stranger', new RegExp(INVALID_TOKEN), { keys });
    await refusedToAll('mismatch', WRONG, { keys: { ...own, secretAccessKey: ADMIN.secretAccessKey } });
  });

  test('of which nothing is signed', async () => {
    const own = await session(ADMIN);
    const token = "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization.";
    await refusedToAll('mismatch', new RegExp(token), {}, (sent) => ({
      ...sent,
      headers: { ...sent.headers, 'x-amz-security-token': own.sessionToken },
    }));
  });

  test('that has ended', async () => {
    const own = await session(ADMIN);
    await world.plane.advance(901_000);
    await refusedToAll('expired', /^The security token included in the request is expired$/, { keys: own });
  });
});

test('boto3 reads the code and the message in both protocols', async () => {
  const boto = startBoto(world.plane.aws);
  try {
    const wrong = { ...ADMIN, secretAccessKey: 'wrong' };
    const stranger = { ...ADMIN, accessKeyId: 'AKIANOBODYHASTHIS000' };
    const refusal = (code: string, message: string): RegExp => new RegExp(`${code}: ${message}`);
    const mismatch = 'The request signature we calculated does not match';
    for (const [service, operation, signature, unknown] of [
      ['sts', 'GetCallerIdentity', 'SignatureDoesNotMatch', 'InvalidClientTokenId'],
      ['iam', 'ListUsers', 'SignatureDoesNotMatch', 'InvalidClientTokenId'],
      ['kms', 'ListKeys', 'InvalidSignatureException', 'UnrecognizedClientException'],
      ['logs', 'DescribeLogGroups', 'InvalidSignatureException', 'UnrecognizedClientException'],
    ] as const) {
      await assert.rejects(boto.call(service, operation, {}, wrong), refusal(signature, mismatch));
      await assert.rejects(boto.call(service, operation, {}, stranger), refusal(unknown, INVALID_TOKEN));
    }
  } finally {
    boto.stop();
  }
});
