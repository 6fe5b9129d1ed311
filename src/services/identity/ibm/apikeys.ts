/** API keys of users and service IDs. https://cloud.ibm.com/apidocs/iam-identity-token-api#list-api-keys */
import type { Context } from '../../../context.ts';
import { Fault } from '../../../faults.ts';
import { type Allowed, operation } from '../../../operation.ts';
import type { ListQuery } from '../../../store/store.ts';
import { digestOf, newSecret } from '../identity.ts';
import { ApiKey, type ApiKeyDocument, apiKeyRef, apiKeys, ServiceId, serviceIdOf, serviceIdRef } from './access.ts';
import { checkTag, LONGEST_LIST, ownAccount } from './entity.ts';

/** https://cloud.ibm.com/docs/account?topic=account-known-issues#iam_limits */
const KEYS_PER_IDENTITY = 20;

export interface ApiKeyValues {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly supportSessions?: boolean | undefined;
  readonly actionWhenLeaked?: ApiKeyDocument['actionWhenLeaked'] | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
}

export interface NewApiKey extends ApiKeyValues {
  readonly name: string;
  /** A value to use instead of a new one. */
  readonly apiKey?: string | undefined;
  readonly storeValue?: boolean | undefined;
  readonly locked?: boolean;
  readonly disabled?: boolean;
}

export interface CreateApiKey extends NewApiKey {
  readonly iamId: string;
  readonly account?: string | undefined;
}

/** An API key as shown. `secret` is the key itself, where it may be told. */
export interface ShownApiKey {
  readonly account: string;
  readonly id: string;
  readonly revision: number;
  readonly value: Readonly<ApiKeyDocument>;
  readonly secret?: string;
}

export const createApiKey = operation(
  'identity.create-api-key',
  async (cx, input: CreateApiKey): Promise<ShownApiKey> => {
    const account = ownAccount(cx, input.account);
    const serviceId = serviceIdOf(input.iamId);
    if (serviceId === undefined && input.iamId !== cx.identity.caller.id) {
      throw new Fault('denied', 'not-own-key', 'You are not authorized to use this API.');
    }
    if (serviceId !== undefined) await cx.allow(ServiceId.read, serviceIdRef(account, serviceId));
    const action = serviceId === undefined ? ApiKey.createOwn : ApiKey.create;
    return addApiKey(cx, action, account, input.iamId, input);
  },
  { recorded: ({ name, iamId }) => ({ name, iamId }) },
);

type CreateAction = typeof ApiKey.create | typeof ApiKey.createOwn | typeof ApiKey.createFirst;

/** Makes a key, asking by `action`. Throws `quota`, `conflict` for a value in use, `invalid` for one that cannot be kept. */
export async function addApiKey(
  cx: Context,
  action: CreateAction,
  account: string,
  iamId: string,
  input: NewApiKey,
): Promise<ShownApiKey> {
  const secret = input.apiKey ?? newSecret();
  const draft = draftOf(cx, iamId, input, secret);
  const id = `ApiKey-${cx.newId()}`;
  const allowed: Allowed<ApiKeyDocument> = await cx.allowNew<ApiKeyDocument, string>(
    action,
    apiKeyRef(account, id),
    draft,
  );
  if (draft.value !== undefined && serviceIdOf(iamId) === undefined) {
    throw new Fault('invalid', 'store-value', '`store_value`: the API keys of users cannot be stored', {
      target: { type: 'field', name: 'store_value' },
    });
  }
  const others = await cx.parts(allowed, apiKeys, { index: 'iamId', key: iamId, limit: KEYS_PER_IDENTITY });
  if (others.items.length >= KEYS_PER_IDENTITY) {
    throw new Fault(
      'quota',
      'too-many-api-keys',
      `an identity can have at most ${KEYS_PER_IDENTITY} API keys: delete one`,
    );
  }
  if ((await cx.locate(ApiKey.type, 'digest', draft.digest)).length > 0) {
    throw new Fault('conflict', 'api-key-in-use', 'this API key value is in use: choose another, or leave it out');
  }
  cx.create(allowed, draft);
  return { account, id, revision: 1, value: draft, secret };
}

function draftOf(cx: Context, iamId: string, input: NewApiKey, secret: string): ApiKeyDocument {
  return {
    ...changes(cx, input),
    name: input.name,
    iamId,
    digest: digestOf(secret),
    ...(input.storeValue === true ? { value: Buffer.from(secret).toString('base64') } : {}),
    locked: input.locked ?? false,
    disabled: input.disabled ?? false,
    supportSessions: input.supportSessions ?? false,
    actionWhenLeaked: input.actionWhenLeaked ?? 'none',
    createdAt: cx.now,
    createdBy: cx.identity.caller.id,
    modifiedAt: cx.now,
  };
}

/** The values that were sent. Throws `invalid` for an expiry that is past. */
function changes(cx: Context, input: ApiKeyValues): Partial<ApiKeyDocument> {
  if (input.expiresAt !== undefined && input.expiresAt <= cx.now) {
    throw new Fault('invalid', 'expired', '`expires_at`: lies in the past', {
      target: { type: 'field', name: 'expires_at' },
    });
  }
  return {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.supportSessions === undefined ? {} : { supportSessions: input.supportSessions }),
    ...(input.actionWhenLeaked === undefined ? {} : { actionWhenLeaked: input.actionWhenLeaked }),
    ...(input.expiresAt === undefined ? {} : { expiresAt: input.expiresAt }),
  };
}

function shown({ ref, document }: Allowed<ApiKeyDocument>): ShownApiKey {
  return { account: ref.account, id: ref.id, revision: document!.revision, value: document!.value };
}

export const getApiKey = operation('identity.get-api-key', async (cx, id: string): Promise<ShownApiKey> => {
  const allowed = await cx.allow(ApiKey.read, apiKeyRef(ownAccount(cx, undefined), id));
  if (allowed.value.value === undefined) return shown(allowed);
  const revealed = await cx.allow(ApiKey.reveal, allowed.ref);
  const secret = cx.open(revealed, apiKeys, revealed.document!, 'value').toString();
  return { ...shown(allowed), secret };
});

/** What a key is, for who holds its value. */
export const getApiKeyDetails = operation(
  'identity.api-key-details',
  async (cx, apiKey: string): Promise<ShownApiKey> => {
    const [found] = await cx.locate(ApiKey.type, 'digest', digestOf(apiKey));
    return shown(await cx.allow(ApiKey.read, found?.ref ?? apiKeyRef(ownAccount(cx, undefined), 'unknown')));
  },
);

export interface ListApiKeys {
  readonly account: string | undefined;
  /** Undefined: those of the caller, or of everybody with scope `account`. */
  readonly iamId: string | undefined;
  readonly scope: 'entity' | 'account';
  readonly type: 'user' | 'serviceid' | undefined;
}

export const listApiKeys = operation(
  'identity.list-api-keys',
  async (cx, input: ListApiKeys): Promise<ShownApiKey[]> => {
    const account = ownAccount(cx, input.account);
    const iamId = input.iamId ?? (input.scope === 'entity' ? cx.identity.caller.id : undefined);
    const range: Pick<ListQuery, 'index' | 'key'> = iamId === undefined ? {} : { index: 'iamId', key: iamId };
    const page = await cx.allowEach(ApiKey.list, account, {
      ...range,
      limit: LONGEST_LIST,
      keep: ({ value }) =>
        input.type === undefined || (input.type === 'user') === (serviceIdOf(value.iamId) === undefined),
    });
    return page.items.map(shown);
  },
);

export interface UpdateApiKey extends ApiKeyValues {
  readonly id: string;
  readonly tag: string;
}

export const updateApiKey = operation(
  'identity.update-api-key',
  async (cx, input: UpdateApiKey): Promise<ShownApiKey> => {
    const allowed = await cx.allow(ApiKey.update, apiKeyRef(ownAccount(cx, undefined), input.id));
    checkTag(input.tag, allowed.document!);
    checkUnlocked(allowed.value);
    return change(cx, allowed, changes(cx, input));
  },
  { recorded: ({ id }) => ({ id }) },
);

export interface SwitchApiKey {
  readonly id: string;
  readonly to: { readonly locked: boolean } | { readonly disabled: boolean };
}

/** Locks, unlocks, disables or enables. A locked key still authenticates; it cannot be changed or deleted. */
export const switchApiKey = operation(
  'identity.switch-api-key',
  async (cx, { id, to }: SwitchApiKey): Promise<ShownApiKey> => {
    const allowed = await cx.allow(ApiKey.update, apiKeyRef(ownAccount(cx, undefined), id));
    if ('disabled' in to) checkUnlocked(allowed.value);
    return change(cx, allowed, to);
  },
  { recorded: ({ id, to }) => ({ id, to }) },
);

export const deleteApiKey = operation(
  'identity.delete-api-key',
  async (cx, id: string): Promise<void> => {
    const allowed = await cx.allow(ApiKey.delete, apiKeyRef(ownAccount(cx, undefined), id));
    checkUnlocked(allowed.value);
    cx.remove(allowed);
  },
  { recorded: (id) => ({ id }) },
);

function change(cx: Context, allowed: Allowed<ApiKeyDocument>, values: Partial<ApiKeyDocument>): ShownApiKey {
  const value = { ...allowed.value, ...values, modifiedAt: cx.now };
  cx.update(allowed, value);
  return { account: allowed.ref.account, id: allowed.ref.id, revision: allowed.document!.revision + 1, value };
}

function checkUnlocked(value: { readonly locked: boolean }): void {
  if (value.locked) throw new Fault('state', 'locked', 'it is locked: unlock it first');
}
