import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCase } from '../case.ts';
import { explain } from '../explain.ts';
import { refusalMessage } from './refusal.ts';

const policy = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });
const allow = (Action: string, fields: object = {}) => policy({ Effect: 'Allow', Action, Resource: '*', ...fields });
const deny = (Action: string, fields: object = {}) => policy({ Effect: 'Deny', Action, Resource: '*', ...fields });
const everyone = { Principal: '*' };
const anything = allow('*');

const JOHN = 'arn:aws:iam::123456789012:user/John';
const SECRETS = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:*';
const DEPLOYMENTS = 'arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*';

interface Refused {
  readonly principal?: string | object;
  readonly action: string;
  readonly resource?: string;
  readonly resourceAccount?: string;
  readonly policies: object;
}

function message({ principal = JOHN, resource = '*', policies, ...request }: Refused): string {
  const loaded = loadCase({ name: 'refusal', request: { principal, resource, ...request }, policies });
  assert.deepEqual(loaded.problems, []);
  const verdict = explain(loaded.question, loaded.layers, loaded.facts);
  assert.notEqual(verdict.outcome, 'allow');
  return refusalMessage(loaded.question, verdict);
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html, its slips of the pen corrected
const pageExamples: readonly (readonly [string, Refused, string])[] = [
  [
    'a service control policy does not allow',
    { action: 'codecommit:ListRepositories', policies: { identity: anything, scps: [allow('s3:*')] } },
    'codecommit:ListRepositories because no service control policy allows the codecommit:ListRepositories action',
  ],
  [
    'a service control policy denies',
    { action: 'codecommit:ListRepositories', policies: { identity: anything, scps: [deny('codecommit:*')] } },
    'codecommit:ListRepositories with an explicit deny in a service control policy',
  ],
  [
    'a resource control policy denies',
    {
      action: 'secretsmanager:GetSecretValue',
      resource: SECRETS,
      policies: { identity: anything, rcps: [deny('secretsmanager:*', everyone)] },
    },
    `secretsmanager:GetSecretValue on resource: ${SECRETS} with an explicit deny in a resource control policy`,
  ],
  [
    'a VPC endpoint policy does not allow',
    { action: 'codecommit:ListRepositories', policies: { identity: anything, vpce: allow('s3:*', everyone) } },
    'codecommit:ListRepositories because no VPC endpoint policy allows the codecommit:ListRepositories action',
  ],
  [
    'a VPC endpoint policy denies',
    {
      action: 'codedeploy:ListDeployments',
      resource: DEPLOYMENTS,
      policies: { identity: anything, vpce: deny('codedeploy:*', everyone) },
    },
    `codedeploy:ListDeployments on resource: ${DEPLOYMENTS} with an explicit deny in a VPC endpoint policy`,
  ],
  [
    'a permissions boundary does not allow',
    {
      action: 'codedeploy:ListDeployments',
      resource: DEPLOYMENTS,
      policies: { identity: anything, boundary: allow('s3:*') },
    },
    `codedeploy:ListDeployments on resource: ${DEPLOYMENTS} because no permissions boundary allows the codedeploy:ListDeployments action`,
  ],
  [
    'a permissions boundary denies',
    { action: 'sagemaker:ListModels', policies: { identity: anything, boundary: deny('sagemaker:*') } },
    'sagemaker:ListModels with an explicit deny in a permissions boundary',
  ],
  [
    'a session policy does not allow',
    { action: 'codecommit:ListRepositories', policies: { identity: anything, session: allow('s3:*') } },
    'codecommit:ListRepositories because no session policy allows the codecommit:ListRepositories action',
  ],
  [
    'a session policy denies',
    {
      action: 'codedeploy:ListDeployments',
      resource: DEPLOYMENTS,
      policies: { identity: anything, session: deny('codedeploy:*') },
    },
    `codedeploy:ListDeployments on resource: ${DEPLOYMENTS} with an explicit deny in a session policy`,
  ],
  [
    'a resource-based policy denies',
    {
      action: 'secretsmanager:GetSecretValue',
      resource: SECRETS,
      policies: { identity: anything, resource: deny('secretsmanager:*', everyone) },
    },
    `secretsmanager:GetSecretValue on resource: ${SECRETS} with an explicit deny in a resource-based policy`,
  ],
  [
    'no identity-based policy allows',
    { action: 'codecommit:ListRepositories', policies: { identity: allow('s3:*') } },
    'codecommit:ListRepositories because no identity-based policy allows the codecommit:ListRepositories action',
  ],
  [
    'an identity-based policy denies',
    {
      action: 'codedeploy:ListDeployments',
      resource: DEPLOYMENTS,
      policies: { identity: [anything, deny('codedeploy:*')] },
    },
    `codedeploy:ListDeployments on resource: ${DEPLOYMENTS} with an explicit deny in an identity-based policy`,
  ],
];

for (const [name, refused, expected] of pageExamples) {
  test(`the words of the page: ${name}`, () => {
    assert.equal(message(refused), `User: ${JOHN} is not authorized to perform: ${expected}`);
  });
}

test('of several kinds of policies one is named: a deny first, then in the order of evaluation', () => {
  const action = 'iam:CreateUser';
  const why = (policies: object) => message({ action, policies }).replace(/^.*iam:CreateUser (?=because|with)/, '');
  const nothing = allow('s3:*');
  assert.match(why({ identity: nothing, scps: [nothing] }), /^because no service control policy/);
  assert.match(why({ identity: nothing, boundary: nothing }), /^because no identity-based policy/);
  assert.match(why({ identity: nothing, boundary: deny('iam:*') }), /^with an explicit deny in a permissions boundary/);
  assert.match(why({ identity: deny('iam:*'), scps: [deny('iam:*')] }), /in a service control policy$/);
});

test('a policy that has an ARN is named when it denies, and only then', () => {
  const arn = 'arn:aws:iam::123456789012:policy/Deny';
  const request = {
    name: 'named',
    request: { principal: JOHN, action: 'iam:ListRoles', resource: '*' },
    policies: { identity: [anything, deny('iam:*')] },
  };
  const { question, layers } = loadCase(request);
  const named = layers.map((layer) => ({
    ...layer,
    statements: layer.statements.map((one) => ({ ...one, origin: { ...one.origin, policy: arn } })),
  }));
  const told = refusalMessage(question, explain(question, named));
  assert.equal(
    told,
    `User: ${JOHN} is not authorized to perform: iam:ListRoles with an explicit deny in an identity-based policy: ${arn}`,
  );
  assert.doesNotMatch(refusalMessage(question, explain(question, layers)), /arn:aws:iam::\d+:policy/);
});

const FOREIGN_KEY = 'arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const OWN_KEY = FOREIGN_KEY.replace('444455556666', '123456789012');
const delegated = (account: string) => allow('kms:*', { Principal: { AWS: account } });

test('of a key in another account AWS KMS says no more than that there is none to use', () => {
  const encrypt = (policies: object) => message({ action: 'kms:Encrypt', resource: FOREIGN_KEY, policies });
  const absent = encrypt({ identity: anything });
  assert.equal(
    absent,
    `User: ${JOHN} is not authorized to perform: kms:Encrypt on this resource because the resource does not exist in this ` +
      'Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
  );
  assert.equal(encrypt({ identity: anything, resource: delegated('777777777777') }), absent);
  assert.equal(encrypt({ identity: anything, resource: deny('kms:*', everyone) }), absent);
  assert.equal(
    encrypt({ identity: anything, resource: allow('kms:*', everyone), rcps: [deny('kms:*', everyone)] }),
    absent,
  );
  assert.match(
    message({ action: 'kms:Decrypt', resource: FOREIGN_KEY, policies: { identity: anything } }),
    /kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region,/,
  );
});

test('of a key in his own account the caller learns which side lacks an allow', () => {
  const describe = (policies: object) => message({ action: 'kms:DescribeKey', resource: OWN_KEY, policies });
  const start = `User: ${JOHN} is not authorized to perform: kms:DescribeKey on resource: ${OWN_KEY}`;
  assert.equal(
    describe({ identity: anything, resource: delegated('444455556666') }),
    `${start} because no resource-based policy allows the kms:DescribeKey action`,
  );
  assert.equal(
    describe({ identity: allow('s3:*'), resource: delegated('123456789012') }),
    `${start} because no identity-based policy allows the kms:DescribeKey action`,
  );
  assert.equal(
    message({
      action: 'kms:Decrypt',
      resource: OWN_KEY,
      policies: { identity: [], resource: delegated('123456789012') },
    }),
    `User: ${JOHN} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext ` +
      'because no identity-based policy allows the kms:Decrypt action',
  );
});

test("across accounts the caller's own side is told in full, whatever the other side says", () => {
  const resource = 'arn:aws:secretsmanager:us-east-1:444455556666:secret:shared';
  const get = (policies: object) => message({ action: 'secretsmanager:GetSecretValue', resource, policies });
  const others = [{}, { resource: allow('*', everyone) }, { resource: deny('*', everyone) }];
  for (const other of others) {
    assert.match(get({ identity: [], ...other }), /because no identity-based policy allows/);
    assert.match(get({ identity: deny('*'), ...other }), /with an explicit deny in an identity-based policy$/);
    assert.match(get({ identity: anything, boundary: allow('s3:*'), ...other }), /because no permissions boundary/);
  }
  const [absent, forbidden, denied] = [
    {},
    { resource: allow('s3:*', everyone) },
    { resource: deny('*', everyone) },
  ].map((other) => get({ identity: anything, ...other }));
  assert.equal(
    absent,
    `User: ${JOHN} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${resource} ` +
      'because no resource-based policy allows the secretsmanager:GetSecretValue action',
  );
  assert.equal(forbidden, absent);
  assert.equal(denied, absent);
});

test('STS says nothing of trust policies', () => {
  const ownRole = 'arn:aws:iam::123456789012:role/HR';
  const foreignRole = 'arn:aws:iam::444455556666:role/HR';
  const assume = (resource: string, policies: object) => message({ action: 'sts:AssumeRole', resource, policies });
  for (const role of [ownRole, foreignRole]) {
    const bare = `User: ${JOHN} is not authorized to perform: sts:AssumeRole on resource: ${role}`;
    assert.equal(assume(role, { identity: anything }), bare);
    assert.equal(assume(role, { identity: anything, resource: deny('sts:*', everyone) }), bare);
  }
  assert.match(
    assume(foreignRole, { identity: [] }),
    /role\/HR because no identity-based policy allows the sts:AssumeRole action$/,
  );
  assert.equal(
    message({
      principal: { federated: 'arn:aws:iam::123456789012:oidc-provider/token.example' },
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: ownRole,
      resourceAccount: '123456789012',
      policies: {},
    }),
    'Not authorized to perform sts:AssumeRoleWithWebIdentity',
  );
  assert.equal(
    message({ principal: 'arn:aws:iam::123456789012:root', action: 'sts:AssumeRole', resource: ownRole, policies: {} }),
    'Roles may not be assumed by root accounts.',
  );
});

test('Amazon S3 puts the resource in quotes, and outside the account says nothing', () => {
  const resource = 'arn:aws:s3:::shared/report.csv';
  const get = (resourceAccount: string, policies: object, principal: string = JOHN) =>
    message({ principal, action: 's3:GetObject', resource, resourceAccount, policies });
  assert.equal(
    get('123456789012', { identity: [] }),
    `User: ${JOHN} is not authorized to perform: s3:GetObject on resource: "${resource}" ` +
      'because no identity-based policy allows the s3:GetObject action',
  );
  for (const policies of [{ identity: [] }, { identity: anything }, { resource: deny('s3:*', everyone) }]) {
    assert.equal(get('444455556666', policies), 'Access Denied');
    assert.equal(get('444455556666', policies, 'anonymous'), 'Access Denied');
  }
});

test('an anonymous caller and a service hear of the resource alone', () => {
  const resource = 'arn:aws:sqs:us-east-1:444455556666:jobs';
  const send = (principal: string, policies: object) =>
    message({ principal, action: 'sqs:SendMessage', resource, resourceAccount: '444455556666', policies });
  const rest = `sqs:SendMessage on resource: ${resource} because no resource-based policy allows the sqs:SendMessage action`;
  assert.equal(send('anonymous', {}), `User: anonymous is not authorized to perform: ${rest}`);
  assert.equal(
    send('anonymous', { resource: deny('sqs:*', everyone) }),
    `User: anonymous is not authorized to perform: ${rest}`,
  );
  assert.equal(send('events.amazonaws.com', {}), `User: events.amazonaws.com is not authorized to perform: ${rest}`);
});
