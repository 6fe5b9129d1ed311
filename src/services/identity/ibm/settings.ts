/** What an account settles about its identities. https://cloud.ibm.com/apidocs/iam-identity-token-api#get-account-settings */
import { Fault } from '../../../faults.ts';
import { operation } from '../../../operation.ts';
import { Settings, type SettingsDocument, settingsRef } from './access.ts';
import { checkTag, ownAccount } from './entity.ts';

/** Defaults where the account has settled nothing. */
export const ACCESS_TOKEN_SECONDS = 3600;
export const REFRESH_TOKEN_SECONDS = 259_200;

/** The settings of a new account. */
export const NEW_SETTINGS: SettingsDocument = { restrictCreateServiceId: 'NOT_SET', restrictCreateApiKey: 'NOT_SET' };

export interface ShownSettings {
  readonly account: string;
  readonly revision: number;
  readonly value: SettingsDocument;
}

export const getSettings = operation('identity.get-settings', async (cx, account: string): Promise<ShownSettings> => {
  const { document, value } = await cx.allow(Settings.read, settingsRef(ownAccount(cx, account)));
  return { account, revision: document!.revision, value };
});

export interface UpdateSettings {
  readonly account: string;
  readonly tag: string;
  /** `unset`: back to the default. */
  readonly values: Partial<SettingsDocument>;
  readonly unset: readonly ('accessTokenExpiration' | 'refreshTokenExpiration')[];
}

export const updateSettings = operation(
  'identity.update-settings',
  async (cx, { account, tag, values, unset }: UpdateSettings): Promise<ShownSettings> => {
    const allowed = await cx.allow(Settings.update, settingsRef(ownAccount(cx, account)));
    const { revision } = allowed.document!;
    checkTag(tag, { id: account, revision });
    const value: Record<string, unknown> = { ...allowed.value, ...values };
    for (const name of unset) delete value[name];
    const settings = value as unknown as SettingsDocument;
    checkLifetimes(settings);
    cx.update(allowed, settings);
    return { account, revision: revision + 1, value: settings };
  },
  { recorded: ({ values, unset }) => ({ values: { ...values }, unset }) },
);

function checkLifetimes({ accessTokenExpiration, refreshTokenExpiration }: SettingsDocument): void {
  const access = accessTokenExpiration ?? ACCESS_TOKEN_SECONDS;
  if (access <= (refreshTokenExpiration ?? REFRESH_TOKEN_SECONDS)) return;
  throw new Fault(
    'invalid',
    'lifetimes',
    'access tokens cannot outlive refresh tokens: shorten the one or lengthen the other',
  );
}
