/** What an account settles about its identities. https://cloud.ibm.com/apidocs/iam-identity-token-api#getaccountsettings */
import type { SettingsDocument } from './access.ts';

/** Defaults where the account has settled nothing. */
export const ACCESS_TOKEN_SECONDS = 3600;
export const REFRESH_TOKEN_SECONDS = 259_200;

/** The settings of a new account. */
export const NEW_SETTINGS: SettingsDocument = { restrictCreateServiceId: 'NOT_SET', restrictCreateApiKey: 'NOT_SET' };
