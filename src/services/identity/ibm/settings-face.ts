/** `/v1/accounts/{id}/settings/identity`. https://cloud.ibm.com/apidocs/iam-identity-token-api#get-account-settings */
import { z } from 'zod';
import { Fault } from '../../../faults.ts';
import { readJson } from '../../../wire/ibm/body.ts';
import { type Route, route, type WireReply, type WireRequest } from '../../../wire/ibm/route.ts';
import { entityTag, ifMatch } from './entity.ts';
import { getSettings, type ShownSettings, type UpdateSettings, updateSettings } from './settings.ts';

/** Settings that are shown with the vendor's default and cannot be changed here: nothing would obey them. */
const FIXED = {
  allowed_ip_addresses: '',
  mfa: 'NONE',
  user_mfa: [],
  session_expiration_in_seconds: 'NOT_SET',
  session_invalidation_in_seconds: 'NOT_SET',
  max_sessions_per_identity: 'NOT_SET',
  restrict_user_list_visibility: 'NOT_RESTRICTED',
  restrict_user_domains: [],
} as const;

const restriction = z.enum(['RESTRICTED', 'NOT_RESTRICTED', 'NOT_SET']);

/** Seconds as text, or `NOT_SET`. */
const seconds = (most: number) =>
  z
    .string()
    .refine(
      (text) => text === 'NOT_SET' || (/^[0-9]{1,7}$/.test(text) && Number(text) >= 900 && Number(text) <= most),
      {
        error: `must be \`NOT_SET\` or text with a whole number from 900 to ${most}`,
      },
    );

const updateSchema = z.strictObject({
  restrict_create_service_id: restriction.optional(),
  restrict_create_platform_apikey: restriction.optional(),
  system_access_token_expiration_in_seconds: seconds(3600).optional(),
  system_refresh_token_expiration_in_seconds: seconds(259_200).optional(),
  ...Object.fromEntries(Object.keys(FIXED).map((name) => [name, z.json().optional()])),
});

type UpdateBody = z.infer<typeof updateSchema> & Readonly<Record<string, unknown>>;

function changesOf(body: UpdateBody): Pick<UpdateSettings, 'values' | 'unset'> {
  for (const [name, value] of Object.entries(FIXED)) {
    if (body[name] === undefined || JSON.stringify(body[name]) === JSON.stringify(value)) continue;
    throw new Fault('unavailable', 'setting-fixed', `\`${name}\` cannot be set: it stays ${JSON.stringify(value)}`, {
      target: { type: 'field', name },
    });
  }
  const lifetimes = {
    accessTokenExpiration: body.system_access_token_expiration_in_seconds,
    refreshTokenExpiration: body.system_refresh_token_expiration_in_seconds,
  };
  const entries = Object.entries(lifetimes) as [keyof typeof lifetimes, string | undefined][];
  const set = entries.filter(([, text]) => text !== undefined && text !== 'NOT_SET');
  return {
    values: {
      ...(body.restrict_create_service_id ? { restrictCreateServiceId: body.restrict_create_service_id } : {}),
      ...(body.restrict_create_platform_apikey ? { restrictCreateApiKey: body.restrict_create_platform_apikey } : {}),
      ...Object.fromEntries(set.map(([name, text]) => [name, Number(text)])),
    },
    unset: entries.flatMap(([name, text]) => (text === 'NOT_SET' ? [name] : [])),
  };
}

function settingsReply({ account, revision, value }: ShownSettings): WireReply {
  const tag = entityTag(account, revision);
  return {
    status: 200,
    headers: { etag: tag },
    body: {
      account_id: account,
      entity_tag: tag,
      restrict_create_service_id: value.restrictCreateServiceId,
      restrict_create_platform_apikey: value.restrictCreateApiKey,
      ...FIXED,
      system_access_token_expiration_in_seconds: String(value.accessTokenExpiration ?? 'NOT_SET'),
      system_refresh_token_expiration_in_seconds: String(value.refreshTokenExpiration ?? 'NOT_SET'),
    },
  };
}

const accountOf = (request: WireRequest): string => request.params['account']!;
const path = '/v1/accounts/:account/settings/identity';

export const settingsRoutes: readonly Route<never, never>[] = [
  route({ method: 'GET', path, operation: getSettings, input: accountOf, output: settingsReply }),
  route({
    method: 'PUT',
    path,
    operation: updateSettings,
    input: (request) => ({
      account: accountOf(request),
      tag: ifMatch(request),
      ...changesOf(readJson(request, updateSchema)),
    }),
    output: settingsReply,
  }),
];
