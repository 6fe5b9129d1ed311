/**
 * Volumes under root keys: of the own account or of another one. The service asks the key as itself, for the account of
 * the volume; whoever created the volume needs no right to the key, and has none.
 * https://cloud.ibm.com/docs/vpc?topic=vpc-vpc-byok-cross-acct-key
 */
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import type { Allowed } from '../../operation.ts';
import { formatCrn, parseCrn, type ResourceRef, regionOf } from '../../policy/names.ts';
import { deregisterResource, registerResource, rewrapKey, updateRegistration, wrapKey } from '../keys/keys.ts';
import type { VolumeDocument, VolumeKey } from './access.ts';
import { volumeFault } from './faults.ts';

const BLOCK_STORAGE = { kind: 'service-principal', service: 'server-protect' } as const;

/**
 * Has a data key made and wrapped for the volume, and registers the volume with the root key. A name that is malformed,
 * unknown, in another region or not open to the service is refused with one and the same fault.
 */
export async function bindKey(cx: Context, volume: Allowed<VolumeDocument>, crn: string): Promise<VolumeKey> {
  const key = parseCrn(crn);
  if (!key || key.location !== regionOf(volume.ref.location)) throw invalidCrn();
  const resourceCrn = formatCrn(volume.ref);
  const storage = cx.actAs(BLOCK_STORAGE, volume);
  try {
    const { ciphertext, version } = await storage.perform(wrapKey, { key, aad: [resourceCrn] });
    await storage.perform(registerResource, { key, resourceCrn });
    return { crn, wrapped: ciphertext, version: version.id, state: 'active', sequence: 0 };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.kind === 'state' || error.kind === 'gone') {
      throw volumeFault('key-not-active', 'the encryption key is not active', 'encryption_key.crn');
    }
    throw invalidCrn();
  }
}

/** Ends the registration. A key that is gone, or no longer open to the service, keeps none or keeps it. */
export async function unbindKey(cx: Context, volume: Allowed<VolumeDocument>, { crn }: VolumeKey): Promise<void> {
  const storage = cx.actAs(BLOCK_STORAGE, volume);
  await tolerant(storage.perform(deregisterResource, { key: keyRef(crn), resourceCrn: formatCrn(volume.ref) }));
}

/** Wraps the data key under the root key's newest version; where that is refused, the old wrapping goes on working. */
export async function rewrap(cx: Context, volume: Allowed<VolumeDocument>, bound: VolumeKey): Promise<VolumeKey> {
  const key = keyRef(bound.crn);
  const resourceCrn = formatCrn(volume.ref);
  const storage = cx.actAs(BLOCK_STORAGE, volume);
  const again = await tolerant(storage.perform(rewrapKey, { key, ciphertext: bound.wrapped, aad: [resourceCrn] }));
  if (!again) return bound;
  const version = again.rewrappedVersion.id;
  await tolerant(storage.perform(updateRegistration, { key, resourceCrn, version }));
  return { ...bound, wrapped: again.ciphertext, version };
}

/** The CRN was read when the volume was made. */
function keyRef(crn: string): ResourceRef {
  return parseCrn(crn)!;
}

async function tolerant<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function invalidCrn(): Fault {
  return volumeFault('key-crn-invalid', 'the CRN of the encryption key is not valid', 'encryption_key.crn');
}
