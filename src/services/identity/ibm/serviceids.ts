/** Service IDs: identities of programs. https://cloud.ibm.com/apidocs/iam-identity-token-api#list-service-ids */
import type { Context } from '../../../context.ts';
import { Fault } from '../../../faults.ts';
import { type Allowed, operation } from '../../../operation.ts';
import type { Json } from '../../../store/store.ts';
import {
  ApiKey,
  Group,
  groupMembers,
  iamIdOf,
  ServiceId,
  type ServiceIdDocument,
  serviceIdRef,
  serviceIds,
} from './access.ts';
import { addApiKey, type NewApiKey, type ShownApiKey } from './apikeys.ts';
import { administerOwn } from './creator.ts';
import { checkTag, LONGEST_LIST, ownAccount } from './entity.ts';

/** https://cloud.ibm.com/docs/account?topic=account-known-issues#iam_limits */
const SERVICE_IDS_PER_ACCOUNT = 2000;

export interface ServiceIdValues {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly uniqueInstanceCrns?: readonly string[] | undefined;
}

export interface ShownServiceId {
  readonly account: string;
  readonly id: string;
  readonly revision: number;
  readonly value: Readonly<ServiceIdDocument>;
  /** A key made together with it. */
  readonly apiKey?: ShownApiKey;
}

export interface CreateServiceId extends ServiceIdValues {
  readonly account: string;
  readonly name: string;
  readonly locked: boolean;
  readonly apiKey: NewApiKey | undefined;
}

export const createServiceId = operation(
  'identity.create-service-id',
  async (cx, input: CreateServiceId): Promise<ShownServiceId> => {
    const account = ownAccount(cx, input.account);
    const id = `ServiceId-${cx.newId()}`;
    const draft: ServiceIdDocument = {
      uniqueInstanceCrns: [],
      ...changes(input),
      name: input.name,
      locked: input.locked,
      createdAt: cx.now,
      createdBy: cx.identity.caller.id,
      modifiedAt: cx.now,
    };
    const allowed = await cx.allowNew(ServiceId.create, serviceIdRef(account, id), draft);
    const others = await cx.parts(allowed, serviceIds, { limit: SERVICE_IDS_PER_ACCOUNT });
    if (others.items.length >= SERVICE_IDS_PER_ACCOUNT) {
      throw new Fault(
        'quota',
        'too-many-service-ids',
        `an account can have at most ${SERVICE_IDS_PER_ACCOUNT} service IDs`,
      );
    }
    cx.create(allowed, draft);
    await administerOwn(cx, allowed);
    const made = { account, id, revision: 1, value: draft };
    if (input.apiKey === undefined) return made;
    return { ...made, apiKey: await addApiKey(cx, ApiKey.createFirst, account, iamIdOf(id), input.apiKey) };
  },
  { recorded: ({ name }) => ({ name }) },
);

function changes(values: ServiceIdValues): Partial<ServiceIdDocument> {
  return {
    ...(values.name === undefined ? {} : { name: values.name }),
    ...(values.description === undefined ? {} : { description: values.description }),
    ...(values.uniqueInstanceCrns === undefined ? {} : { uniqueInstanceCrns: values.uniqueInstanceCrns }),
  };
}

function shown({ ref, document }: Allowed<ServiceIdDocument>): ShownServiceId {
  return { account: ref.account, id: ref.id, revision: document!.revision, value: document!.value };
}

export const getServiceId = operation('identity.get-service-id', async (cx, id: string): Promise<ShownServiceId> => {
  return shown(await cx.allow(ServiceId.read, serviceIdRef(ownAccount(cx, undefined), id)));
});

export interface ListServiceIds {
  readonly account: string | undefined;
  readonly name: string | undefined;
}

export const listServiceIds = operation(
  'identity.list-service-ids',
  async (cx, { account, name }: ListServiceIds): Promise<ShownServiceId[]> => {
    const range = name === undefined ? {} : { index: 'name', key: name };
    const page = await cx.allowEach(ServiceId.list, ownAccount(cx, account), { ...range, limit: LONGEST_LIST });
    return page.items.map(shown);
  },
);

export interface UpdateServiceId extends ServiceIdValues {
  readonly id: string;
  readonly tag: string;
}

export const updateServiceId = operation(
  'identity.update-service-id',
  async (cx, input: UpdateServiceId): Promise<ShownServiceId> => {
    const allowed = await cx.allow(ServiceId.update, serviceIdRef(ownAccount(cx, undefined), input.id));
    checkTag(input.tag, allowed.document!);
    checkUnlocked(allowed.value);
    return change(cx, allowed, changes(input));
  },
  { recorded: ({ id }) => ({ id }) },
);

export const lockServiceId = operation(
  'identity.lock-service-id',
  async (cx, { id, locked }: { id: string; locked: boolean }): Promise<ShownServiceId> => {
    const allowed = await cx.allow(ServiceId.update, serviceIdRef(ownAccount(cx, undefined), id));
    return change(cx, allowed, { locked });
  },
  { recorded: ({ id, locked }) => ({ id, locked }) },
);

/** Job kinds that follow a deletion. */
export const FORGET_API_KEYS = 'identity.forget-api-keys';
export const FORGET_MEMBER = 'identity.forget-member';

/** Tokens and API keys of a service ID end with it at once: they are looked up by it. What is left of them follows. */
export const deleteServiceId = operation(
  'identity.delete-service-id',
  async (cx, id: string): Promise<void> => {
    const account = ownAccount(cx, undefined);
    const allowed = await cx.allow(ServiceId.delete, serviceIdRef(account, id));
    checkUnlocked(allowed.value);
    cx.remove(allowed);
    const payload = { iamId: iamIdOf(id) };
    for (const kind of [FORGET_API_KEYS, FORGET_MEMBER]) cx.schedule({ kind, account, due: cx.now, payload });
  },
  { recorded: (id) => ({ id }) },
);

export const forgetApiKeys = operation('identity.forget-api-keys', async (cx, payload: Json): Promise<void> => {
  const { iamId } = payload as { iamId: string };
  const range = { index: 'iamId', key: iamId, limit: LONGEST_LIST };
  for (const allowed of (await cx.allowEach(ApiKey.forget, cx.identity.caller.account, range)).items)
    cx.remove(allowed);
});

export const forgetMember = operation('identity.forget-member', async (cx, payload: Json): Promise<void> => {
  const { iamId } = payload as { iamId: string };
  const groups = await cx.allowEach(Group.forgetMember, cx.identity.caller.account, { limit: LONGEST_LIST });
  for (const allowed of groups.items) {
    if (await cx.part(allowed, groupMembers, iamId)) cx.removePart(allowed, groupMembers, iamId);
  }
});

function change(cx: Context, allowed: Allowed<ServiceIdDocument>, values: Partial<ServiceIdDocument>): ShownServiceId {
  const value = { ...allowed.value, ...values, modifiedAt: cx.now };
  cx.update(allowed, value);
  return { account: allowed.ref.account, id: allowed.ref.id, revision: allowed.document!.revision + 1, value };
}

function checkUnlocked(value: ServiceIdDocument): void {
  if (value.locked) throw new Fault('state', 'locked', 'the service ID is locked: unlock it first');
}
