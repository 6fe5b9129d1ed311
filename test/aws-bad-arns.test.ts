/** ARNs of another partition, service, Region or account, and of what is not there: refused, and nothing changes. */
import { after, before, describe, test } from 'node:test';
import { ADMIN, type BadWorld, type Clients, clientsOf, MAIN, OTHER, startBadWorld } from './aws-bad-world.ts';
import { refused } from './aws-iam-clients.ts';

let world: BadWorld;
let clients: Clients;
before(async () => {
  world = await startBadWorld();
  clients = clientsOf(world.plane, ADMIN);
});
after(() => world.stop());

const USER = `arn:aws:iam::${MAIN}:user/admin`;
const POLICY = `arn:aws:iam::${MAIN}:policy/work`;
const ROLE = `arn:aws:iam::${MAIN}:role/reader`;
const GROUP = `arn:aws:logs:us-east-1:${MAIN}:log-group:group`;

describe('ARNs of another partition, service, Region or account', () => {
  test('of policies', () =>
    world.withoutChange(async () => {
      const { iam } = clients;
      const wrong: readonly (readonly [arn: string, attach: string, get: string])[] = [
        [POLICY.replace('arn:aws:', 'arn:aws-cn:'), 'NoSuchEntity', 'NoSuchEntity'],
        ['arn:aws-cn:iam::aws:policy/ReadOnlyAccess', 'NoSuchEntity', 'NoSuchEntity'],
        [POLICY.replace('iam::', 'iam:us-east-1:'), 'NoSuchEntity', 'NoSuchEntity'],
        [POLICY.replace(MAIN, OTHER), 'NoSuchEntity', 'AccessDenied'],
        [POLICY.replace(':iam:', ':s3:'), 'InvalidInput', 'InvalidInput'],
        [ROLE, 'InvalidInput', 'InvalidInput'],
        ['no ARN, however long it is', 'ValidationError', 'ValidationError'],
      ];
      for (const [PolicyArn, attach, get] of wrong) {
        await refused(iam.attachUserPolicy({ UserName: 'limited', PolicyArn }), attach, /./);
        await refused(iam.attachGroupPolicy({ GroupName: 'crew', PolicyArn }), attach, /./);
        await refused(iam.attachRolePolicy({ RoleName: 'reader', PolicyArn }), attach, /./);
        await refused(
          iam.putUserPermissionsBoundary({ UserName: 'limited', PermissionsBoundary: PolicyArn }),
          attach,
          /./,
        );
        await refused(iam.getPolicy({ PolicyArn }), get, /./);
        await refused(iam.deletePolicy({ PolicyArn }), get, /./);
        await refused(iam.listPolicyVersions({ PolicyArn }), get, /./);
      }
    }));

  test('of roles and identity providers', () =>
    world.withoutChange(async () => {
      const { sts, iam } = clients;
      for (const RoleArn of [
        ROLE.replace('arn:aws:', 'arn:aws-cn:'),
        ROLE.replace('iam::', 'iam:us-east-1:'),
        ROLE.replace(':iam:', ':sts:'),
        USER,
        'no ARN, however long it is',
      ]) {
        await refused(
          sts.assumeRole({ RoleArn, RoleSessionName: 'session' }),
          'ValidationError',
          `${RoleArn} is invalid`,
          400,
        );
      }
      for (const RoleArn of [ROLE.replace(MAIN, OTHER), `${ROLE}s`]) {
        const call = sts.assumeRole({ RoleArn, RoleSessionName: 'session' });
        await refused(call, 'AccessDenied', /is not authorized to perform: sts:AssumeRole on resource: /, 403);
      }
      const provider = `arn:aws:iam::${MAIN}:oidc-provider/idp.example.com`;
      for (const [arn, code] of [
        [provider.replace('arn:aws:', 'arn:aws-cn:'), 'InvalidInput'],
        [provider.replace('iam::', 'iam:us-east-1:'), 'InvalidInput'],
        [provider.replace('oidc', 'saml'), 'InvalidInput'],
        [provider.replace(MAIN, OTHER), 'AccessDenied'],
      ] as const) {
        await refused(iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn }), code, /./);
        await refused(iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: arn }), code, /./);
      }
    }));

  test('of keys', () =>
    world.withoutChange(async () => {
      const { kms } = clients;
      const wrong: readonly (readonly [from: string, to: string, code: string])[] = [
        ['arn:aws:', 'arn:aws-cn:', 'InvalidArn'],
        [':kms:', ':s3:', 'InvalidArn'],
        [':key/', ':lock/', 'InvalidArn'],
        ['us-east-1', 'eu-west-1', 'NotFound'],
        [MAIN, OTHER, 'AccessDenied'],
      ];
      for (const [from, to, code] of wrong) {
        const KeyId = world.key.replace(from, to);
        const Plaintext = Buffer.from('text');
        await refused(kms.describeKey({ KeyId }), code, /./, 400);
        await refused(kms.disableKey({ KeyId }), code, /./, 400);
        await refused(kms.encrypt({ KeyId, Plaintext }), code, /./, 400);
        await refused(kms.createGrant({ KeyId, GranteePrincipal: USER, Operations: ['Decrypt'] }), code, /./, 400);
        await refused(kms.scheduleKeyDeletion({ KeyId }), code, /./, 400);
      }
    }));

  test('of principals of grants', () =>
    world.withoutChange(async () => {
      for (const GranteePrincipal of [
        `arn:aws:iam::${MAIN}:user/nobody`,
        'arn:aws:iam::999999999999:root',
        USER.replace('arn:aws:', 'arn:aws-cn:'),
        'somebody',
      ]) {
        const call = clients.kms.createGrant({ KeyId: world.key, GranteePrincipal, Operations: ['Decrypt'] });
        await refused(call, 'InvalidArn', `ARN does not refer to a valid principal: ${GranteePrincipal}`, 400);
      }
    }));

  test('of log groups, and of keys for them', () =>
    world.withoutChange(async () => {
      const { logs } = clients;
      const wrong: readonly (readonly [from: string, to: string, code: string])[] = [
        ['arn:aws:', 'arn:aws-cn:', 'InvalidParameter'],
        ['us-east-1', 'eu-west-1', 'InvalidParameter'],
        [':logs:', ':s3:', 'InvalidParameter'],
        [':group', ':none', 'ResourceNotFound'],
        [MAIN, OTHER, 'AccessDenied'],
      ];
      for (const [from, to, code] of wrong) {
        const resourceArn = GROUP.replace(from, to);
        const arn = from === ':group' ? `${GROUP.slice(0, -':group'.length)}${to}` : resourceArn;
        await refused(logs.listTagsForResource({ resourceArn: arn }), code, /./, 400);
        await refused(logs.tagResource({ resourceArn: arn, tags: { a: 'b' } }), code, /./, 400);
        await refused(logs.describeLogStreams({ logGroupIdentifier: arn }), code, /./, 400);
      }
      const keys: readonly (readonly [from: string, to: string, code: string])[] = [
        ['arn:aws:', 'arn:aws-cn:', 'InvalidParameter'],
        ['us-east-1', 'eu-west-1', 'AccessDenied'],
        [MAIN, OTHER, 'AccessDenied'],
        [/key\/.*/.exec(world.key)![0], 'key/none', 'InvalidParameter'],
      ];
      for (const [from, to, code] of keys) {
        const kmsKeyId = world.key.replace(from, to);
        await refused(logs.associateKmsKey({ logGroupName: 'group', kmsKeyId }), code, /./, 400);
      }
    }));
});
