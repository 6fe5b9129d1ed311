import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SignedRequest } from './sigv4.ts';
import { readSignature } from './sigv4.ts';
import {
  authorization,
  DATE,
  HOST,
  KEY_ID,
  refusal,
  request,
  S3_TIME,
  SECRET,
  type Sent,
  SUITE_TIME,
  VANILLA,
} from './sigv4-test-requests.ts';

/** AWS's published suite: aws-sig-v4-test-suite, 20150830, service `service`. */
describe('the published test suite', () => {
  const cases: Record<string, Sent & { signed?: string; signature: string }> = {
    'get-vanilla': { signature: VANILLA },
    'get-vanilla-query-order-key-case': {
      target: '/?Param2=value2&Param1=value1',
      signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    },
    'get-unreserved': {
      target: '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
      signature: '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
    },
    'get-utf8': {
      target: Buffer.from('/ሴ').toString('latin1'),
      signature: '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85',
    },
    'get-slash-dot-slash': { target: '/./', signature: VANILLA },
    'get-slash': { target: '//', signature: VANILLA },
    'get-relative-relative': { target: '/example1/example2/../..', signature: VANILLA },
    'post-vanilla': {
      method: 'POST',
      signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    },
    'get-header-key-duplicate': {
      headers: [HOST, ['My-Header1', 'value2'], ['My-Header1', 'value2'], ['My-Header1', 'value1'], DATE],
      signed: 'host;my-header1;x-amz-date',
      signature: 'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
    },
    'get-header-value-trim': {
      headers: [HOST, ['My-Header1', ' value1'], ['My-Header2', ' "a   b   c"'], DATE],
      signed: 'host;my-header1;my-header2;x-amz-date',
      signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    },
    'post-x-www-form-urlencoded': {
      method: 'POST',
      headers: [['Content-Type', 'application/x-www-form-urlencoded'], HOST, DATE],
      signed: 'content-type;host;x-amz-date',
      body: 'Param1=value1',
      signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    },
  };
  for (const [name, { signed, signature, ...sent }] of Object.entries(cases)) {
    test(name, () => {
      const headers = [...(sent.headers ?? [HOST, DATE]), ['Authorization', authorization(signature, signed)] as const];
      const read = readSignature(request({ ...sent, headers }), SUITE_TIME);
      assert.equal(read?.accessKeyId, KEY_ID);
      assert.equal(read.matches(SECRET), true);
      assert.equal(read.matches(`${SECRET}x`), false);
    });
  }
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and .../sigv4-query-string-auth.html */
describe('the examples of S3', () => {
  const id = 'AKIAIOSFODNN7EXAMPLE';
  const s3Secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const host = ['Host', 'examplebucket.s3.amazonaws.com'] as const;
  const date = ['x-amz-date', '20130524T000000Z'] as const;

  function s3(sent: Sent, signed: string, signature: string): SignedRequest {
    const value = `AWS4-HMAC-SHA256 Credential=${id}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signed},Signature=${signature}`;
    return request({ ...sent, headers: [host, date, ...(sent.headers ?? []), ['Authorization', value]] });
  }

  const presignedTarget = `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${id}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`;

  test('get, put, lifecycle and list', () => {
    const hash = ['x-amz-content-sha256', empty] as const;
    const text = 'Welcome to Amazon S3.';
    const requests = [
      s3(
        { target: '/test.txt', headers: [['Range', 'bytes=0-9'], hash] },
        'host;range;x-amz-content-sha256;x-amz-date',
        'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      ),
      s3(
        {
          method: 'PUT',
          target: '/test$file.text',
          headers: [
            ['Date', 'Fri, 24 May 2013 00:00:00 GMT'],
            ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
            ['x-amz-content-sha256', '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072'],
          ],
          body: text,
        },
        'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
        '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      ),
      s3(
        { target: '/?lifecycle', headers: [hash] },
        'host;x-amz-content-sha256;x-amz-date',
        'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      ),
      s3(
        { target: '/?max-keys=2&prefix=J', headers: [hash] },
        'host;x-amz-content-sha256;x-amz-date',
        '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      ),
    ];
    for (const sent of requests) assert.equal(readSignature(sent, S3_TIME)?.matches(s3Secret), true, sent.path);
  });

  test('a presigned URL, until it expires', () => {
    const sent = request({ target: presignedTarget, headers: [host] });
    const read = readSignature(sent, S3_TIME + 86_400_000);
    assert.equal(read?.presigned, true);
    assert.equal(read.matches(s3Secret), true);
    assert.deepEqual(
      refusal(() => readSignature(sent, S3_TIME + 86_400_001)),
      { code: 'AccessDenied', message: 'Request has expired' },
    );
  });

  test('a presigned URL says for how long, within a week', () => {
    for (const [expires, message] of [
      ['', 'Query-string authentication version 4 requires the'],
      ['&X-Amz-Expires=abc', 'X-Amz-Expires should be a number'],
      ['&X-Amz-Expires=0', 'X-Amz-Expires must be non-negative'],
      ['&X-Amz-Expires=604801', 'X-Amz-Expires must be less than a week'],
    ] as const) {
      const sent = request({ target: presignedTarget.replace('&X-Amz-Expires=86400', expires), headers: [host] });
      const refused = refusal(() => readSignature(sent, S3_TIME));
      assert.equal(refused.code, 'AuthorizationQueryParametersError');
      assert.ok(refused.message.startsWith(message), refused.message);
    }
  });

  test('the body is the one that was declared', () => {
    const signed = 'host;x-amz-content-sha256;x-amz-date';
    const other = s3({ body: 'other', headers: [['x-amz-content-sha256', empty]] }, signed, 'f'.repeat(64));
    assert.equal(refusal(() => readSignature(other, S3_TIME)).code, 'XAmzContentSHA256Mismatch');
    const undeclared = s3({}, 'host;x-amz-date', 'f'.repeat(64));
    assert.equal(refusal(() => readSignature(undeclared, S3_TIME)).code, 'InvalidRequest');
    const streamed = s3(
      { headers: [['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER']] },
      signed,
      'f'.repeat(64),
    );
    assert.equal(refusal(() => readSignature(streamed, S3_TIME)).code, 'NotImplemented');
  });

  test('an escape in the path that stands for nothing', () => {
    const sent = s3(
      { target: '/b/100%', headers: [['x-amz-content-sha256', empty]] },
      'host;x-amz-content-sha256;x-amz-date',
      'f',
    );
    assert.equal(refusal(() => readSignature(sent, S3_TIME)).code, 'InvalidURI');
  });

  test('its own words for a clock that is off and for headers that are not signed', () => {
    const sent = s3({ headers: [['x-amz-content-sha256', empty]] }, 'host;x-amz-content-sha256;x-amz-date', 'f');
    assert.equal(refusal(() => readSignature(sent, S3_TIME + 900_001)).code, 'RequestTimeTooSkewed');
    const unsigned = s3({ headers: [['x-amz-acl', 'public-read']] }, 'host;x-amz-date', 'f');
    assert.deepEqual(
      refusal(() => readSignature(unsigned, S3_TIME)),
      { code: 'AccessDenied', message: 'There were headers present in the request which were not signed' },
    );
  });
});
