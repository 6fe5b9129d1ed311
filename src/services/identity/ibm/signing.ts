/** The key that signs the plane's tokens: made once, its private half kept sealed. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Context } from '../../../context.ts';
import { operation, type Plane, perform } from '../../../operation.ts';
import { PLANE } from '../../../store/store.ts';
import { SIGNING_KEY_ID, SigningKey, type SigningKeyDocument, signingKeyRef, signingKeys } from './access.ts';

const generate = promisify(generateKeyPair);

export const keepSigningKey = operation(
  'identity.keep-signing-key',
  async (cx, key: SigningKeyDocument): Promise<void> => {
    cx.create(await cx.allowNew(SigningKey.create, signingKeyRef(SIGNING_KEY_ID), key), key);
  },
);

/** Makes the signing key of an empty home; does nothing when there is one. */
export async function ensureSigningKey(plane: Plane, operatorToken: string): Promise<void> {
  if (await plane.store.begin().get(signingKeys, PLANE, SIGNING_KEY_ID)) return;
  const pair = await generate('rsa', { modulusLength: 2048 });
  const key: SigningKeyDocument = {
    publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    privateKey: pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    createdAt: plane.clock.now(),
  };
  const request = { credential: { kind: 'operator', token: operatorToken }, context: {} } as const;
  await perform(plane, keepSigningKey, request, () => key);
}

/** Parsing a private key costs more than looking it up. */
const parsed = new WeakMap<object, KeyObject>();

/** The private key, for the token service alone. */
export async function signingKey(cx: Context): Promise<{ readonly kid: string; readonly key: KeyObject }> {
  const allowed = await cx.allow(SigningKey.sign, signingKeyRef(SIGNING_KEY_ID));
  const document = allowed.document!;
  let key = parsed.get(document.value);
  if (!key) {
    const der = cx.open(allowed, signingKeys, document, 'privateKey');
    key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    parsed.set(document.value, key);
  }
  return { kid: document.id, key };
}

/** The public keys, as a JWK set (RFC 7517). */
export const readSigningKeys = operation(
  'identity.signing-keys',
  async (cx, _input: null): Promise<{ keys: object[] }> => {
    const { ref, value } = await cx.allow(SigningKey.read, signingKeyRef(SIGNING_KEY_ID));
    const key = createPublicKey({ key: Buffer.from(value.publicKey, 'base64'), format: 'der', type: 'spki' });
    return { keys: [{ ...key.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: ref.id }] };
  },
);
