/**
 * The report on the credentials of all users of an account, and the job that writes it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
import type { AccountReader } from '../../../../account-reader.ts';
import { operation } from '../../../../operation.ts';
import { arnOf } from '../../../../policy/names.ts';
import { collection } from '../../../../store/store.ts';
import {
  type AccessKeyDocument,
  accessKeys,
  awsSettings,
  keyOf,
  LISTED,
  loginProfiles,
  ROOT_USER,
  rootRef,
  type UserDocument,
  userRef,
  users,
} from '../documents.ts';
import { readOn, usage, uses } from './kept.ts';

export interface CredentialReport {
  readonly requestedAt: number;
  /** Absent while it is being written. */
  readonly result?: {
    readonly writtenAt: number;
    /** CSV. */
    readonly content: string;
  };
}

/** An account has one: part of its use, id `{account}/credentials`. */
export const credentialReports = collection<CredentialReport>('aws-credential-reports', { partOf: usage });
export const CREDENTIALS = 'credentials';

export const WRITE_CREDENTIALS = 'iam.writeCredentialReport';

/** Writes the report that was asked for, once all records up to then have been read. */
export const writeCredentialReport = operation(WRITE_CREDENTIALS, async (cx): Promise<void> => {
  const { account } = cx.identity.caller;
  const { allowed, until } = await readOn(cx);
  const report = (await cx.part(allowed, credentialReports, CREDENTIALS))?.value;
  if (report === undefined || report.result) return;
  if (until < report.requestedAt) {
    cx.schedule({ kind: WRITE_CREDENTIALS, account, due: cx.now, payload: null, key: WRITE_CREDENTIALS });
    return;
  }
  const content = await reportText(cx.accountOf(allowed), account);
  cx.putPart(allowed, credentialReports, CREDENTIALS, { ...report, result: { writtenAt: cx.now, content } });
});

const COLUMNS = [
  ...['user', 'arn', 'user_creation_time'],
  ...['password_enabled', 'password_last_used', 'password_last_changed', 'password_next_rotation', 'mfa_active'],
  ...[1, 2].flatMap((n) =>
    ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'].map(
      (column) => `access_key_${n}_${column}`,
    ),
  ),
  ...['cert_1_active', 'cert_1_last_rotated', 'cert_2_active', 'cert_2_last_rotated'],
];

const NONE = 'N/A';
const NO_KEY = ['false', NONE, NONE, NONE, NONE];
/** Signing certificates are not kept here. */
const NO_CERTIFICATES = ['false', NONE, 'false', NONE];
const DAY = 24 * 3600_000;
const PAGE = 100;

async function reportText(reader: AccountReader, account: string): Promise<string> {
  const lines = [COLUMNS.join(',')];
  const root = (await reader.get(users, account, ROOT_USER))?.value;
  if (root) lines.push(await rootLine(reader, account, root));
  const rules = (await reader.get(awsSettings, account, account))?.value.passwordPolicy;
  let after: string | undefined;
  do {
    const page = await reader.list(users, account, {
      index: 'listed',
      key: LISTED,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const { value } of page.items) lines.push(await userLine(reader, account, value, rules?.MaxPasswordAge));
    after = page.next;
  } while (after !== undefined);
  return lines.join('\n');
}

/** The root user has no password here: there is no console to sign in to. */
async function rootLine(reader: AccountReader, account: string, root: UserDocument): Promise<string> {
  const password = ['not_supported', 'no_information', 'not_supported', 'not_supported', 'false'];
  const keys = await keyFields(reader, account, ROOT_USER);
  return [
    '<root_account>',
    arnOf(rootRef(account)),
    timeOf(root.createdAt),
    ...password,
    ...keys,
    ...NO_CERTIFICATES,
  ].join(',');
}

async function userLine(
  reader: AccountReader,
  account: string,
  user: UserDocument,
  maxPasswordAge: number | undefined,
): Promise<string> {
  const key = keyOf(user.name);
  const login = (await reader.get(loginProfiles, account, `${key}/login`))?.value;
  const rotation =
    login === undefined || maxPasswordAge === undefined ? NONE : timeOf(login.changedAt + maxPasswordAge * DAY);
  const password = login ? ['true', 'no_information', timeOf(login.changedAt), rotation] : ['false', NONE, NONE, NONE];
  return [
    quoted(user.name),
    quoted(arnOf(userRef(account, user.path, user.name))),
    timeOf(user.createdAt),
    ...password,
    'false',
    ...(await keyFields(reader, account, key)),
    ...NO_CERTIFICATES,
  ].join(',');
}

/** Both access keys, the older one first. */
async function keyFields(reader: AccountReader, account: string, user: string): Promise<readonly string[]> {
  const { items } = await reader.list(accessKeys, account, { index: 'user', key: user, limit: 2 });
  const keys = items.map(({ value }) => value).toSorted((a, b) => a.createdAt - b.createdAt);
  const fields: string[] = [];
  for (const key of keys) fields.push(...(await oneKeyFields(reader, account, key)));
  for (let missing = keys.length; missing < 2; missing += 1) fields.push(...NO_KEY);
  return fields;
}

async function oneKeyFields(
  reader: AccountReader,
  account: string,
  { id, active, createdAt }: AccessKeyDocument,
): Promise<readonly string[]> {
  const last = (await reader.get(uses, account, `${account}/${id}`))?.value.last;
  const used = last ? [timeOf(last.at), last.region, last.service] : [NONE, NONE, NONE];
  return [String(active), timeOf(createdAt), ...used];
}

/** `2026-11-22T10:00:00+00:00` */
function timeOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}+00:00`;
}

/** Names and paths may hold commas. */
function quoted(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
