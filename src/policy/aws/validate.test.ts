import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePolicy } from './compile.ts';
import { type PolicyHome, validatePolicy } from './validate.ts';

const statement = (fields: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...fields });
const policy = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

function paths(text: string, where: PolicyHome = 'managed'): readonly string[] {
  return validatePolicy(text, where).map((fault) => fault.path);
}

test('a policy that AWS prints as an example is valid', () => {
  assert.deepEqual(paths(policy(statement({}))), []);
  const condition = { StringEquals: { 'aws:PrincipalTag/team': ['a', 'b'] }, Bool: { 'aws:SecureTransport': true } };
  assert.deepEqual(paths(policy(statement({ Sid: 'A1', Condition: condition }))), []);
  const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
  assert.deepEqual(paths(policy(trust), 'trust'), []);
  const rcp = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
  assert.deepEqual(paths(policy(rcp), 'rcp'), []);
});

test('a fault has the code of its service, a path, a line and a column', () => {
  const text =
    '{\n  "Version": "2012-10-17",\n  "Statement": [\n    { "Effect": "allow", "Action": "s3:*", "Resource": "*" }\n  ]\n}';
  const [fault, ...others] = validatePolicy(text, 'managed');
  assert.deepEqual(others, []);
  assert.equal(fault?.code, 'MalformedPolicyDocument');
  assert.equal(fault?.path, 'Statement[0].Effect');
  assert.deepEqual([fault?.line, fault?.column], [4, 17]);
  assert.equal(validatePolicy('{', 'bucket')[0]?.code, 'MalformedPolicy');
  assert.equal(validatePolicy('{', 'key')[0]?.code, 'MalformedPolicyDocumentException');
});

const refused: readonly (readonly [string, string, PolicyHome, string])[] = [
  ['no object', '[]', 'managed', '$'],
  [
    'an unknown version',
    '{"Version":"2013-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    'managed',
    'Version',
  ],
  [
    'an unknown element',
    '{"Version":"2012-10-17","Statements":[],"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
    'managed',
    'Statements',
  ],
  ['an unknown element of a statement', policy(statement({ Actions: 's3:*' })), 'managed', 'Statement[0].Actions'],
  [
    'two statements with one Sid',
    policy(statement({ Sid: 'A' }), statement({ Sid: 'A' })),
    'managed',
    'Statement[1].Sid',
  ],
  ['a Sid with a space', policy(statement({ Sid: 'a b' })), 'managed', 'Statement[0].Sid'],
  ['Action and NotAction', policy(statement({ NotAction: 's3:*' })), 'managed', 'Statement[0]'],
  ['no action', policy({ Effect: 'Allow', Resource: '*' }), 'managed', 'Statement[0]'],
  ['an empty list of actions', policy(statement({ Action: [] })), 'managed', 'Statement[0].Action'],
  ['an action without a service', policy(statement({ Action: 'GetObject' })), 'managed', 'Statement[0].Action'],
  ['a wildcard in the service of an action', policy(statement({ Action: 's*:Get' })), 'managed', 'Statement[0].Action'],
  ['no resource', policy({ Effect: 'Allow', Action: 's3:*' }), 'managed', 'Statement[0]'],
  ['a resource that is no ARN', policy(statement({ Resource: 'bucket' })), 'managed', 'Statement[0].Resource'],
  [
    'a wildcard in the service of an ARN',
    policy(statement({ Resource: 'arn:aws:s*:::b' })),
    'managed',
    'Statement[0].Resource',
  ],
  [
    'an incomplete ARN in a session policy',
    policy(statement({ Resource: 'arn:aws:s3' })),
    'session',
    'Statement[0].Resource',
  ],
  ['a principal in an identity policy', policy(statement({ Principal: '*' })), 'managed', 'Statement[0].Principal'],
  ['no principal in a bucket policy', policy(statement({})), 'bucket', 'Statement[0]'],
  [
    'a principal that does not exist as such',
    policy(statement({ Principal: { AWS: 'arn:aws:iam::ACCOUNT-A:role/r' } })),
    'bucket',
    'Statement[0].Principal.AWS',
  ],
  [
    'a wildcard in a principal',
    policy(statement({ Principal: { AWS: 'arn:aws:iam::111111111111:user/*' } })),
    'bucket',
    'Statement[0].Principal.AWS',
  ],
  [
    'an unknown type of principal',
    policy(statement({ Principal: { Group: 'g' } })),
    'bucket',
    'Statement[0].Principal.Group',
  ],
  [
    'a resource in a trust policy',
    policy({ Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 'sts:AssumeRole', Resource: '*' }),
    'trust',
    'Statement[0].Resource',
  ],
  [
    'another service in a trust policy',
    policy({ Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 's3:GetObject' }),
    'trust',
    'Statement[0].Action',
  ],
  ['an allow in a resource control policy', policy(statement({ Principal: '*' })), 'rcp', 'Statement[0].Effect'],
  [
    'every action in a resource control policy',
    policy({ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }),
    'rcp',
    'Statement[0].Action',
  ],
  ['a condition without operators', policy(statement({ Condition: 'x' })), 'managed', 'Statement[0].Condition'],
  [
    'an unknown operator',
    policy(statement({ Condition: { StringIs: { 'aws:x': 'y' } } })),
    'managed',
    'Statement[0].Condition.StringIs',
  ],
  [
    'Null with IfExists',
    policy(statement({ Condition: { NullIfExists: { 'aws:x': 'true' } } })),
    'managed',
    'Statement[0].Condition.NullIfExists',
  ],
  [
    'a number that is none',
    policy(statement({ Condition: { NumericEquals: { 's3:max-keys': 'ten' } } })),
    'managed',
    'Statement[0].Condition.NumericEquals.s3:max-keys',
  ],
  [
    'a date that does not exist',
    policy(statement({ Condition: { DateLessThan: { 'aws:CurrentTime': '2026-02-30T00:00:00Z' } } })),
    'managed',
    'Statement[0].Condition.DateLessThan.aws:CurrentTime',
  ],
  [
    'a CIDR range that is none',
    policy(statement({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } } })),
    'managed',
    'Statement[0].Condition.IpAddress.aws:SourceIp',
  ],
  [
    'an object as a value',
    policy(statement({ Condition: { StringEquals: { 'aws:x': { a: 1 } } } })),
    'managed',
    'Statement[0].Condition.StringEquals.aws:x',
  ],
];

for (const [name, text, where, path] of refused) {
  test(`refused: ${name}`, () =>
    assert.ok(paths(text, where).includes(path), JSON.stringify(validatePolicy(text, where))));
}

test('limits count as their pages say', () => {
  const filled = (length: number, space: string) => {
    const text = policy(statement({ Resource: `arn:aws:s3:::${'b'.repeat(length)}` }));
    return text.replace('"Version"', `${space}"Version"`);
  };
  const overhead = filled(0, '').length;
  assert.deepEqual(validatePolicy(filled(6144 - overhead, ' '.repeat(500)), 'managed'), []);
  assert.equal(validatePolicy(filled(6145 - overhead, ''), 'managed')[0]?.code, 'LimitExceeded');
  assert.deepEqual(validatePolicy(filled(5120 - overhead, ''), 'scp'), []);
  assert.equal(validatePolicy(filled(5119 - overhead, '  '), 'scp')[0]?.code, 'ConstraintViolationException');
});

const hostile: readonly (readonly [string, string, RegExp])[] = [
  [
    'nested lists',
    `{"Version":"2012-10-17","Statement":${'['.repeat(1400)}${']'.repeat(1400)}}`,
    /nested deeper than 64 levels/,
  ],
  ['a key twice', '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}', /`Version` is there twice/],
  ['__proto__', '{"__proto__":{"Version":"2012-10-17"},"Statement":[]}', /`__proto__` is no element/],
  ['half of a surrogate pair', '{"Version":"2012-10-17","Id":"\\ud800","Statement":[]}', /surrogate/],
  ['a number out of range', '{"Version":1e999}', /out of range/],
  ['text behind the end', '{} {}', /behind the end/],
  ['an open text', '{"Version', /does not end/],
  ['a control character', '{"a\u0001":1}', /control characters/],
  ['a bad escape', '{"\\x":1}', /escape/],
  ['an early end', '{"Version":', /ends early/],
];

for (const [name, text, message] of hostile) {
  test(`bad input: ${name}`, () => {
    const faults = validatePolicy(text, 'role-inline');
    assert.match(faults.map((fault) => fault.message).join('; '), message);
  });
}

test('a megabyte, ten thousand levels and a hundred thousand faults are answered at once', () => {
  const start = performance.now();
  assert.equal(validatePolicy(`"${'x'.repeat(1_000_000)}"`, 'managed')[0]?.code, 'LimitExceeded');
  assert.equal(validatePolicy('['.repeat(10_000), 'key')[0]?.message, 'it is nested deeper than 64 levels');
  assert.equal(validatePolicy(`[${'1,'.repeat(16_000)}1]`, 'key')[0]?.message, 'a policy must be a JSON object');
  const elapsed = performance.now() - start;
  assert.ok(elapsed < 1000, `it took ${elapsed} ms`);
});

test('a document that cannot be read gives no statement, and says why', () => {
  const attachment = { kind: 'identity', account: '111111111111', policy: 'p' } as const;
  for (const document of [null, 3, 'x', [], {}, { Statement: [null] }, { Statement: [{ Effect: 'Allow' }] }]) {
    const compiled = compilePolicy(document, attachment);
    assert.deepEqual(compiled.statements, []);
    assert.ok(compiled.problems.length > 0);
  }
  const good = JSON.parse(policy(statement({}))) as unknown;
  assert.equal(compilePolicy(good, attachment).statements.length, 1);
});
