import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorOf, loadConstraints, validationMessage, violations } from './constraints.ts';

const [iam, kms, logs, sts] = await Promise.all(['iam', 'kms', 'logs', 'sts'].map(loadConstraints));
assert.ok(iam && kms && logs && sts);

/** Sentences as clients of AWS have quoted them in bug reports. */
describe('the sentences of the services', () => {
  const enumOf = (shape: string) => kms.table.shapes[shape]?.enum?.join(', ');
  const cases: readonly (readonly [typeof iam, string, unknown, string])[] = [
    [
      sts,
      'AssumeRole',
      { RoleArn: 'x' },
      "2 validation errors detected: Value 'x' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20; Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    ],
    [
      sts,
      'AssumeRole',
      { RoleArn: 'arn:aws:iam::111122223333:role/r', RoleSessionName: 'me', DurationSeconds: 43201 },
      "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
    ],
    [
      iam,
      'CreateRole',
      { RoleName: 'changeAgentVerifyAuthChallengeResponse-production-and-then-some-x', AssumeRolePolicyDocument: '{}' },
      "1 validation error detected: Value 'changeAgentVerifyAuthChallengeResponse-production-and-then-some-x' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64",
    ],
    [
      iam,
      'GetRole',
      { RoleName: '/service-role/visitor-counter-role' },
      "1 validation error detected: Value '/service-role/visitor-counter-role' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+",
    ],
    [
      iam,
      'TagUser',
      {
        UserName: 'u',
        Tags: [
          { Key: 'ok', Value: '' },
          { Key: 'bad*key', Value: 'v' },
        ],
      },
      "1 validation error detected: Value 'bad*key' at 'tags.2.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
    ],
    [
      iam,
      'UntagUser',
      { UserName: 'u', TagKeys: ['ok', 'no*'] },
      "1 validation error detected: Value '[ok, no*]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+]",
    ],
    [
      iam,
      'UpdateAccessKey',
      { AccessKeyId: 'AKIAEXAMPLEPROD00001', Status: 'Off' },
      `1 validation error detected: Value 'Off' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [${iam.table.shapes['statusType']?.enum?.join(', ')}]`,
    ],
    [
      kms,
      'DescribeKey',
      {},
      "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
    ],
    [
      kms,
      'Encrypt',
      { KeyId: 'k', Plaintext: new Uint8Array(4097) },
      "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
    ],
    [
      kms,
      'Decrypt',
      { CiphertextBlob: new Uint8Array() },
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]' at 'ciphertextBlob' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      kms,
      'CreateGrant',
      { KeyId: 'k', GranteePrincipal: 'arn:aws:iam::111122223333:role/r', Operations: ['Foo'] },
      `1 validation error detected: Value '[Foo]' at 'operations' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [${enumOf('GrantOperation')}]]`,
    ],
    [
      logs,
      'CreateLogGroup',
      { logGroupName: 'C:/Program Files' },
      "1 validation error detected: Value 'C:/Program Files' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
    ],
    [
      logs,
      'CreateLogGroup',
      { logGroupName: 'g', tags: { 'no*': 'v' } },
      "1 validation error detected: Value '{no*=v}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$]",
    ],
    [
      logs,
      'PutLogEvents',
      { logGroupName: 'g', logStreamName: 's', logEvents: [] },
      "1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
  ];
  for (const [constraints, operation, input, message] of cases) {
    test(`${operation} ${message.slice(0, 90)}`, () => {
      assert.equal(validationMessage(violations(constraints, operation, input)), message);
    });
  }

  test('a list of structures that is too long is repeated as Java prints it', () => {
    const Tags = Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
    const found = violations(sts, 'AssumeRole', {
      RoleArn: 'arn:aws:iam::111122223333:role/r',
      RoleSessionName: 'me',
      Tags,
    });
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /^Value '\[Tag\(key=k0, value=v\), Tag\(key=k1, .* at 'tags' .* or equal to 50$/);
  });
});

test('a number that the type of the vendor cannot hold is refused before any constraint', () => {
  const refusal = (reason: string) => ({ name: 'Fault', reason: 'MalformedInput', message: reason });
  const random = (NumberOfBytes: number) => violations(kms, 'GenerateRandom', { NumberOfBytes });
  for (const wrong of [1.5, -0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31 + 1]) {
    assert.throws(() => random(wrong), refusal(`${wrong} can not be converted to an Integer`));
  }
  assert.deepEqual(random(16), []);
  assert.equal(random(2 ** 31 - 1).length, 1);
  const events = (startTime: number) =>
    violations(logs, 'GetLogEvents', { logGroupName: 'g', logStreamName: 's', startTime });
  assert.throws(() => events(1e300), refusal('1e+300 can not be converted to a Long'));
  assert.deepEqual(events(2 ** 31 + 1), []);
});

test('what is sensitive is never repeated', () => {
  const password = `${'hunter2'.repeat(20)}\u0100`;
  const found = [
    ...violations(iam, 'CreateLoginProfile', { UserName: 'u', Password: password }),
    ...violations(iam, 'UploadServerCertificate', {
      ServerCertificateName: 'c',
      CertificateBody: 'b',
      PrivateKey: password,
    }),
    ...violations(sts, 'AssumeRoleWithWebIdentity', {
      RoleArn: 'arn:aws:iam::111122223333:role/r',
      RoleSessionName: 'me',
      WebIdentityToken: 'abc',
    }),
  ];
  assert.ok(found.length >= 4, found.join('\n'));
  for (const sentence of found) assert.match(sentence, /^Value at '(password|privateKey|webIdentityToken)' failed/);
});

test('length is counted in characters, not in halves of them', () => {
  const name = (length: number) => ({ UserName: 'u', Tags: [{ Key: 'k', Value: '\u{20000}'.repeat(length) }] });
  assert.deepEqual(violations(iam, 'TagUser', name(256)), []);
  assert.equal(violations(iam, 'TagUser', name(257)).length, 1);
});

test('an input of the wrong form breaks nothing: refusing it is for the codec', () => {
  for (const odd of [
    null,
    undefined,
    'text',
    5,
    [null],
    { Tags: 'x', TagKeys: { a: 1 }, RoleArn: {} },
    { Tags: [null] },
  ]) {
    assert.ok(Array.isArray(violations(sts, 'AssumeRole', odd)));
    assert.ok(Array.isArray(violations(iam, 'TagUser', odd)));
  }
});

test('an operation that the table does not know has no constraints; a service without a table is a mistake', async () => {
  assert.deepEqual(violations(kms, 'NotYetPublished', {}), []);
  await assert.rejects(loadConstraints('sqs'), /no constraints of service `sqs`/);
});

test('the codes for it', () => {
  assert.deepEqual(
    [iam, sts, kms, logs].map(({ violationCode }) => violationCode),
    ['ValidationError', 'ValidationError', 'ValidationError', 'InvalidParameterException'],
  );
});

test('errors by the code that is sent', () => {
  assert.deepEqual(errorOf(iam, 'NoSuchEntity'), { shape: 'NoSuchEntityException', status: 404, sender: true });
  assert.deepEqual(errorOf(sts, 'IDPRejectedClaim'), { shape: 'IDPRejectedClaimException', status: 403, sender: true });
  assert.deepEqual(errorOf(kms, 'NotFoundException'), { shape: 'NotFoundException', status: 400, sender: true });
  assert.deepEqual(errorOf(kms, 'KMSInternalException'), { shape: 'KMSInternalException', status: 500, sender: false });
  assert.equal(errorOf(kms, 'AccessDenied'), undefined);
  assert.equal(errorOf(kms, 'constructor'), undefined);
});
