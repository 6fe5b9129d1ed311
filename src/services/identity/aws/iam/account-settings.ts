/** What an account has once: its alias and its rules for passwords. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Action } from '../../../../access.ts';
import type { Context } from '../../../../context.ts';
import type { Fault } from '../../../../faults.ts';
import { operation } from '../../../../operation.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { AwsSettings } from '../access.ts';
import { type AwsSettingsDocument, allRef, type PasswordRules } from '../documents.ts';
import { namedEntries, pageOf } from './listing.ts';

type Change = (settings: AwsSettingsDocument) => Promise<AwsSettingsDocument> | AwsSettingsDocument;

/** Asks, and keeps what `change` makes of the settings; an account without settings gets some. */
async function changeSettings(cx: Context, action: Action<AwsSettingsDocument>, change: Change): Promise<void> {
  const ref = allRef(cx.identity.caller.account);
  const settings = await cx.allowIfThere(action, ref);
  const changed = await change(settings?.value ?? {});
  if (settings) cx.update(settings, changed);
  else cx.create(await cx.allowNew(action, ref, changed), changed);
}

/** An account has one alias at most: another one takes its place. */
export const createAccountAlias = operation(
  'iam.CreateAccountAlias',
  async (
    cx,
    { AccountAlias: alias }: Input<Iam.CreateAccountAliasCommandInput>,
  ): Promise<Output<Iam.CreateAccountAliasCommandOutput>> => {
    await changeSettings(cx, AwsSettings.createAccountAlias, async (settings) => {
      const [holder] = await cx.locate(AwsSettings.type, 'alias', alias, 1);
      if (holder) throw awsFault('EntityAlreadyExists', `The account alias ${alias} already exists.`);
      return { ...settings, alias };
    });
    return {};
  },
  { recorded: ({ AccountAlias }) => ({ AccountAlias }) },
);

export const deleteAccountAlias = operation(
  'iam.DeleteAccountAlias',
  async (
    cx,
    { AccountAlias: alias }: Input<Iam.DeleteAccountAliasCommandInput>,
  ): Promise<Output<Iam.DeleteAccountAliasCommandOutput>> => {
    await changeSettings(cx, AwsSettings.deleteAccountAlias, ({ alias: current, ...others }) => {
      if (current === alias) return others;
      throw awsFault('NoSuchEntity', `The account alias with name ${alias} cannot be found.`);
    });
    return {};
  },
  { recorded: ({ AccountAlias }) => ({ AccountAlias }) },
);

export const listAccountAliases = operation(
  'iam.ListAccountAliases',
  async (
    cx,
    input: Input<Iam.ListAccountAliasesCommandInput>,
  ): Promise<Output<Iam.ListAccountAliasesCommandOutput>> => {
    const settings = await cx.allowIfThere(AwsSettings.listAccountAliases, allRef(cx.identity.caller.account));
    const alias = settings?.value.alias;
    const entries = namedEntries(alias === undefined ? [] : [[alias, alias] as const]);
    const { items, rest } = await pageOf(cx, ['ListAccountAliases'], input, entries);
    return { AccountAliases: [...items], ...rest };
  },
);

const DEFAULT_MINIMUM_LENGTH = 6;

/**
 * All rules are replaced: what is not given falls back to its default.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
 */
export const updateAccountPasswordPolicy = operation(
  'iam.UpdateAccountPasswordPolicy',
  async (
    cx,
    input: Input<Iam.UpdateAccountPasswordPolicyCommandInput>,
  ): Promise<Output<Iam.UpdateAccountPasswordPolicyCommandOutput>> => {
    await changeSettings(cx, AwsSettings.updateAccountPasswordPolicy, (settings) => ({
      ...settings,
      passwordPolicy: rulesOf(input),
    }));
    return {};
  },
  { recorded: (input) => ({ ...rulesOf(input) }) },
);

function rulesOf(input: Input<Iam.UpdateAccountPasswordPolicyCommandInput>): PasswordRules {
  const { MaxPasswordAge, PasswordReusePrevention, HardExpiry } = input;
  return {
    MinimumPasswordLength: input.MinimumPasswordLength ?? DEFAULT_MINIMUM_LENGTH,
    RequireSymbols: input.RequireSymbols ?? false,
    RequireNumbers: input.RequireNumbers ?? false,
    RequireUppercaseCharacters: input.RequireUppercaseCharacters ?? false,
    RequireLowercaseCharacters: input.RequireLowercaseCharacters ?? false,
    AllowUsersToChangePassword: input.AllowUsersToChangePassword ?? false,
    ...(MaxPasswordAge === undefined ? {} : { MaxPasswordAge }),
    ...(PasswordReusePrevention === undefined ? {} : { PasswordReusePrevention }),
    ...(HardExpiry === undefined ? {} : { HardExpiry }),
  };
}

export const getAccountPasswordPolicy = operation(
  'iam.GetAccountPasswordPolicy',
  async (
    cx,
    _input: Input<Iam.GetAccountPasswordPolicyCommandInput>,
  ): Promise<Output<Iam.GetAccountPasswordPolicyCommandOutput>> => {
    const { account } = cx.identity.caller;
    const settings = await cx.allowIfThere(AwsSettings.getAccountPasswordPolicy, allRef(account));
    const rules = settings?.value.passwordPolicy;
    if (rules === undefined) throw noPasswordPolicy(account);
    return { PasswordPolicy: { ...rules, ExpirePasswords: rules.MaxPasswordAge !== undefined } };
  },
);

export const deleteAccountPasswordPolicy = operation(
  'iam.DeleteAccountPasswordPolicy',
  async (
    cx,
    _input: Input<Iam.DeleteAccountPasswordPolicyCommandInput>,
  ): Promise<Output<Iam.DeleteAccountPasswordPolicyCommandOutput>> => {
    await changeSettings(cx, AwsSettings.deleteAccountPasswordPolicy, ({ passwordPolicy, ...others }) => {
      if (passwordPolicy !== undefined) return others;
      throw noPasswordPolicy(cx.identity.caller.account);
    });
    return {};
  },
);

const noPasswordPolicy = (account: string): Fault =>
  awsFault('NoSuchEntity', `The Password Policy with domain name ${account} cannot be found.`);

export const accountSettingOperations = {
  CreateAccountAlias: createAccountAlias,
  DeleteAccountAlias: deleteAccountAlias,
  ListAccountAliases: listAccountAliases,
  UpdateAccountPasswordPolicy: updateAccountPasswordPolicy,
  GetAccountPasswordPolicy: getAccountPasswordPolicy,
  DeleteAccountPasswordPolicy: deleteAccountPasswordPolicy,
} satisfies Answered<typeof Iam>;
