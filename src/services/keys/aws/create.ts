/** Making keys. https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html */
import type { CreateKeyCommandInput, CreateKeyCommandOutput } from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import { operation } from '../../../operation.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsKey } from './access.ts';
import { callerContext } from './address.ts';
import { generateMaterial, materialId } from './crypto/material.ts';
import { readSpec, usageFor } from './crypto/specs.ts';
import { type KmsKeyDocument, keyRef } from './documents.ts';
import { defaultPolicy, keptPolicy, requireNoLockout, writePolicy } from './key-policy.ts';
import { addMaterial } from './material.ts';
import { newMetadata } from './metadata.ts';
import { readTags, requireTagCount, tagKeys } from './tags.ts';

type CreateKeyInput = Input<CreateKeyCommandInput>;

export const createKmsKey = operation(
  'kms.CreateKey',
  async (cx, input: CreateKeyInput): Promise<Output<CreateKeyCommandOutput>> => {
    const { account } = cx.identity.caller;
    const draft = draftOf(cx, input);
    const ref = keyRef(account, cx.region, draft.id);
    const own = { ...callerContext(cx), ...tagKeys(draft.tags) };
    const allowed = await cx.allowNew(KmsKey.createKey, ref, draft, {
      ...own,
      'kms:bypasspolicylockoutsafetycheck': String(input.BypassPolicyLockoutSafetyCheck ?? false),
    });
    if (Object.keys(draft.tags).length > 0) await cx.allowNew(KmsKey.tagResource, ref, draft, own);
    requireTagCount(draft.tags);
    const policy = input.Policy === undefined ? defaultPolicy(account) : await keptPolicy(cx, input.Policy);
    const bytes = draft.origin === 'AWS_KMS' ? await generateMaterial(draft.spec) : undefined;
    const key: KmsKeyDocument = bytes ? { ...draft, material: materialId(draft.id, bytes) } : draft;
    cx.create(allowed, key);
    if (bytes) addMaterial(cx, allowed, bytes);
    writePolicy(cx, allowed, policy);
    if (input.Policy !== undefined) await requireNoLockout(cx, allowed, input.BypassPolicyLockoutSafetyCheck);
    return { KeyMetadata: newMetadata(ref, key) };
  },
  {
    recorded: ({ KeySpec = null, KeyUsage = null, Origin = null, MultiRegion = null }) => ({
      KeySpec,
      KeyUsage,
      Origin,
      MultiRegion,
    }),
  },
);

/** The key that is asked for, without its material. Throws for what no key can be. */
function draftOf(cx: Context, input: CreateKeyInput): KmsKeyDocument {
  const origin = originOf(input);
  const { KeySpec: spec, CustomerMasterKeySpec: former } = input;
  if (spec !== undefined && former !== undefined) {
    throw awsFault(
      'ValidationException',
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    );
  }
  const readable = readSpec(spec ?? former ?? 'SYMMETRIC_DEFAULT');
  const id = cx.newId();
  return {
    account: cx.identity.caller.account,
    region: cx.region,
    id: input.MultiRegion ? `mrk-${id.replaceAll('-', '')}` : id,
    spec: readable,
    usage: usageFor(readable, input.KeyUsage),
    origin,
    description: input.Description ?? '',
    state: origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled',
    tags: readTags(input.Tags),
    aliases: [],
    createdAt: cx.now,
    ...(input.MultiRegion ? { primaryRegion: cx.region } : {}),
  };
}

function originOf({ Origin: origin = 'AWS_KMS', CustomKeyStoreId: store, XksKeyId: external }: CreateKeyInput) {
  if (origin === 'AWS_CLOUDHSM' || origin === 'EXTERNAL_KEY_STORE' || store !== undefined || external !== undefined) {
    throw awsFault('UnsupportedOperationException', 'Custom key stores are not supported here: see docs/coverage.md');
  }
  return origin;
}
