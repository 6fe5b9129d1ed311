/**
 * Multi-Region keys: new replicas, and another primary.
 * https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
 */
import type {
  ReplicateKeyCommandInput,
  ReplicateKeyCommandOutput,
  UpdatePrimaryRegionCommandInput,
} from '@aws-sdk/client-kms';
import type { Context as AskContext } from '../../../authorize.ts';
import type { Context } from '../../../context.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { isRegion } from '../../../wire/aws/regions.ts';
import { KmsKey } from './access.ts';
import { allowOwnKey, callerContext } from './address.ts';
import { documentIdOf, type KmsKeyDocument, keyMaterials, keyRef, type MaterialDocument } from './documents.ts';
import { defaultPolicy, keptPolicy, requireNoLockout, writePolicy } from './key-policy.ts';
import { listMaterials } from './material.ts';
import { readMetadata } from './metadata.ts';
import { isPrimary, notPrimary, synchronize } from './replicas.ts';
import { resumeRotation } from './rotation.ts';
import { requireState } from './states.ts';
import { readTags, requireTagCount, showTags, type Tags, tagKeys } from './tags.ts';

/**
 * Asked of the primary key, and of the account as any new key is, in the Region of the replica.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html
 */
export const replicateKey = operation(
  'kms.ReplicateKey',
  async (cx, input: Input<ReplicateKeyCommandInput>): Promise<Output<ReplicateKeyCommandOutput>> => {
    const { ReplicaRegion: region, BypassPolicyLockoutSafetyCheck: bypass = false } = input;
    const primary = await allowOwnKey(cx, KmsKey.replicateKey, input.KeyId, { 'kms:replicaregion': region });
    requirePrimary(primary);
    if (!isRegion(region)) throw awsFault('UnsupportedOperationException', `Region ${region} is not supported.`);
    const { account, id } = primary.ref;
    const tags = readTags(input.Tags);
    const draft = draftOf(cx, primary.value, { region, tags, description: input.Description ?? '' });
    const ref = keyRef(account, region, id);
    const own = { ...inRegion(cx, region), ...tagKeys(tags) };
    const replica = await cx.allowNew(KmsKey.createKey, ref, draft, {
      ...own,
      'kms:bypasspolicylockoutsafetycheck': String(bypass),
    });
    if (Object.keys(tags).length > 0) await cx.allowNew(KmsKey.tagResource, ref, draft, own);
    requireTagCount(tags);
    const policy = input.Policy === undefined ? defaultPolicy(account) : await keptPolicy(cx, input.Policy);
    cx.create(replica, draft);
    await copyMaterials(cx, primary, replica);
    writePolicy(cx, replica, policy);
    if (input.Policy !== undefined) await requireNoLockout(cx, replica, bypass);
    return {
      ReplicaKeyMetadata: await readMetadata(cx, replica, draft),
      ReplicaPolicy: input.Policy ?? policy,
      ReplicaTags: showTags(tags),
    };
  },
  { recorded: ({ KeyId, ReplicaRegion }) => ({ KeyId, ReplicaRegion }) },
);

/**
 * Asked of the primary key and of the replica that takes its place.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html
 */
export const updatePrimaryRegion = operation(
  'kms.UpdatePrimaryRegion',
  async (cx, input: Input<UpdatePrimaryRegionCommandInput>): Promise<object> => {
    const { PrimaryRegion: region } = input;
    const own = { 'kms:primaryregion': region };
    const former = await allowOwnKey(cx, KmsKey.updatePrimaryRegion, input.KeyId, own);
    requirePrimary(former);
    if (region === former.value.region) {
      throw awsFault('UnsupportedOperationException', `${arnOf(former.ref)} is the primary key already.`);
    }
    const ref = { ...former.ref, location: region };
    const next = await cx.allow(KmsKey.updatePrimaryRegion, ref, { ...own, ...inRegion(cx, region) });
    requireState(arnOf(next.ref), next.value.state, 'rotate');
    const move = (at: Context, key: Allowed<KmsKeyDocument>): void =>
      at.update(key, { ...key.value, primaryRegion: region });
    move(cx, former);
    await synchronize(cx, former, move);
    resumeRotation(cx, next);
    return {};
  },
  { recorded: ({ KeyId, PrimaryRegion }) => ({ KeyId, PrimaryRegion }) },
);

function requirePrimary({ ref, value }: Allowed<KmsKeyDocument>): void {
  if (!isPrimary(value)) throw notPrimary(ref);
  requireState(arnOf(ref), value.state, 'rotate');
}

/** Context keys of a question about a key in another Region than the one that was addressed. */
function inRegion(cx: Context, region: string): AskContext {
  return { ...callerContext(cx), 'aws:requestedregion': region };
}

interface Own {
  readonly region: string;
  readonly description: string;
  readonly tags: Tags;
}

/** A replica has what all keys of the primary key share, and `own`. */
function draftOf(cx: Context, primary: KmsKeyDocument, own: Own): KmsKeyDocument {
  const { deletion: _, ...shared } = primary;
  const state = primary.origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled';
  return { ...shared, ...own, aliases: [], state, createdAt: cx.now };
}

/** Imported material is not copied: it must be imported again, the same. */
async function copyMaterials(
  cx: Context,
  primary: Allowed<KmsKeyDocument, 'kms-key.replicateKey'>,
  replica: Allowed<KmsKeyDocument, 'kms-key.createKey'>,
): Promise<void> {
  for (const { id } of await listMaterials(cx, primary)) {
    const original = (await cx.part(primary, keyMaterials, id))!;
    const { material: _, imported, ...associated } = original.value;
    const copy = { ...associated, key: documentIdOf(replica.ref) };
    const secret = imported
      ? {}
      : { material: cx.open(primary, keyMaterials, original, 'material').toString('base64') };
    cx.putPart<MaterialDocument>(replica, keyMaterials, id, { ...copy, ...secret });
  }
}
