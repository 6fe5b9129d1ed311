/** Changes of a key that leave its material alone: on and off, described, tagged. */
import type {
  DisableKeyCommandInput,
  EnableKeyCommandInput,
  ListResourceTagsCommandInput,
  ListResourceTagsCommandOutput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
  UpdateKeyDescriptionCommandInput,
} from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { KmsKey } from './access.ts';
import { allowOwnKey } from './address.ts';
import type { KmsKeyDocument } from './documents.ts';
import { pageOf, readPaging, showEnd } from './listing.ts';
import { resumeRotation } from './rotation.ts';
import { type KeyState, requireState } from './states.ts';
import { readTags, requireTagCount, showTags, tagKeys } from './tags.ts';
import { recordKey } from './use.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html */
export const enableKmsKey = operation(
  'kms.EnableKey',
  async (cx, input: Input<EnableKeyCommandInput>): Promise<object> => {
    const key = await allowOwnKey(cx, KmsKey.enableKey, input.KeyId);
    toggle(cx, key, 'Enabled');
    resumeRotation(cx, key);
    return {};
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html */
export const disableKmsKey = operation(
  'kms.DisableKey',
  async (cx, input: Input<DisableKeyCommandInput>): Promise<object> => {
    toggle(cx, await allowOwnKey(cx, KmsKey.disableKey, input.KeyId), 'Disabled');
    return {};
  },
  { recorded: recordKey },
);

function toggle(
  cx: Context,
  key: Allowed<KmsKeyDocument, 'kms-key.enableKey' | 'kms-key.disableKey'>,
  state: KeyState,
): void {
  requireState(arnOf(key.ref), key.value.state, 'toggle');
  cx.update<KmsKeyDocument>(key, { ...key.value, state });
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html */
export const updateKmsKeyDescription = operation(
  'kms.UpdateKeyDescription',
  async (cx, input: Input<UpdateKeyDescriptionCommandInput>): Promise<object> => {
    const key = await allowOwnKey(cx, KmsKey.updateKeyDescription, input.KeyId);
    requireState(arnOf(key.ref), key.value.state, 'change');
    cx.update(key, { ...key.value, description: input.Description });
    return {};
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html */
export const tagKmsKey = operation(
  'kms.TagResource',
  async (cx, input: Input<TagResourceCommandInput>): Promise<object> => {
    const added = readTags(input.Tags);
    const key = await allowOwnKey(cx, KmsKey.tagResource, input.KeyId, tagKeys(added));
    requireState(arnOf(key.ref), key.value.state, 'change');
    const tags = { ...key.value.tags, ...added };
    requireTagCount(tags);
    cx.update(key, { ...key.value, tags });
    return {};
  },
  { recorded: recordKey },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_UntagResource.html */
export const untagKmsKey = operation(
  'kms.UntagResource',
  async (cx, input: Input<UntagResourceCommandInput>): Promise<object> => {
    const removed = new Set(input.TagKeys);
    const key = await allowOwnKey(cx, KmsKey.untagResource, input.KeyId, { 'aws:tagkeys': [...removed] });
    requireState(arnOf(key.ref), key.value.state, 'change');
    const tags = Object.fromEntries(Object.entries(key.value.tags).filter(([name]) => !removed.has(name)));
    cx.update(key, { ...key.value, tags });
    return {};
  },
  { recorded: recordKey },
);

const TAGS = { size: 50, most: 50 };

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html */
export const listKmsTags = operation(
  'kms.ListResourceTags',
  async (cx, input: Input<ListResourceTagsCommandInput>): Promise<Output<ListResourceTagsCommandOutput>> => {
    const key = await allowOwnKey(cx, KmsKey.listResourceTags, input.KeyId);
    const list = `kms.ListResourceTags ${arnOf(key.ref)}`;
    const page = readPaging(cx, list, input, TAGS);
    const { items, next } = pageOf(showTags(key.value.tags), (tag) => tag.TagKey!, page);
    return { Tags: [...items], ...showEnd(cx, list, next) };
  },
  { recorded: recordKey },
);
