/** Using root keys: wrap, unwrap, rewrap. The service's hot path: as few reads as can be. */
import type { Context } from '../../context.ts';
import { operation } from '../../operation.ts';
import { Key, type Version } from './access.ts';
import { askKey, type KeyAddress } from './address.ts';
import { openEnvelope, readEnvelope, sealEnvelope } from './envelope.ts';
import { badField, keyFault } from './faults.ts';
import { requireRoot, requireState } from './guards.ts';
import { findVersion, generateMaterial, type MayOpen, materialKey, newestVersion } from './material.ts';

const PLAINTEXT_BYTES = 4096;

export interface WrapInput {
  readonly key: KeyAddress;
  /** 1 to 4096 bytes; generated (32 bytes) when left out. */
  readonly plaintext?: Buffer;
  /** Additional data that unwrapping must repeat. */
  readonly aad: readonly string[];
}

export interface Wrapped {
  /** Only when it was generated. */
  readonly plaintext?: Buffer;
  readonly ciphertext: string;
  readonly version: Version;
}

/** Wraps a data key under the newest version of a root key. Throws `denied`, `not-found`, `state`, `invalid`. */
export const wrapKey = operation('keys.wrap', async (cx, input: WrapInput): Promise<Wrapped> => {
  const key = await askKey(cx, Key.wrap, input.key);
  requireRoot(key.value);
  requireState(key.value, 'wrap');
  const plaintext = input.plaintext ?? generateMaterial();
  if (plaintext.length === 0 || plaintext.length > PLAINTEXT_BYTES) {
    throw badField('plaintext', `must hold 1 to ${PLAINTEXT_BYTES} bytes`);
  }
  const ciphertext = await seal(cx, key, plaintext, input.aad);
  return { ...(input.plaintext ? {} : { plaintext }), ciphertext, version: key.value.version };
});

export interface UnwrapInput {
  readonly key: KeyAddress;
  readonly ciphertext: string;
  readonly aad: readonly string[];
}

export interface Unwrapped {
  readonly plaintext: Buffer;
  /** The version that the ciphertext was made under. */
  readonly version: Version;
  /** When the key has been rotated since: the same under its newest version. */
  readonly rewrapped?: { readonly ciphertext: string; readonly version: Version };
}

/**
 * Unwraps a data key, under whichever version it was wrapped. Throws `denied`, `not-found`, `state`, and `invalid`
 * (`ciphertext-unusable`) when the ciphertext is not this key's or the additional data differs.
 */
export const unwrapKey = operation('keys.unwrap', async (cx, input: UnwrapInput): Promise<Unwrapped> => {
  const key = await askKey(cx, Key.unwrap, input.key);
  requireRoot(key.value);
  requireState(key.value, 'unwrap');
  const { plaintext, version } = await open(cx, key, input);
  if (version.id === key.value.version.id) return { plaintext, version };
  const ciphertext = await seal(cx, key, plaintext, input.aad);
  return { plaintext, version, rewrapped: { ciphertext, version: key.value.version } };
});

export interface Rewrapped {
  readonly ciphertext: string;
  /** The version that the old ciphertext was made under. */
  readonly version: Version;
  readonly rewrappedVersion: Version;
}

/** Wraps a data key anew under the newest version, without showing it. Throws as `unwrapKey` does. */
export const rewrapKey = operation('keys.rewrap', async (cx, input: UnwrapInput): Promise<Rewrapped> => {
  const key = await askKey(cx, Key.rewrap, input.key);
  requireRoot(key.value);
  requireState(key.value, 'rewrap');
  const { plaintext, version } = await open(cx, key, input);
  const ciphertext = await seal(cx, key, plaintext, input.aad);
  return { ciphertext, version, rewrappedVersion: key.value.version };
});

async function open(
  cx: Context,
  key: MayOpen,
  { ciphertext, aad }: UnwrapInput,
): Promise<{ plaintext: Buffer; version: Version }> {
  const envelope = readEnvelope(ciphertext);
  const version = envelope && (await findVersion(cx, key, envelope.handle));
  const plaintext = version && openEnvelope(materialKey(cx, key, version), envelope, aad);
  if (version === undefined || plaintext === undefined) {
    throw keyFault('ciphertext-unusable', 'the ciphertext is not of this key, or the additional data is another one');
  }
  return { plaintext, version: { id: version.value.id, createdAt: version.value.createdAt } };
}

async function seal(cx: Context, key: MayOpen, plaintext: Buffer, aad: readonly string[]): Promise<string> {
  return sealEnvelope(materialKey(cx, key, await newestVersion(cx, key)), key.value.version.id, plaintext, aad);
}
