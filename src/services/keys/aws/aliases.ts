/** Other names of keys. One alias is one key's at a time; it is of the key's account and Region. */
import type {
  CreateAliasCommandInput,
  DeleteAliasCommandInput,
  ListAliasesCommandInput,
  ListAliasesCommandOutput,
  UpdateAliasCommandInput,
} from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsAccount, KmsAlias, KmsKey } from './access.ts';
import { allowFound, allowOwnKey, callerContext, readKeyName } from './address.ts';
import { SPECS } from './crypto/specs.ts';
import {
  type AliasDocument,
  aliasRef,
  allKeysRef,
  documentIdOf,
  type KmsKeyDocument,
  keyOfDocument,
  kmsAliases,
} from './documents.ts';
import { readPaging, showEnd } from './listing.ts';
import { requireState } from './states.ts';

/** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
const MOST_ALIASES = 50;

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
export const createKmsAlias = operation(
  'kms.CreateAlias',
  async (cx, { AliasName: name, TargetKeyId: target }: Input<CreateAliasCommandInput>): Promise<object> => {
    requireAliasName(name);
    const { account } = cx.identity.caller;
    const wanted = readKeyName(cx, target);
    const draft: AliasDocument = {
      name,
      region: cx.region,
      key: documentIdOf(wanted),
      createdAt: cx.now,
      updatedAt: cx.now,
    };
    const alias = await cx.allowNew(KmsAlias.createAlias, aliasRef(account, cx.region, name), draft, callerContext(cx));
    const key = await allowOwnKey(cx, KmsKey.createAlias, target);
    requireState(arnOf(key.ref), key.value.state, 'change');
    cx.create(alias, draft);
    addAlias(cx, key, name);
    return {};
  },
  { recorded: recordAlias },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html */
export const updateKmsAlias = operation(
  'kms.UpdateAlias',
  async (cx, { AliasName: name, TargetKeyId: target }: Input<UpdateAliasCommandInput>): Promise<object> => {
    const alias = await cx.allow(KmsAlias.updateAlias, ownAlias(cx, name), callerContext(cx));
    const before = keyOfDocument(alias.ref.account, alias.value.key);
    const from = await allowFound(cx, KmsKey.updateAlias, { ref: before });
    const to = await allowOwnKey(cx, KmsKey.updateAlias, target);
    requireState(arnOf(to.ref), to.value.state, 'change');
    requireAlike(from.value, to.value);
    cx.update(alias, { ...alias.value, key: documentIdOf(to.ref), updatedAt: cx.now });
    if (documentIdOf(from.ref) === documentIdOf(to.ref)) return {};
    removeAlias(cx, from, name);
    addAlias(cx, to, name);
    return {};
  },
  { recorded: recordAlias },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html */
export const deleteKmsAlias = operation(
  'kms.DeleteAlias',
  async (cx, { AliasName: name }: Input<DeleteAliasCommandInput>): Promise<object> => {
    const alias = await cx.allow(KmsAlias.deleteAlias, ownAlias(cx, name), callerContext(cx));
    const ref = keyOfDocument(alias.ref.account, alias.value.key);
    const key = await allowFound(cx, KmsKey.deleteAlias, { ref });
    cx.remove(alias);
    removeAlias(cx, key, name);
    return {};
  },
  { recorded: ({ AliasName }) => ({ AliasName }) },
);

const ALIASES = { size: 50, most: 100 };

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html */
export const listKmsAliases = operation(
  'kms.ListAliases',
  async (cx, input: Input<ListAliasesCommandInput>): Promise<Output<ListAliasesCommandOutput>> => {
    const account = await cx.allow(KmsAccount.listAliases, allKeysRef(cx.identity.caller.account, cx.region));
    const of = await filterOf(cx, input.KeyId);
    const list = `kms.ListAliases ${of.key}`;
    const page = readPaging(cx, list, input, ALIASES);
    const { items, next } = await cx.parts(account, kmsAliases, { ...of, ...page });
    const aliases = items.map((document) => ({
      AliasName: document.value.name,
      AliasArn: arnOf(KmsAlias.type.refOf(document)),
      TargetKeyId: keyOfDocument(document.account, document.value.key).id,
      CreationDate: new Date(document.value.createdAt),
      LastUpdatedDate: new Date(document.value.updatedAt),
    }));
    return { Aliases: aliases, ...showEnd(cx, list, next) };
  },
);

/** Under which index key the wanted aliases are listed: those of one key, or all of the Region. */
async function filterOf(
  cx: Context,
  name: string | undefined,
): Promise<{ readonly index: string; readonly key: string }> {
  if (name === undefined) return { index: 'region', key: cx.region };
  const ref = readKeyName(cx, name);
  if (ref.account !== cx.identity.caller.account || !(await cx.locateAt(KmsKey.type, ref))) {
    throw KmsKey.type.absent!(ref);
  }
  return { index: 'key', key: documentIdOf(ref) };
}

function recordAlias({ AliasName, TargetKeyId }: { readonly AliasName: string; readonly TargetKeyId: string }) {
  return { AliasName, TargetKeyId };
}

/** Throws for names that no customer's alias can have. */
function requireAliasName(name: string): void {
  if (!/^alias\/./.test(name)) throw awsFault('ValidationException', 'Invalid identifier');
  if (name.includes(':')) {
    throw awsFault('InvalidAliasNameException', `${name} contains invalid characters for an alias`);
  }
  if (name.startsWith('alias/aws/')) {
    throw awsFault('NotAuthorizedException', 'Aliases that begin with alias/aws/ are reserved for AWS managed keys');
  }
}

function ownAlias(cx: Context, name: string) {
  requireAliasName(name);
  return aliasRef(cx.identity.caller.account, cx.region, name);
}

function addAlias(
  cx: Context,
  key: Allowed<KmsKeyDocument, 'kms-key.createAlias' | 'kms-key.updateAlias'>,
  name: string,
): void {
  const aliases = [...key.value.aliases, name];
  if (aliases.length > MOST_ALIASES) {
    throw awsFault('LimitExceededException', `The key ${arnOf(key.ref)} has ${MOST_ALIASES} aliases already`);
  }
  cx.update(key, { ...key.value, aliases });
}

function removeAlias(
  cx: Context,
  key: Allowed<KmsKeyDocument, 'kms-key.updateAlias' | 'kms-key.deleteAlias'>,
  name: string,
): void {
  cx.update(key, { ...key.value, aliases: key.value.aliases.filter((one) => one !== name) });
}

/** An alias stays with keys that do the same, so that code which uses it goes on working. */
function requireAlike(from: KmsKeyDocument, to: KmsKeyDocument): void {
  if (from.usage === to.usage && SPECS[from.spec].material.type === SPECS[to.spec].material.type) return;
  throw awsFault(
    'ValidationException',
    'The current and the new key of an alias must be of the same type and have the same key usage.',
  );
}
