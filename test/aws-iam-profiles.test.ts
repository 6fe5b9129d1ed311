/** Instance profiles of IAM: each has one role at most, and whoever puts it in needs the right to pass it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  GetInstanceProfileCommand,
  ListInstanceProfilesForRoleCommand,
  PutUserPolicyCommand,
  paginateListInstanceProfiles,
  RemoveRoleFromInstanceProfileCommand,
  waitUntilInstanceProfileExists,
} from '@aws-sdk/client-iam';
import { ADMIN, denied, iamClient, LIMITED, MAIN, policyText, refused, WORLD } from './aws-iam-clients.ts';
import { startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
before(async () => {
  plane = await startPlane({ world: WORLD });
});
after(() => plane.stop());

const admin = () => iamClient(plane, ADMIN);
const EC2 = policyText({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });

const makeRole = (RoleName: string) =>
  admin().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: EC2, Tags: [{ Key: 'a', Value: 'b' }] }));
const makeProfile = (InstanceProfileName: string, Path = '/') =>
  admin().send(new CreateInstanceProfileCommand({ InstanceProfileName, Path }));
const add = (InstanceProfileName: string, RoleName: string, client = admin()) =>
  client.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
const remove = (InstanceProfileName: string, RoleName: string) =>
  admin().send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));

test('a profile shows its role, and both go in their order', async () => {
  const InstanceProfileName = 'web';
  const { Role: role } = await makeRole('web-role');
  const { InstanceProfile: made } = await makeProfile(InstanceProfileName, '/eng/');
  assert.match(made!.InstanceProfileId!, /^AIPA[A-Z2-7]{17}$/);
  assert.equal(made!.Arn, `arn:aws:iam::${MAIN}:instance-profile/eng/web`);
  assert.deepEqual(made!.Roles, []);
  await waitUntilInstanceProfileExists({ client: admin(), maxWaitTime: 5 }, { InstanceProfileName });
  await add(InstanceProfileName, 'web-role');
  const { InstanceProfile: shown } = await admin().send(new GetInstanceProfileCommand({ InstanceProfileName }));
  const { Tags: _tags, ...listed } = role!;
  assert.deepEqual(shown!.Roles, [listed]);
  const ofRole = await admin().send(new ListInstanceProfilesForRoleCommand({ RoleName: 'web-role' }));
  assert.deepEqual(
    ofRole.InstanceProfiles!.map((profile) => [profile.InstanceProfileName, profile.Roles![0]!.RoleName]),
    [['web', 'web-role']],
  );
  const first = 'Cannot delete entity, must remove roles from instance profile first.';
  await refused(admin().send(new DeleteRoleCommand({ RoleName: 'web-role' })), 'DeleteConflict', first, 409);
  const removeProfile = () => admin().send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
  await refused(removeProfile(), 'DeleteConflict', first, 409);
  await remove(InstanceProfileName, 'web-role');
  await removeProfile();
  await admin().send(new DeleteRoleCommand({ RoleName: 'web-role' }));
  const message = 'Instance Profile web cannot be found.';
  await refused(removeProfile(), 'NoSuchEntity', message, 404);
});

test('a profile has one role at most', async () => {
  await makeProfile('single');
  await makeRole('one');
  await makeRole('two');
  await add('single', 'one');
  const message = 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1';
  await refused(add('single', 'two'), 'LimitExceeded', message, 409);
  await refused(remove('single', 'two'), 'NoSuchEntity', 'The role with name two cannot be found.');
  await remove('single', 'one');
  await add('single', 'two');
});

test('names are unique whatever their case and path; roles and profiles must be there', async () => {
  await makeProfile('named');
  await refused(makeProfile('NAMED', '/other/'), 'EntityAlreadyExists', 'Instance Profile NAMED already exists.', 409);
  await refused(add('named', 'nobody'), 'NoSuchEntity', 'The role with name nobody cannot be found.');
  await refused(add('nothing', 'nobody'), 'NoSuchEntity', 'Instance Profile nothing cannot be found.');
  await admin().send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'ecs.amazonaws.com' }));
  await refused(add('named', 'AWSServiceRoleForECS'), 'UnmodifiableEntity', /only modifiable by AWS/);
});

test('profiles are listed in pages, below a path', async () => {
  for (const name of ['l1', 'l2', 'l3']) await makeProfile(name, '/listed/');
  const names: string[] = [];
  const pages = paginateListInstanceProfiles({ client: admin(), pageSize: 2 }, { PathPrefix: '/listed/' });
  for await (const page of pages) names.push(...page.InstanceProfiles!.map((one) => one.InstanceProfileName!));
  assert.deepEqual(names, ['l1', 'l2', 'l3']);
});

test('whoever puts a role into a profile needs iam:PassRole on it, for EC2', async () => {
  await makeProfile('passing');
  await makeRole('passed');
  const limited = iamClient(plane, LIMITED);
  const grant = (...statements: object[]) =>
    admin().send(
      new PutUserPolicyCommand({
        UserName: 'limited',
        PolicyName: 'grant',
        PolicyDocument: policyText(...statements.map((one) => ({ Effect: 'Allow', Resource: '*', ...one }))),
      }),
    );
  const adds = { Action: 'iam:AddRoleToInstanceProfile' };
  const passes = (service: string, role = 'passed') => ({
    Action: 'iam:PassRole',
    Resource: `arn:aws:iam::${MAIN}:role/${role}`,
    Condition: { StringEquals: { 'iam:PassedToService': service } },
  });
  await grant(adds);
  await denied(add('passing', 'passed', limited), 'iam:PassRole');
  await grant(adds, passes('lambda.amazonaws.com'), passes('ec2.amazonaws.com', 'other'));
  await denied(add('passing', 'passed', limited), 'iam:PassRole');
  await grant(passes('ec2.amazonaws.com'));
  await denied(add('passing', 'passed', limited), 'iam:AddRoleToInstanceProfile');
  await grant(adds, passes('ec2.amazonaws.com'));
  await add('passing', 'passed', limited);
});

test('a name that is too long is refused before anything is asked', () =>
  refused(makeProfile('a'.repeat(129)), 'ValidationError', /instanceProfileName/, 400));

test('a role made anew is not in the profile that its namesake was in', async () => {
  await makeProfile('kept');
  await makeRole('again');
  await add('kept', 'again');
  await remove('kept', 'again');
  await admin().send(new DeleteRoleCommand({ RoleName: 'again' }));
  await makeRole('again');
  const { InstanceProfiles } = await admin().send(new ListInstanceProfilesForRoleCommand({ RoleName: 'again' }));
  assert.deepEqual(InstanceProfiles, []);
});
