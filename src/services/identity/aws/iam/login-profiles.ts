/** Passwords of users, as records: nothing of the plane is signed in to with one. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import type { Fault } from '../../../../faults.ts';
import { type Allowed, operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { User } from '../access.ts';
import { loginProfiles, type UserDocument, userNamed } from '../documents.ts';
import { shownName, userAsked } from './caller.ts';
import { keepLoginProfile, LOGIN, loginProfileOf, passwordRulesOf } from './login-profile-record.ts';
import { digestOf, isDigestOf, requireGoodPassword, requireUnused } from './passwords.ts';

function shownProfile(
  { value }: Allowed<UserDocument>,
  { createdAt, resetRequired }: { readonly createdAt: number; readonly resetRequired: boolean },
): Iam.LoginProfile {
  return {
    UserName: shownName(value),
    CreateDate: new Date(createdAt),
    PasswordResetRequired: resetRequired,
  };
}

const noProfile = ({ value }: Allowed<UserDocument>): Fault =>
  awsFault('NoSuchEntity', `Login Profile for User ${value.name} cannot be found.`);

export const createLoginProfile = operation(
  'iam.CreateLoginProfile',
  async (
    cx,
    input: Input<Iam.CreateLoginProfileCommandInput>,
  ): Promise<Output<Iam.CreateLoginProfileCommandOutput>> => {
    const user = await cx.allow(User.createLoginProfile, userAsked(cx, input.UserName));
    if ((await cx.part(user, loginProfiles, LOGIN)) !== undefined) {
      throw awsFault('EntityAlreadyExists', `Login Profile for user ${user.value.name} already exists.`);
    }
    if (input.Password === undefined) throw awsFault('ValidationError', 'a login profile needs a `Password`');
    requireGoodPassword(input.Password, await passwordRulesOf(cx, user));
    const profile = {
      createdAt: cx.now,
      changedAt: cx.now,
      resetRequired: input.PasswordResetRequired ?? false,
      digests: [await digestOf(input.Password)],
    };
    keepLoginProfile(cx, user, profile);
    return { LoginProfile: shownProfile(user, profile) };
  },
  { recorded: ({ UserName, PasswordResetRequired }) => ({ UserName, PasswordResetRequired }) },
);

export const getLoginProfile = operation(
  'iam.GetLoginProfile',
  async (
    cx,
    { UserName }: Input<Iam.GetLoginProfileCommandInput>,
  ): Promise<Output<Iam.GetLoginProfileCommandOutput>> => {
    const user = await cx.allow(User.getLoginProfile, userAsked(cx, UserName));
    const login = await cx.part(user, loginProfiles, LOGIN);
    if (login === undefined) throw noProfile(user);
    return { LoginProfile: shownProfile(user, login.value) };
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

export const updateLoginProfile = operation(
  'iam.UpdateLoginProfile',
  async (
    cx,
    input: Input<Iam.UpdateLoginProfileCommandInput>,
  ): Promise<Output<Iam.UpdateLoginProfileCommandOutput>> => {
    const user = await cx.allow(User.updateLoginProfile, userNamed(cx.identity.caller.account, input.UserName));
    const profile = await loginProfileOf(cx, user);
    if (profile === undefined) throw noProfile(user);
    const resetRequired = input.PasswordResetRequired ?? profile.resetRequired;
    const changed = input.Password === undefined ? profile : await withPassword(cx, user, profile, input.Password);
    keepLoginProfile(cx, user, { ...changed, resetRequired });
    return {};
  },
  { recorded: ({ UserName, PasswordResetRequired }) => ({ UserName, PasswordResetRequired }) },
);

type Profile = NonNullable<Awaited<ReturnType<typeof loginProfileOf>>>;

/** Throws `PasswordPolicyViolation`. */
async function withPassword(
  cx: Context,
  user: Allowed<UserDocument>,
  profile: Profile,
  password: string,
): Promise<Profile> {
  const rules = await passwordRulesOf(cx, user);
  requireGoodPassword(password, rules);
  await requireUnused(password, profile.digests, rules);
  return { ...profile, changedAt: cx.now, digests: [await digestOf(password), ...profile.digests] };
}

export const deleteLoginProfile = operation(
  'iam.DeleteLoginProfile',
  async (
    cx,
    { UserName }: Input<Iam.DeleteLoginProfileCommandInput>,
  ): Promise<Output<Iam.DeleteLoginProfileCommandOutput>> => {
    const user = await cx.allow(User.deleteLoginProfile, userAsked(cx, UserName));
    if ((await cx.part(user, loginProfiles, LOGIN)) === undefined) throw noProfile(user);
    cx.removePart(user, loginProfiles, LOGIN);
    return {};
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

/** A user changes its own password, knowing the old one. */
export const changePassword = operation(
  'iam.ChangePassword',
  async (cx, input: Input<Iam.ChangePasswordCommandInput>): Promise<Output<Iam.ChangePasswordCommandOutput>> => {
    if (cx.identity.caller.kind !== 'user') {
      throw awsFault('InvalidUserType', 'Only IAM Users can change their own password');
    }
    const user = await cx.allow(User.changePassword, userAsked(cx, undefined));
    const profile = await loginProfileOf(cx, user);
    if (profile === undefined) throw noProfile(user);
    if (!(await isDigestOf(profile.digests[0]!, input.OldPassword))) {
      throw awsFault('AccessDenied', 'The old password was incorrect.');
    }
    keepLoginProfile(cx, user, { ...(await withPassword(cx, user, profile, input.NewPassword)), resetRequired: false });
    return {};
  },
);

export const loginProfileOperations = {
  CreateLoginProfile: createLoginProfile,
  GetLoginProfile: getLoginProfile,
  UpdateLoginProfile: updateLoginProfile,
  DeleteLoginProfile: deleteLoginProfile,
  ChangePassword: changePassword,
} satisfies Answered<typeof Iam>;
