/** Access keys, passwords and what an account has once, through the SDK. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type IAM, paginateListAccessKeys } from '@aws-sdk/client-iam';
import {
  ADMIN,
  allowing,
  denied,
  grant,
  iamClient,
  type Keys,
  LIMITED,
  MAIN,
  MAIN_ROOT,
  OTHER_ROOT,
  pagesOf,
  refused,
  stsClient,
  WORLD,
} from './aws-iam-clients.ts';
import { startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let admin: IAM;
let limited: IAM;
let other: IAM;
before(async () => {
  plane = await startPlane({ world: WORLD });
  admin = iamClient(plane, ADMIN);
  limited = iamClient(plane, LIMITED);
  other = iamClient(plane, OTHER_ROOT);
});
after(() => plane.stop());

const INVALID = 'The security token included in the request is invalid.';

async function keyFor(UserName: string): Promise<Keys> {
  const { AccessKey } = await admin.createAccessKey({ UserName });
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

test('a key works from the moment it is made, while it is active and until it is deleted', async () => {
  await admin.createUser({ UserName: 'ann' });
  const keys = await keyFor('ann');
  assert.match(keys.accessKeyId, /^AKIA[A-Z2-7]{16}$/);
  assert.match(keys.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  const who = () => stsClient(plane, keys).getCallerIdentity({});
  assert.equal((await who()).Arn, `arn:aws:iam::${MAIN}:user/ann`);
  const set = (Status: 'Active' | 'Inactive') =>
    admin.updateAccessKey({ UserName: 'ann', AccessKeyId: keys.accessKeyId, Status });
  await set('Inactive');
  await refused(who(), 'InvalidClientTokenId', INVALID, 403);
  await set('Active');
  assert.ok(await who());
  await admin.deleteAccessKey({ UserName: 'ann', AccessKeyId: keys.accessKeyId });
  await refused(who(), 'InvalidClientTokenId', INVALID, 403);
  const wrong = { ...keys, secretAccessKey: 'x'.repeat(40) };
  await refused(stsClient(plane, wrong).getCallerIdentity({}), 'InvalidClientTokenId', INVALID, 403);
});

test('a user has two keys at most, and their secrets are shown once', async () => {
  await admin.createUser({ UserName: 'ben' });
  const made = [(await keyFor('ben')).accessKeyId, (await keyFor('ben')).accessKeyId];
  await refused(
    admin.createAccessKey({ UserName: 'ben' }),
    'LimitExceeded',
    'Cannot exceed quota for AccessKeysPerUser: 2',
    409,
  );
  const pages = await pagesOf(paginateListAccessKeys({ client: admin, pageSize: 1 }, { UserName: 'ben' }));
  const listed = pages.flatMap(({ AccessKeyMetadata }) => AccessKeyMetadata!);
  assert.deepEqual(listed.map(({ AccessKeyId }) => AccessKeyId).toSorted(), made.toSorted());
  assert.deepEqual(Object.keys(listed[0]!).toSorted(), ['AccessKeyId', 'CreateDate', 'Status', 'UserName']);
});

test('of keys that are made at the same time, two are made', async () => {
  await admin.createUser({ UserName: 'rae' });
  const made = await Promise.allSettled(Array.from({ length: 6 }, () => keyFor('rae')));
  assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 2);
  assert.equal((await admin.listAccessKeys({ UserName: 'rae' })).AccessKeyMetadata!.length, 2);
});

test('who names no user manages its own keys; the root user has keys of its own', async () => {
  await grant(admin, allowing(['iam:ListAccessKeys', 'iam:CreateAccessKey'], `arn:aws:iam::${MAIN}:user/limited`));
  const { AccessKey } = await limited.createAccessKey({});
  assert.equal(AccessKey!.UserName, 'limited');
  const { AccessKeyMetadata } = await limited.listAccessKeys({});
  assert.deepEqual(
    AccessKeyMetadata!.map(({ AccessKeyId }) => AccessKeyId).toSorted(),
    [AccessKey!.AccessKeyId, LIMITED.accessKeyId].toSorted(),
  );
  await denied(limited.listAccessKeys({ UserName: 'admin' }), 'iam:ListAccessKeys');
  const root = iamClient(plane, MAIN_ROOT);
  const second = (await root.createAccessKey({})).AccessKey!;
  assert.equal(second.UserName, undefined);
  assert.equal((await root.listAccessKeys({})).AccessKeyMetadata!.length, 2);
  await root.deleteAccessKey({ AccessKeyId: second.AccessKeyId });
});

test("a key is found under its own user's name alone", async () => {
  await admin.createUser({ UserName: 'cid' });
  const { accessKeyId: AccessKeyId } = await keyFor('cid');
  const message = `The Access Key with id ${AccessKeyId} cannot be found.`;
  for (const call of [
    () => admin.updateAccessKey({ AccessKeyId, Status: 'Inactive' }),
    () => admin.deleteAccessKey({ UserName: 'admin', AccessKeyId }),
    () => other.deleteAccessKey({ AccessKeyId }),
  ]) {
    await refused(call(), 'NoSuchEntity', message, 404);
  }
  await refused(
    admin.updateAccessKey({ UserName: 'cid', AccessKeyId, Status: 'Asleep' as 'Active' }),
    'ValidationError',
    /status/,
    400,
  );
  await refused(
    admin.deleteAccessKey({ UserName: 'cid', AccessKeyId: 'short' }),
    'ValidationError',
    /accessKeyId/,
    400,
  );
});

test('the last use of a key is told to its account alone', async () => {
  await admin.createUser({ UserName: 'dan' });
  const { accessKeyId: AccessKeyId } = await keyFor('dan');
  const used = await admin.getAccessKeyLastUsed({ AccessKeyId });
  assert.equal(used.UserName, 'dan');
  assert.deepEqual(used.AccessKeyLastUsed, { ServiceName: 'N/A', Region: 'N/A' });
  for (const id of [AccessKeyId, 'AKIANOSUCHKEY0000000']) {
    await denied(other.getAccessKeyLastUsed({ AccessKeyId: id }), 'iam:GetAccessKeyLastUsed');
  }
});

test('a password is kept as a digest, and only who knows it changes it', async () => {
  const UserName = 'eve';
  const first = 'First-password-1';
  await admin.createUser({ UserName });
  await refused(
    admin.getLoginProfile({ UserName }),
    'NoSuchEntity',
    'Login Profile for User eve cannot be found.',
    404,
  );
  const { LoginProfile } = await admin.createLoginProfile({ UserName, Password: first, PasswordResetRequired: true });
  assert.equal(LoginProfile!.PasswordResetRequired, true);
  const again = admin.createLoginProfile({ UserName, Password: first });
  await refused(again, 'EntityAlreadyExists', 'Login Profile for user eve already exists.', 409);
  const eve = iamClient(plane, await keyFor(UserName));
  const change = (OldPassword: string, NewPassword: string) => eve.changePassword({ OldPassword, NewPassword });
  await denied(change(first, 'Second-password-2'), 'iam:ChangePassword');
  const own = allowing('iam:ChangePassword', `arn:aws:iam::${MAIN}:user/\${aws:username}`);
  await admin.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: own });
  await refused(
    change('Wrong-password-0', 'Second-password-2'),
    'AccessDenied',
    'The old password was incorrect.',
    403,
  );
  await refused(change(first, 'short'), 'PasswordPolicyViolation', 'Password should have a minimum length of 8', 400);
  await change(first, 'Second-password-2');
  await refused(change(first, 'Third-password-3'), 'AccessDenied', 'The old password was incorrect.', 403);
  assert.equal((await admin.getLoginProfile({ UserName })).LoginProfile!.PasswordResetRequired, false);
  await refused(
    iamClient(plane, MAIN_ROOT).changePassword({ OldPassword: 'abcdefgh', NewPassword: 'Abcdefgh-1' }),
    'InvalidUserType',
    'Only IAM Users can change their own password',
    400,
  );
  for (const file of await readdir(plane.home, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const bytes = await readFile(join(file.parentPath, file.name));
    for (const password of [first, 'Second-password-2', 'Wrong-password-0']) {
      assert.ok(!bytes.includes(password), `${file.name} holds a password`);
      assert.ok(!bytes.includes(Buffer.from(password).toString('base64')), `${file.name} holds a password`);
    }
  }
});

test('without rules of the account, three of four kinds of characters make a password', async () => {
  await admin.createUser({ UserName: 'fox' });
  const set = (Password: string) => admin.createLoginProfile({ UserName: 'fox', Password });
  await refused(
    set('onlylowercase'),
    'PasswordPolicyViolation',
    'Password should meet 2 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one number, Password should have at least one symbol',
    400,
  );
  await refused(set('lowercase1'), 'PasswordPolicyViolation', /^Password should meet 1 more/, 400);
  await set('Lowercase1');
});

test("the account's rules hold for every password, and earlier passwords do not come back", async () => {
  const noRules = `The Password Policy with domain name ${MAIN} cannot be found.`;
  await refused(admin.getAccountPasswordPolicy({}), 'NoSuchEntity', noRules, 404);
  await refused(admin.deleteAccountPasswordPolicy({}), 'NoSuchEntity', noRules, 404);
  await admin.updateAccountPasswordPolicy({ RequireSymbols: true, MaxPasswordAge: 30 });
  await admin.updateAccountPasswordPolicy({
    MinimumPasswordLength: 12,
    RequireNumbers: true,
    PasswordReusePrevention: 2,
  });
  assert.deepEqual((await admin.getAccountPasswordPolicy({})).PasswordPolicy, {
    MinimumPasswordLength: 12,
    RequireSymbols: false,
    RequireNumbers: true,
    RequireUppercaseCharacters: false,
    RequireLowercaseCharacters: false,
    AllowUsersToChangePassword: false,
    ExpirePasswords: false,
    PasswordReusePrevention: 2,
  });
  await refused(
    admin.updateAccountPasswordPolicy({ MinimumPasswordLength: 5 }),
    'ValidationError',
    /minimumPasswordLength/,
    400,
  );
  const UserName = 'gil';
  await admin.createUser({ UserName });
  const create = (Password: string) => admin.createLoginProfile({ UserName, Password });
  await refused(create('Elevenchar1'), 'PasswordPolicyViolation', 'Password should have a minimum length of 12', 400);
  await refused(create('no-number-here'), 'PasswordPolicyViolation', 'Password should have at least one number', 400);
  await create('password-one-1');
  const update = (Password: string) => admin.updateLoginProfile({ UserName, Password });
  await update('password-two-2');
  await refused(update('password-one-1'), 'PasswordPolicyViolation', /used before/, 400);
  await update('password-three-3');
  await update('password-one-1');
  await refused(other.getAccountPasswordPolicy({}), 'NoSuchEntity', /./, 404);
  await admin.deleteAccountPasswordPolicy({});
  await update('Short-1-x');
});

test('of two accounts that want an alias at the same time, one gets it', async () => {
  const wanted = { AccountAlias: 'wanted-by-both' };
  const made = await Promise.allSettled([admin.createAccountAlias(wanted), other.createAccountAlias(wanted)]);
  assert.deepEqual(made.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  const has = await Promise.all([admin.listAccountAliases({}), other.listAccountAliases({})]);
  assert.deepEqual(
    has.flatMap(({ AccountAliases }) => AccountAliases),
    ['wanted-by-both'],
  );
  await (made[0].status === 'fulfilled' ? admin : other).deleteAccountAlias(wanted);
});

test('an alias is of one account of all, and an account has one', async () => {
  await admin.createAccountAlias({ AccountAlias: 'first-alias' });
  const taken = 'The account alias first-alias already exists.';
  await refused(other.createAccountAlias({ AccountAlias: 'first-alias' }), 'EntityAlreadyExists', taken, 409);
  await refused(admin.createAccountAlias({ AccountAlias: 'first-alias' }), 'EntityAlreadyExists', taken, 409);
  await admin.createAccountAlias({ AccountAlias: 'second-alias' });
  assert.deepEqual((await admin.listAccountAliases({})).AccountAliases, ['second-alias']);
  await other.createAccountAlias({ AccountAlias: 'first-alias' });
  await refused(
    admin.deleteAccountAlias({ AccountAlias: 'first-alias' }),
    'NoSuchEntity',
    'The account alias with name first-alias cannot be found.',
    404,
  );
  await admin.deleteAccountAlias({ AccountAlias: 'second-alias' });
  assert.deepEqual((await admin.listAccountAliases({})).AccountAliases, []);
  for (const AccountAlias of ['Upper', 'two--hyphens', '-begins', 'ab']) {
    await refused(admin.createAccountAlias({ AccountAlias }), 'ValidationError', /accountAlias/, 400);
  }
});
