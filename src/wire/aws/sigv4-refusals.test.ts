import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { readSignature } from './sigv4.ts';
import {
  authorization,
  DATE,
  HOST,
  KEY_ID,
  refusal,
  request,
  SECRET,
  SUITE_TIME,
  VANILLA,
  vanilla,
} from './sigv4-test-requests.ts';

describe('what is refused before any secret is known', () => {
  test('a request without a signature is anonymous', () => {
    assert.equal(
      readSignature(request({ target: '/?Action=AssumeRoleWithWebIdentity', headers: [HOST] }), 0),
      undefined,
    );
  });

  test('parts that are missing are listed, and the header is not repeated to whoever reads the error', () => {
    const hashed = createHash('sha256').update('AWS4-HMAC-SHA256').digest('base64');
    assert.deepEqual(
      refusal(() => readSignature(request({ headers: [HOST, ['Authorization', 'AWS4-HMAC-SHA256']] }), SUITE_TIME)),
      {
        code: 'IncompleteSignature',
        message: `Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=${hashed}`,
      },
    );
    const partial = `/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a&X-Amz-Date=b`;
    assert.deepEqual(
      refusal(() => readSignature(request({ target: partial, headers: [HOST] }), SUITE_TIME)),
      {
        code: 'IncompleteSignature',
        message:
          "AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters.",
      },
    );
  });

  test('another kind of credential', () => {
    const bearer = createHash('sha256').update('Bearer abc').digest('base64');
    assert.deepEqual(
      refusal(() => readSignature(vanilla('Bearer abc'), SUITE_TIME)),
      {
        code: 'IncompleteSignature',
        message: `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${bearer}'.`,
      },
    );
  });

  test('other versions of the signature', () => {
    const ecdsa = `AWS4-ECDSA-P256-SHA256 Credential=${KEY_ID}/20150830/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=30`;
    assert.deepEqual(
      refusal(() => readSignature(vanilla(ecdsa), SUITE_TIME)),
      {
        code: 'IncompleteSignature',
        message: "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now). ",
      },
    );
    const version2 = {
      code: 'InvalidRequest',
      message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    };
    const targets = ['/?Action=X&SignatureVersion=2&Signature=a', '/b/k?AWSAccessKeyId=a&Expires=1&Signature=b'];
    for (const target of targets) {
      assert.deepEqual(
        refusal(() => readSignature(request({ target, headers: [HOST] }), 0)),
        version2,
      );
    }
    assert.deepEqual(
      refusal(() => readSignature(vanilla('AWS AKID:signature'), 0)),
      version2,
    );
  });

  test('signed in two places', () => {
    const sent = {
      target: '/?X-Amz-Algorithm=x',
      headers: [HOST, DATE, ['Authorization', authorization('f')] as const],
    };
    assert.equal(
      refusal(() => readSignature(request(sent), SUITE_TIME)).message,
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  });

  test('a clock that is off by more than 15 minutes, either way', () => {
    const sent = vanilla(authorization(VANILLA));
    assert.equal(readSignature(sent, SUITE_TIME + 900_000)?.matches(SECRET), true);
    assert.equal(readSignature(sent, SUITE_TIME - 900_000)?.matches(SECRET), true);
    assert.deepEqual(
      refusal(() => readSignature(sent, SUITE_TIME + 901_000)),
      {
        code: 'SignatureDoesNotMatch',
        message:
          'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)',
      },
    );
    assert.deepEqual(
      refusal(() => readSignature(sent, SUITE_TIME - 901_000)),
      {
        code: 'SignatureDoesNotMatch',
        message:
          'Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T122059Z + 15 min.)',
      },
    );
  });

  test('a date that is none', () => {
    const sent = request({ headers: [HOST, ['X-Amz-Date', '201'], ['Authorization', authorization('f')]] });
    assert.equal(
      refusal(() => readSignature(sent, SUITE_TIME)).message,
      "Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601",
    );
  });

  test('a scope of another day, or without its end', () => {
    const value = authorization('f').replace('20150830/', '20150829/').replace('aws4_request', 'aws5_request');
    assert.deepEqual(
      refusal(() => readSignature(vanilla(value), SUITE_TIME)),
      {
        code: 'SignatureDoesNotMatch',
        message:
          "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' != '20150830', from '20150830T123600Z'.",
      },
    );
    for (const credential of ['AKID/20150830/us-east-1/aws4_request', 'A/B/20150830/us-east-1/service/aws4_request']) {
      const odd = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=f`;
      assert.deepEqual(
        refusal(() => readSignature(vanilla(odd), SUITE_TIME)),
        {
          code: 'IncompleteSignature',
          message: `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
        },
      );
    }
  });

  test('headers that must be under the signature', () => {
    assert.equal(
      refusal(() => readSignature(vanilla(authorization('f', 'x-amz-date')), SUITE_TIME)).message,
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
    const sent = [HOST, DATE, ['X-Amz-Target', 'TrentService.Decrypt'], ['Authorization', authorization('f')]] as const;
    assert.deepEqual(
      refusal(() => readSignature(request({ headers: sent }), SUITE_TIME)),
      {
        code: 'SignatureDoesNotMatch',
        message: "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.",
      },
    );
  });

  test('an escape in the query that stands for nothing', () => {
    const sent = { target: '/?a=%zz', headers: [HOST, DATE, ['Authorization', authorization('f')] as const] };
    assert.equal(refusal(() => readSignature(request(sent), SUITE_TIME)).code, 'MalformedQueryString');
  });
});
