import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { Fault } from '../../faults.ts';
import { isOptInRegion, isRegion, partitionOf } from './regions.ts';
import { checkScope, readSignature, type SignedRequest, signatureMismatch } from './sigv4.ts';

const KEY_ID = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const SUITE_TIME = Date.UTC(2015, 7, 30, 12, 36, 0);
const S3_TIME = Date.UTC(2013, 4, 24, 0, 0, 0);

interface Sent {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

function request({ method = 'GET', target = '/', headers = [], body = '' }: Sent): SignedRequest {
  const [path = '', query = ''] = target.split('?');
  const folded: Record<string, string> = {};
  for (const [name, value] of headers) folded[name.toLowerCase()] ??= value;
  return { method, path, query, headers: folded, rawHeaders: headers.flat(), body: Buffer.from(body) };
}

/** Signs with the canonical request written out by hand. */
function sign(canonical: string, scope = '20150830/us-east-1/service/aws4_request', date = '20150830T123600Z'): string {
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  const digest = createHash('sha256').update(canonical, 'latin1').digest('hex');
  return hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${digest}`).toString('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function authorization(signature: string, signedHeaders = 'host;x-amz-date', service = 'service'): string {
  const credential = `${KEY_ID}/20150830/us-east-1/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

function refusal(act: () => unknown): { code: string; message: string } {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return { code: error.reason, message: error.message };
  }
  assert.fail('nothing was refused');
}

const HOST = ['Host', 'example.amazonaws.com'] as const;
const DATE = ['X-Amz-Date', '20150830T123600Z'] as const;
const VANILLA = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';

function vanilla(value: string): SignedRequest {
  return request({ headers: [HOST, DATE, ['Authorization', value]] });
}

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

describe('what a signature covers', () => {
  test('the date of HTTP where there is no other', () => {
    const date = 'Sun, 30 Aug 2015 12:36:00 GMT';
    const empty = createHash('sha256').digest('hex');
    const value = authorization(sign(`GET\n/\n\ndate:${date}\nhost:${HOST[1]}\n\ndate;host\n${empty}`), 'date;host');
    const sent = request({ headers: [HOST, ['Date', date], ['Authorization', value]] });
    assert.equal(readSignature(sent, SUITE_TIME)?.matches(SECRET), true);
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
