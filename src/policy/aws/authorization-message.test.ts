import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCase } from '../case.ts';
import { explain } from '../explain.ts';
import { authorizationMessage } from './authorization-message.ts';

const BOB = 'arn:aws:iam::111122223333:user/dev/bob';
const INSTANCE = 'arn:aws:ec2:eu-north-1:111122223333:instance/*';

const policy = (...statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements });
const allowAll = policy({ Effect: 'Allow', Action: '*', Resource: '*' });

interface Refused {
  readonly request: object;
  readonly policies: object;
  readonly maySee?: (account: string) => boolean;
  /** The resource's own keys. */
  readonly attributes?: Readonly<Record<string, string>>;
}

interface Message {
  readonly explicitDeny: boolean;
  readonly matchedStatements: {
    readonly items: readonly { readonly statementId: string; readonly principals: object }[];
  };
  readonly context: {
    readonly principal: { readonly id: string };
    readonly conditions: { readonly items: readonly { readonly key: string; readonly values: object }[] };
  };
}

function messageText({ request, policies, maySee = () => true, attributes = {} }: Refused): string {
  const { question, layers, facts, problems } = loadCase({ name: 'refused', request, policies });
  assert.deepEqual(problems, []);
  const described = { ...question, resource: { ...question.resource, attributes } };
  const verdict = explain(described, layers, facts);
  assert.notEqual(verdict.outcome, 'allow');
  return authorizationMessage(described, verdict, maySee);
}

const message = (refused: Refused): Message => JSON.parse(messageText(refused)) as Message;
const keys = ({ context }: Message) => context.conditions.items.map((item) => item.key);

test('a deny has the shape of the messages that STS decodes', () => {
  const denied = policy({
    Sid: 'RequireMicroInstanceType',
    Effect: 'Deny',
    Action: 'ec2:RunInstances',
    Resource: 'arn:aws:ec2:*:*:instance/*',
    Condition: { StringNotEquals: { 'ec2:InstanceType': 't3a.micro' } },
  });
  const decoded: unknown = JSON.parse(
    messageText({
      request: {
        principal: BOB,
        action: 'ec2:RunInstances',
        resource: INSTANCE,
        context: { 'ec2:InstanceType': 't3.medium', 'aws:userid': 'AIDAEXAMPLEBOB', 'aws:username': 'bob' },
      },
      policies: { identity: [allowAll, denied] },
    }),
  );
  const item = (key: string, ...values: readonly string[]) => ({
    key,
    values: { items: values.map((value) => ({ value })) },
  });
  assert.deepEqual(decoded, {
    allowed: false,
    explicitDeny: true,
    matchedStatements: {
      items: [
        {
          statementId: 'RequireMicroInstanceType',
          effect: 'DENY',
          principals: { items: [{ value: 'AIDAEXAMPLEBOB' }] },
          principalGroups: { items: [] },
          actions: { items: [{ value: 'ec2:RunInstances' }] },
          resources: { items: [{ value: 'arn:aws:ec2:*:*:instance/*' }] },
          conditions: { items: [item('ec2:InstanceType', 't3a.micro')] },
        },
      ],
    },
    failures: { items: [] },
    context: {
      principal: { id: 'AIDAEXAMPLEBOB', name: 'bob', arn: BOB },
      action: 'ec2:RunInstances',
      resource: INSTANCE,
      conditions: {
        items: [
          item('aws:Region', 'eu-north-1'),
          item('aws:Service', 'ec2'),
          item('aws:Account', '111122223333'),
          item('aws:Type', 'instance'),
          item('aws:ID', '*'),
          item('aws:Resource', 'instance/*'),
          item('aws:ARN', INSTANCE),
          item('ec2:instancetype', 't3.medium'),
          item('aws:userid', 'AIDAEXAMPLEBOB'),
          item('aws:username', 'bob'),
        ],
      },
    },
  });
});

test('an absent allow matches no statement, and a session has no name', () => {
  const arn = 'arn:aws:sts::111122223333:assumed-role/Developer/Ana';
  const decoded = message({
    request: {
      principal: arn,
      action: 'ec2:RunInstances',
      resource: INSTANCE,
      context: { 'aws:userid': 'AROAEX:Ana' },
    },
    policies: {},
  });
  assert.equal(decoded.explicitDeny, false);
  assert.deepEqual(decoded.matchedStatements, { items: [] });
  assert.deepEqual(decoded.context.principal, { id: 'AROAEX:Ana', arn });
});

test('a statement without a Sid has none, and its negated actions are listed', () => {
  const text = messageText({
    request: { principal: BOB, action: 'ec2:RunInstances', resource: INSTANCE },
    policies: { identity: [allowAll, policy({ Effect: 'Deny', NotAction: ['iam:*', 'sts:*'], Resource: '*' })] },
  });
  assert.match(text, /"statementId":"","effect":"DENY"/);
  assert.match(text, /"actions":\{"items":\[\{"value":"iam:\*"\},\{"value":"sts:\*"\}\]\}/);
});

const QUEUE = 'arn:aws:sqs:us-east-1:444455556666:jobs';
const denyQueue = policy({ Sid: 'NotBob', Effect: 'Deny', Principal: { AWS: BOB }, Action: 'sqs:*', Resource: '*' });
const crossing = {
  request: {
    principal: BOB,
    action: 'sqs:SendMessage',
    resource: QUEUE,
    context: { 'aws:ResourceTag/stage': 'secret', 'aws:PrincipalTag/team': 'red', 'aws:SourceIp': '203.0.113.7' },
  },
  attributes: { 'aws:resourcetag/stage': 'secret' },
};

test("the other account's deny and tags are seen by who may see that account, and by nobody else", () => {
  const policies = { identity: allowAll, resource: denyQueue };
  const full = message({ ...crossing, policies });
  assert.equal(full.explicitDeny, true);
  assert.deepEqual(full.matchedStatements.items[0]?.principals, { items: [{ value: BOB }] });
  assert.ok(keys(full).includes('aws:ResourceTag/stage'));

  const own = (account: string) => account === '111122223333';
  const denied = messageText({ ...crossing, policies, maySee: own });
  const absent = messageText({ ...crossing, policies: { identity: allowAll }, maySee: own });
  assert.equal(denied, absent);
  const told = JSON.parse(denied) as Message;
  assert.equal(told.explicitDeny, false);
  assert.ok(!keys(told).includes('aws:ResourceTag/stage'));
  assert.ok(keys(told).includes('aws:PrincipalTag/team'));
  assert.ok(keys(told).includes('aws:SourceIp'));
});

test("the caller's deny, tags and id are not for the resource's account", () => {
  const policies = { identity: [allowAll, policy({ Effect: 'Deny', Action: 'sqs:*', Resource: '*' })] };
  const told = message({
    ...crossing,
    request: { ...crossing.request, context: { ...crossing.request.context, 'aws:userid': 'AIDAEXAMPLEBOB' } },
    policies,
    maySee: (account) => account === '444455556666',
  });
  assert.equal(told.explicitDeny, false);
  assert.equal(told.context.principal.id, '');
  assert.deepEqual(
    keys(told).filter((key) => key.startsWith('aws:Principal') || key === 'aws:userid'),
    [],
  );
  assert.ok(keys(told).includes('aws:ResourceTag/stage'));
});
