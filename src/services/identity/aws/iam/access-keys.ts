/** Access keys of users and of the root user. */
import { randomBytes } from 'node:crypto';
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import { type Allowed, operation } from '../../../../operation.ts';
import type { ResourceRef } from '../../../../policy/names.ts';
import type { Document } from '../../../../store/store.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { User } from '../access.ts';
import { type AccessKeyDocument, accessKeys, ROOT_USER, rootRef, type UserDocument, userNamed } from '../documents.ts';
import { uniqueId } from '../ids.ts';
import { shownName, userAsked } from './caller.ts';
import { lastUsedOf } from './last-used.ts';
import { documentsOf, pageOf } from './listing.ts';
import { QUOTAS, requireRoom } from './quotas.ts';

/** As long as the vendor's: 40 letters. */
const SECRET_BYTES = 30;

const documentIdOf = (user: Allowed<UserDocument>): string => User.type.documentId(user.ref);

const shownKey = (name: string | undefined, key: Pick<AccessKeyDocument, 'id' | 'active' | 'createdAt'>) => ({
  UserName: name,
  AccessKeyId: key.id,
  Status: key.active ? ('Active' as const) : ('Inactive' as const),
  CreateDate: new Date(key.createdAt),
});

export const createAccessKey = operation(
  'iam.CreateAccessKey',
  async (
    cx,
    { UserName }: Input<Iam.CreateAccessKeyCommandInput>,
  ): Promise<Output<Iam.CreateAccessKeyCommandOutput>> => {
    const user = await cx.allow(User.createAccessKey, userAsked(cx, UserName));
    const most = QUOTAS.AccessKeysPerUser;
    const has = await cx.parts(user, accessKeys, { index: 'user', key: documentIdOf(user), limit: most });
    requireRoom('AccessKeysPerUser', has.items.length);
    const key = { id: uniqueId('AKIA', cx.newId()), user: documentIdOf(user), active: true, createdAt: cx.now };
    const secret = randomBytes(SECRET_BYTES).toString('base64');
    cx.putPart(user, accessKeys, key.id, { ...key, secret: Buffer.from(secret).toString('base64') });
    return { AccessKey: { ...shownKey(shownName(user.value), key), SecretAccessKey: secret } };
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

export const listAccessKeys = operation(
  'iam.ListAccessKeys',
  async (cx, input: Input<Iam.ListAccessKeysCommandInput>): Promise<Output<Iam.ListAccessKeysCommandOutput>> => {
    const user = await cx.allow(User.listAccessKeys, userAsked(cx, input.UserName));
    const found = documentsOf(cx, user, accessKeys, { index: 'user', key: documentIdOf(user) });
    const { items, rest } = await pageOf(cx, ['ListAccessKeys', user.value.id], input, found);
    return { AccessKeyMetadata: items.map(({ value }) => shownKey(shownName(user.value), value)), ...rest };
  },
  { recorded: ({ UserName }) => ({ UserName }) },
);

export const updateAccessKey = operation(
  'iam.UpdateAccessKey',
  async (cx, input: Input<Iam.UpdateAccessKeyCommandInput>): Promise<Output<Iam.UpdateAccessKeyCommandOutput>> => {
    const user = await cx.allow(User.updateAccessKey, userAsked(cx, input.UserName));
    const key = await keyOfUser(cx, user, input.AccessKeyId);
    if (input.Status === 'Expired') {
      throw awsFault('InvalidInput', 'A key can be set to `Active` or `Inactive` only: give one of these as `Status`');
    }
    const secret = cx.open(user, accessKeys, key, 'secret').toString('base64');
    cx.putPart(user, accessKeys, key.value.id, { ...key.value, secret, active: input.Status === 'Active' });
    return {};
  },
  { recorded: ({ UserName, AccessKeyId, Status }) => ({ UserName, AccessKeyId, Status }) },
);

export const deleteAccessKey = operation(
  'iam.DeleteAccessKey',
  async (cx, input: Input<Iam.DeleteAccessKeyCommandInput>): Promise<Output<Iam.DeleteAccessKeyCommandOutput>> => {
    const user = await cx.allow(User.deleteAccessKey, userAsked(cx, input.UserName));
    await keyOfUser(cx, user, input.AccessKeyId);
    cx.removePart(user, accessKeys, input.AccessKeyId);
    return {};
  },
  { recorded: ({ UserName, AccessKeyId }) => ({ UserName, AccessKeyId }) },
);

async function keyOfUser(
  cx: Context,
  user: Allowed<UserDocument>,
  accessKeyId: string,
): Promise<Document<AccessKeyDocument>> {
  const key = await cx.part(user, accessKeys, accessKeyId);
  if (key) return key;
  throw awsFault('NoSuchEntity', `The Access Key with id ${accessKeyId} cannot be found.`);
}

/** Of a key that is not the account's nobody learns whether there is one. */
export const getAccessKeyLastUsed = operation(
  'iam.GetAccessKeyLastUsed',
  async (
    cx,
    { AccessKeyId }: Input<Iam.GetAccessKeyLastUsedCommandInput>,
  ): Promise<Output<Iam.GetAccessKeyLastUsedCommandOutput>> => {
    const holder = await holderOf(cx, AccessKeyId);
    if (holder === undefined) {
      throw awsFault(
        'AccessDenied',
        `User: ${cx.identity.caller.id} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key ${AccessKeyId}`,
      );
    }
    const user = await cx.allow(User.getAccessKeyLastUsed, holder);
    return { UserName: shownName(user.value), AccessKeyLastUsed: await lastUsedOf(cx, user, AccessKeyId) };
  },
  { recorded: ({ AccessKeyId }) => ({ AccessKeyId }) },
);

/** Whose key of the caller's account this is. */
async function holderOf(cx: Context, accessKeyId: string): Promise<ResourceRef | undefined> {
  const [key] = await cx.locateParts(accessKeys, 'id', accessKeyId);
  const { account } = cx.identity.caller;
  if (key?.account !== account) return undefined;
  const user = key.id.slice(0, -accessKeyId.length - 1);
  return user === ROOT_USER ? rootRef(account) : userNamed(account, user);
}

export const accessKeyOperations = {
  CreateAccessKey: createAccessKey,
  ListAccessKeys: listAccessKeys,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
  GetAccessKeyLastUsed: getAccessKeyLastUsed,
} satisfies Answered<typeof Iam>;
