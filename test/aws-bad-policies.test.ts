/** Policies with faults, and principals that there are not, in every operation that takes a policy: refused, and nothing changes. */
import { after, before, describe, test } from 'node:test';
import {
  ADMIN,
  type BadWorld,
  type Clients,
  clientsOf,
  MAIN,
  OTHER,
  policyText,
  startBadWorld,
  trustOf,
} from './aws-bad-world.ts';
import { refused } from './aws-iam-clients.ts';

let world: BadWorld;
let clients: Clients;
/** ARN of a key that can have replicas. */
let primary: string;
before(async () => {
  world = await startBadWorld();
  clients = clientsOf(world.plane, ADMIN);
  primary = (await clients.kms.createKey({ MultiRegion: true })).KeyMetadata!.Arn!;
});
after(() => world.stop());

const USER = `arn:aws:iam::${MAIN}:user/admin`;
const POLICY = `arn:aws:iam::${MAIN}:policy/work`;
const ROLE = `arn:aws:iam::${MAIN}:role/reader`;

describe('policies with a fault', () => {
  const ALLOW = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
  const OWNER = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${MAIN}:root` }, Action: 'kms:*', Resource: '*' };
  const TRUST = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${MAIN}:root` }, Action: 'sts:AssumeRole' };

  /** Faults that are such in every kind of policy, by a statement of it that is good. */
  const faultsOf = (good: object): readonly (readonly [text: string, fault: RegExp])[] => [
    ['{', /a key in double quotes is expected \(line 1, column 2\)/],
    ['[]', /a policy must be a JSON object/],
    ['{}', /a statement must be a JSON object \(`Statement\[0\]`/],
    [
      JSON.stringify({ Version: '2020-01-01', Statement: [good] }),
      /the version must be `2012-10-17` or `2008-10-17` \(`Version`/,
    ],
    [policyText({ ...good, Effect: 'Maybe' }), /the effect must be `Allow` or `Deny` \(`Statement\[0\]\.Effect`/],
    [policyText(good, { ...good, Action: 'everything' }), /`everything` is no action.* \(`Statement\[1\]\.Action`/],
    [policyText({ ...good, Action: 7 }), /it must be a string or a list of strings \(`Statement\[0\]\.Action`/],
    [policyText({ ...good, NotAction: 'sts:*' }), /either `Action` or `NotAction`, not both/],
    [policyText({ ...good, Colour: 'red' }), /`Colour` is no element of a statement \(`Statement\[0\]\.Colour`/],
    [
      policyText({ ...good, Condition: { Near: { a: 'b' } } }),
      /no condition operator \(`Statement\[0\]\.Condition\.Near`/,
    ],
    ['{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}', /the key `Version` is there twice/],
  ];

  const identityFaults = [
    ...faultsOf(ALLOW),
    [policyText({ Effect: 'Allow', Action: 's3:*' }), /a statement needs `Resource` or `NotResource`/],
    [policyText({ ...ALLOW, Resource: 'bucket' }), /`bucket` is no resource/],
    [
      policyText({ ...ALLOW, Resource: 'arn:aws-cn:s3:::b' }),
      /^Partition "aws-cn" is not valid for resource "arn:aws-cn:s3:::b"\./,
    ],
    [policyText({ ...ALLOW, Principal: '*' }), /a policy of this kind names no principal/],
  ] as const;

  type Put = (text: string) => Promise<unknown>;
  const identity: readonly (readonly [string, Put])[] = [
    ['CreatePolicy', (PolicyDocument) => clients.iam.createPolicy({ PolicyName: 'p', PolicyDocument })],
    ['CreatePolicyVersion', (PolicyDocument) => clients.iam.createPolicyVersion({ PolicyArn: POLICY, PolicyDocument })],
    [
      'PutUserPolicy',
      (PolicyDocument) => clients.iam.putUserPolicy({ UserName: 'limited', PolicyName: 'p', PolicyDocument }),
    ],
    [
      'PutGroupPolicy',
      (PolicyDocument) => clients.iam.putGroupPolicy({ GroupName: 'crew', PolicyName: 'p', PolicyDocument }),
    ],
    [
      'PutRolePolicy',
      (PolicyDocument) => clients.iam.putRolePolicy({ RoleName: 'reader', PolicyName: 'p', PolicyDocument }),
    ],
    ['AssumeRole', (Policy) => clients.sts.assumeRole({ RoleArn: ROLE, RoleSessionName: 'session', Policy })],
    ['GetFederationToken', (Policy) => clients.sts.getFederationToken({ Name: 'somebody', Policy })],
  ];

  for (const [operation, put] of identity) {
    test(operation, () =>
      world.withoutChange(async () => {
        for (const [text, fault] of identityFaults) await refused(put(text), 'MalformedPolicyDocument', fault, 400);
      }),
    );
  }

  const trusts: readonly (readonly [string, Put])[] = [
    [
      'CreateRole',
      (AssumeRolePolicyDocument) => clients.iam.createRole({ RoleName: 'made', AssumeRolePolicyDocument }),
    ],
    [
      'UpdateAssumeRolePolicy',
      (PolicyDocument) => clients.iam.updateAssumeRolePolicy({ RoleName: 'reader', PolicyDocument }),
    ],
  ];
  const trustFaults = [
    ...faultsOf(TRUST),
    [policyText({ Effect: 'Allow', Action: 'sts:AssumeRole' }), /a statement needs `Principal`/],
    [policyText({ ...TRUST, Resource: '*' }), /a trust policy names no resource/],
    [policyText({ ...TRUST, Action: 's3:GetObject' }), /a trust policy allows STS actions only/],
  ] as const;

  const nobodies: readonly (readonly [principal: object, message: RegExp])[] = [
    [
      { AWS: `arn:aws:iam::${MAIN}:user/nobody` },
      /^Invalid principal in policy: "AWS":"arn:aws:iam::\d+:user\/nobody"$/,
    ],
    [{ AWS: `arn:aws:iam::${MAIN}:role/nobody` }, /^Invalid principal in policy: "AWS":/],
    [
      { AWS: 'arn:aws:iam::999999999999:root' },
      /^Invalid principal in policy: "AWS":"arn:aws:iam::999999999999:root"$/,
    ],
    [{ AWS: `arn:aws-cn:iam::${MAIN}:root` }, /principal/],
    [{ AWS: `arn:aws:iam::${MAIN}:group/crew` }, /is no principal/],
    [{ AWS: 'somebody' }, /`somebody` is no principal/],
    [{ Service: 'none' }, /^Invalid principal in policy: "SERVICE":"none"$/],
    [{ Federated: 'x' }, /^Federated principals must be valid domain names or SAML metadata ARNs$/],
    [{ Colour: 'red' }, /`Colour` is no type of principal/],
  ];

  for (const [operation, put] of trusts) {
    test(`${operation}, and principals that there are not`, () =>
      world.withoutChange(async () => {
        for (const [text, fault] of trustFaults) await refused(put(text), 'MalformedPolicyDocument', fault, 400);
        for (const [principal, message] of nobodies) {
          await refused(put(trustOf(principal)), 'MalformedPolicyDocument', message, 400);
        }
      }));
  }

  const keys: readonly (readonly [string, Put])[] = [
    ['CreateKey', (Policy) => clients.kms.createKey({ Policy })],
    ['PutKeyPolicy', (Policy) => clients.kms.putKeyPolicy({ KeyId: world.key, Policy })],
    ['ReplicateKey', (Policy) => clients.kms.replicateKey({ KeyId: primary, ReplicaRegion: 'eu-west-1', Policy })],
  ];
  for (const [operation, put] of keys) {
    test(`${operation}, and principals that there are not`, () =>
      world.withoutChange(async () => {
        for (const [text, fault] of faultsOf(OWNER)) await refused(put(text), 'MalformedPolicyDocument', fault, 400);
        for (const [Principal] of nobodies) {
          const text = policyText(OWNER, { ...OWNER, Principal });
          await refused(put(text), 'MalformedPolicyDocument', /principal/, 400);
        }
        const locksOut = policyText({ ...OWNER, Principal: { AWS: `arn:aws:iam::${OTHER}:root` } });
        await refused(put(locksOut), 'MalformedPolicyDocument', /will not allow you to update the key policy/, 400);
      }));
  }

  const inputs: readonly (readonly [string, Put])[] = [
    [
      'SimulateCustomPolicy',
      (text) => clients.iam.simulateCustomPolicy({ PolicyInputList: [text], ActionNames: ['s3:GetObject'] }),
    ],
    [
      'SimulatePrincipalPolicy',
      (text) =>
        clients.iam.simulatePrincipalPolicy({
          PolicySourceArn: USER,
          PolicyInputList: [text],
          ActionNames: ['s3:GetObject'],
        }),
    ],
    ['GetContextKeysForCustomPolicy', (text) => clients.iam.getContextKeysForCustomPolicy({ PolicyInputList: [text] })],
    [
      'GetContextKeysForPrincipalPolicy',
      (text) => clients.iam.getContextKeysForPrincipalPolicy({ PolicySourceArn: USER, PolicyInputList: [text] }),
    ],
  ];
  const unreadable = [
    '{',
    '[]',
    '{}',
    policyText({ ...ALLOW, Effect: 'Maybe' }),
    policyText({ ...ALLOW, Action: 7 }),
    policyText({ ...ALLOW, Condition: { Near: { a: 'b' } } }),
  ];
  for (const [operation, put] of inputs) {
    test(`${operation} says which of its inputs it is`, async () => {
      // The simulator reads what it can: only what cannot be read is refused.
      for (const text of unreadable)
        await refused(put(text), 'InvalidInput', /^PolicyInputList\.1: line \d+, column \d+: /, 400);
    });
  }
});
