/** Marks of lists that were changed, or made for another list or account: refused by every list there is. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import * as Iam from '@aws-sdk/client-iam';
import * as Kms from '@aws-sdk/client-kms';
import { iamFace } from '../src/services/identity/aws/iam.ts';
import { kmsFace } from '../src/services/keys/aws.ts';
import { logsFace } from '../src/services/logs/aws.ts';
import type { AwsFace } from '../src/wire/aws/face.ts';
import { loadService } from '../src/wire/aws/schemas.ts';
import {
  type BadWorld,
  type Clients,
  clientsOf,
  MAIN,
  MAIN_ROOT,
  OTHER_ROOT,
  policyText,
  startBadWorld,
} from './aws-bad-world.ts';
import { refused } from './aws-iam-clients.ts';
import { eventually } from './plane.ts';
import { samlMetadata } from './saml-metadata.ts';

let world: BadWorld;
let clients: Clients;
/** What a job is known by. */
let JobId: string;
before(async () => {
  world = await startBadWorld();
  clients = clientsOf(world.plane, MAIN_ROOT);
  const { iam } = clients;
  await iam.createInstanceProfile({ InstanceProfileName: 'profile' });
  await iam.createOpenIDConnectProvider({ Url: 'https://idp.example.com', ClientIDList: ['app'] });
  await iam.createSAMLProvider({ Name: 'office', SAMLMetadataDocument: samlMetadata() });
  JobId = (await iam.generateServiceLastAccessedDetails({ Arn: `arn:aws:iam::${MAIN}:user/admin` })).JobId!;
  await eventually('the report is there', async () => {
    const { JobStatus } = await iam.getServiceLastAccessedDetails({ JobId });
    return JobStatus === 'COMPLETED';
  });
});
after(() => world.stop());

/** An input for each list that needs one. */
function inputOf(operation: string): object {
  const UserName = 'admin';
  const GroupName = 'crew';
  const RoleName = 'reader';
  const PolicyArn = `arn:aws:iam::${MAIN}:policy/work`;
  const Arn = `arn:aws:iam::${MAIN}:user/admin`;
  const document = policyText({ Effect: 'Allow', Action: '*', Resource: '*' });
  const inputs: Readonly<Record<string, object>> = {
    ListUserPolicies: { UserName },
    ListAttachedUserPolicies: { UserName },
    ListUserTags: { UserName },
    ListAccessKeys: { UserName },
    ListGroupsForUser: { UserName },
    ListGroupPolicies: { GroupName },
    ListAttachedGroupPolicies: { GroupName },
    GetGroup: { GroupName },
    ListPolicyTags: { PolicyArn },
    ListPolicyVersions: { PolicyArn },
    ListEntitiesForPolicy: { PolicyArn },
    ListRoleTags: { RoleName },
    ListRolePolicies: { RoleName },
    ListAttachedRolePolicies: { RoleName },
    ListInstanceProfilesForRole: { RoleName },
    ListInstanceProfileTags: { InstanceProfileName: 'profile' },
    ListOpenIDConnectProviderTags: { OpenIDConnectProviderArn: `arn:aws:iam::${MAIN}:oidc-provider/idp.example.com` },
    ListSAMLProviderTags: { SAMLProviderArn: `arn:aws:iam::${MAIN}:saml-provider/office` },
    SimulateCustomPolicy: { PolicyInputList: [document], ActionNames: ['s3:GetObject'] },
    SimulatePrincipalPolicy: { PolicySourceArn: Arn, ActionNames: ['s3:GetObject'] },
    GetServiceLastAccessedDetails: { JobId },
    GetServiceLastAccessedDetailsWithEntities: { JobId, ServiceNamespace: 'iam' },
    ListPoliciesGrantingServiceAccess: { Arn, ServiceNamespaces: ['s3'] },
    ListResourceTags: { KeyId: world.key },
    ListKeyPolicies: { KeyId: world.key },
    ListGrants: { KeyId: world.key },
    ListKeyRotations: { KeyId: world.key },
    ListRetirableGrants: { RetiringPrincipal: Arn },
    DescribeLogStreams: { logGroupName: 'group' },
    GetLogEvents: { logGroupName: 'group', logStreamName: 'stream' },
  };
  return inputs[operation] ?? {};
}

interface Lists {
  readonly face: AwsFace;
  readonly mark: 'Marker' | 'nextToken';
  readonly code: string;
  readonly message: RegExp;
  send(of: Clients, operation: string, input: object): Promise<unknown>;
  /** A mark that a list of two things has given, and which list that is. */
  made(of: Clients): Promise<string>;
  readonly madeBy: string;
}

type AnyCommand<C> = new (input: object) => C;
const commandOf = <C>(exported: object, operation: string): AnyCommand<C> =>
  (exported as Readonly<Record<string, AnyCommand<C>>>)[`${operation}Command`]!;

/** A list of one thing, which gives no marks: the errors that it is documented with have none for them. */
const MARKLESS = 'ListKeyPolicies';

const LISTS: readonly Lists[] = [
  {
    face: iamFace,
    mark: 'Marker',
    code: 'ValidationError',
    message: /^Invalid Marker\.$/,
    send: ({ iam }, operation, input) => iam.send(new (commandOf<Iam.ListUsersCommand>(Iam, operation))(input)),
    made: async ({ iam }) => {
      for (const GroupName of ['one', 'two']) await iam.createGroup({ GroupName });
      return (await iam.listGroups({ MaxItems: 1 })).Marker!;
    },
    madeBy: 'ListGroups',
  },
  {
    face: kmsFace,
    mark: 'Marker',
    code: 'InvalidMarker',
    message: /./,
    send: ({ kms }, operation, input) => kms.send(new (commandOf<Kms.ListKeysCommand>(Kms, operation))(input)),
    made: async ({ kms }) => {
      for (let n = 0; n < 2; n += 1) await kms.createKey({});
      return (await kms.listKeys({ Limit: 1 })).NextMarker!;
    },
    madeBy: 'ListKeys',
  },
  {
    face: logsFace,
    mark: 'nextToken',
    code: 'InvalidParameter',
    message: /./,
    send: ({ logs }, operation, input) =>
      logs.send(new (commandOf<Logs.DescribeLogGroupsCommand>(Logs, operation))(input)),
    made: async ({ logs }) => {
      for (const logGroupName of ['one', 'two']) await logs.createLogGroup({ logGroupName });
      return (await logs.describeLogGroups({ limit: 1 })).nextToken!;
    },
    madeBy: 'DescribeLogGroups',
  },
];

for (const { face, mark, code, message, send, made, madeBy } of LISTS) {
  describe(face.service, () => {
    let names: readonly string[];
    let own: string;
    let foreign: string;
    before(async () => {
      const { operations } = await loadService(face.client);
      names = [...face.operations.keys()].filter(
        (name) => name !== MARKLESS && operations.get(name)?.input?.members.has(mark),
      );
      own = await made(clients);
      foreign = await made(clientsOf(world.plane, OTHER_ROOT));
    });

    test('each list is answered without a mark, and the list that made one with it', async () => {
      assert.ok(names.includes(madeBy), names.join());
      for (const name of names) await send(clients, name, inputOf(name));
      await send(clients, madeBy, { ...inputOf(madeBy), [mark]: own });
    });

    test('that nobody made, or that was changed', () =>
      world.withoutChange(async () => {
        const middle = own.length >> 1;
        const changed = own.slice(0, middle) + (own[middle] === 'A' ? 'B' : 'A') + own.slice(middle + 1);
        for (const name of names) {
          for (const bad of ['x', 'bm9uZSBvZiB5b3VycyBhdCBhbGwsIGFuZCBsb25n', `${own}A`, own.slice(0, -1), changed]) {
            await refused(send(clients, name, { ...inputOf(name), [mark]: bad }), code, message, 400);
          }
        }
      }));

    test('of another list, or of another account', () =>
      world.withoutChange(async () => {
        for (const name of names) {
          const marks = name === madeBy ? [foreign] : [own, foreign];
          for (const bad of marks) {
            await refused(send(clients, name, { ...inputOf(name), [mark]: bad }), code, message, 400);
          }
        }
      }));
  });
}
