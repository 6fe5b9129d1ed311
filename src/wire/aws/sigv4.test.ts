import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { isOptInRegion, isRegion, partitionOf } from './regions.ts';
import { checkScope, readSignature, signatureMismatch } from './sigv4.ts';
import {
  authorization,
  DATE,
  HOST,
  KEY_ID,
  refusal,
  request,
  SECRET,
  SUITE_TIME,
  sign,
  VANILLA,
  vanilla,
} from './sigv4-test-requests.ts';

describe('what a signature covers', () => {
  test('the date of HTTP where there is no other', () => {
    const date = 'Sun, 30 Aug 2015 12:36:00 GMT';
    const empty = createHash('sha256').digest('hex');
    const value = authorization(sign(`GET\n/\n\ndate:${date}\nhost:${HOST[1]}\n\ndate;host\n${empty}`), 'date;host');
    const sent = request({ headers: [HOST, ['Date', date], ['Authorization', value]] });
    assert.equal(readSignature(sent, SUITE_TIME)?.matches(SECRET), true);
  });

  test('a presigned URL of another service than S3 lives for 15 minutes, as tokens of EKS need it', () => {
    const credential = `${KEY_ID}%2F20150830%2Fus-east-1%2Fsts%2Faws4_request`;
    const query = `Action=GetCallerIdentity&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Date=${DATE[1]}&X-Amz-Expires=60&X-Amz-Security-Token=token&X-Amz-SignedHeaders=host`;
    const empty = createHash('sha256').digest('hex');
    const signature = sign(
      `GET\n/\n${query}\nhost:${HOST[1]}\n\nhost\n${empty}`,
      '20150830/us-east-1/sts/aws4_request',
    );
    const sent = request({ target: `/?${query}&X-Amz-Signature=${signature}`, headers: [HOST] });
    const read = readSignature(sent, SUITE_TIME + 840_000);
    assert.equal(read?.matches(SECRET), true);
    assert.equal(read.sessionToken, 'token');
    assert.equal(refusal(() => readSignature(sent, SUITE_TIME + 901_000)).code, 'SignatureDoesNotMatch');
    const twice = request({ target: `/?${query}&X-Amz-Signature=${signature}&X-Amz-Signature=x`, headers: [HOST] });
    assert.equal(readSignature(twice, SUITE_TIME)?.matches(SECRET), false);
  });

  test('bytes as they came, in headers that are no ASCII', () => {
    const bytes = Buffer.from('é').toString('latin1');
    const empty = createHash('sha256').digest('hex');
    const names = 'host;my-name;x-amz-date';
    const canonical = `GET\n/\n\nhost:${HOST[1]}\nmy-name:${bytes}\nx-amz-date:${DATE[1]}\n\n${names}\n${empty}`;
    const value = authorization(sign(canonical), names);
    const sent = request({ headers: [HOST, DATE, ['My-Name', bytes], ['Authorization', value]] });
    assert.equal(readSignature(sent, SUITE_TIME)?.matches(SECRET), true);
  });

  test('a header that was signed and then taken away is missed, even one without a value', () => {
    const empty = createHash('sha256').digest('hex');
    const names = 'host;my-flag;x-amz-date';
    const canonical = `GET\n/\n\nhost:${HOST[1]}\nmy-flag:\nx-amz-date:${DATE[1]}\n\n${names}\n${empty}`;
    const value = ['Authorization', authorization(sign(canonical), names)] as const;
    const whole = request({ headers: [HOST, DATE, ['My-Flag', ''], value] });
    assert.equal(readSignature(whole, SUITE_TIME)?.matches(SECRET), true);
    assert.equal(readSignature(request({ headers: [HOST, DATE, value] }), SUITE_TIME)?.matches(SECRET), false);
  });

  test('a second header of a signed name is seen, though node shows the first one alone', () => {
    const sent = request({
      headers: [HOST, ['Content-Type', 'text/a'], DATE, ['Authorization', authorization(VANILLA)]],
    });
    assert.equal(readSignature(sent, SUITE_TIME)?.matches(SECRET), true);
    const names = 'content-type;host;x-amz-date';
    const empty = createHash('sha256').digest('hex');
    const canonical = `GET\n/\n\ncontent-type:text/a\nhost:${HOST[1]}\nx-amz-date:${DATE[1]}\n\n${names}\n${empty}`;
    const value = ['Authorization', authorization(sign(canonical), names)] as const;
    const once = request({ headers: [HOST, ['Content-Type', 'text/a'], DATE, value] });
    assert.equal(readSignature(once, SUITE_TIME)?.matches(SECRET), true);
    const twice = request({ headers: [HOST, ['Content-Type', 'text/a'], ['Content-Type', 'text/b'], DATE, value] });
    assert.equal(readSignature(twice, SUITE_TIME)?.matches(SECRET), false);
  });

  test('x-amz-content-sha256 is what the body hashes to', () => {
    const names = 'host;x-amz-content-sha256;x-amz-date';
    const bodyHash = createHash('sha256').update('{}').digest('hex');
    for (const [declared, expected] of [
      [bodyHash, true],
      ['UNSIGNED-PAYLOAD', false],
    ] as const) {
      const canonical = `POST\n/\n\nhost:${HOST[1]}\nx-amz-content-sha256:${declared}\nx-amz-date:${DATE[1]}\n\n${names}\n${bodyHash}`;
      const value = ['Authorization', authorization(sign(canonical), names)] as const;
      const headers = [HOST, DATE, ['X-Amz-Content-Sha256', declared] as const, value];
      const read = readSignature(request({ method: 'POST', headers, body: '{}' }), SUITE_TIME);
      assert.equal(read?.matches(SECRET), expected);
    }
  });

  test('a signature in capitals is another one', () => {
    const read = readSignature(vanilla(authorization(VANILLA.toUpperCase())), SUITE_TIME);
    assert.equal(read?.matches(SECRET), false);
  });

  test('a secret that was replaced opens nothing more', () => {
    const read = readSignature(vanilla(authorization(VANILLA)), SUITE_TIME);
    assert.deepEqual(
      [SECRET, 'new', SECRET, 'new'].map((secret) => read?.matches(secret)),
      [true, false, true, false],
    );
  });

  test('what to say when it does not match', () => {
    assert.deepEqual(
      refusal(() => {
        throw signatureMismatch();
      }),
      {
        code: 'SignatureDoesNotMatch',
        message:
          'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      },
    );
  });
});

describe('scope', () => {
  const read = readSignature(vanilla(authorization(VANILLA)), SUITE_TIME);
  assert.ok(read !== undefined);

  test('of the service that was addressed', () => {
    checkScope(read, { service: 'service', isRegion });
    assert.deepEqual(
      refusal(() => checkScope(read, { service: 'kms', isRegion: () => false })),
      {
        code: 'SignatureDoesNotMatch',
        message:
          "Credential should be scoped to a valid region. Credential should be scoped to correct service: 'kms'. ",
      },
    );
  });

  test('Regions', () => {
    assert.deepEqual(['us-east-1', 'mx-central-1', 'us-gov-west-1', 'eu-east-2', ''].map(isRegion), [
      true,
      true,
      false,
      false,
      false,
    ]);
    assert.deepEqual(['us-east-1', 'af-south-1', 'nowhere'].map(isOptInRegion), [false, true, false]);
    assert.deepEqual(['us-east-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1', 'local'].map(partitionOf), [
      'aws',
      'aws-us-gov',
      'aws-cn',
      'aws-eusc',
      undefined,
    ]);
  });
});
