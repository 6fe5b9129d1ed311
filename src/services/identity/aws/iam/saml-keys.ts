/** The private keys with which an account opens encrypted assertions of a SAML provider. */
import { createPrivateKey } from 'node:crypto';
import type { SAMLPrivateKey } from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import type { Allowed } from '../../../../operation.ts';
import type { Document } from '../../../../store/store.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { type SamlKeyDocument, type SamlProviderDocument, samlKeys } from '../documents.ts';
import { QUOTAS, requireRoom } from './quotas.ts';

type Provider = Allowed<SamlProviderDocument>;

/** Oldest first. */
export async function keysOf(cx: Context, provider: Provider): Promise<readonly Document<SamlKeyDocument>[]> {
  const query = { index: 'provider', key: provider.value.uuid, limit: QUOTAS.PrivateKeysPerSAMLProvider };
  const { items } = await cx.parts(provider, samlKeys, query);
  return items.toSorted((a, b) => a.value.createdAt - b.value.createdAt);
}

export const shownKey = ({ value }: Document<SamlKeyDocument>): SAMLPrivateKey => ({
  KeyId: value.id,
  Timestamp: new Date(value.createdAt),
});

/** Throws `InvalidInput` for what is no private key, `LimitExceeded` when the provider has as many as it may. */
export async function addKey(cx: Context, provider: Provider, pem: string): Promise<void> {
  if (!isPrivateKey(pem)) throw awsFault('InvalidInput', 'the private key cannot be read: give an RSA key as PEM');
  requireRoom('PrivateKeysPerSAMLProvider', (await keysOf(cx, provider)).length);
  const id = samlId(cx);
  cx.putPart(provider, samlKeys, id, {
    id,
    provider: provider.value.uuid,
    createdAt: cx.now,
    pem: Buffer.from(pem).toString('base64'),
  });
}

/** Throws `NoSuchEntity` when the provider has no such key. */
export async function removeKey(cx: Context, provider: Provider, id: string): Promise<void> {
  if ((await cx.part(provider, samlKeys, id)) === undefined) {
    throw awsFault('NoSuchEntity', `The private key with id ${id} cannot be found.`);
  }
  cx.removePart(provider, samlKeys, id);
}

/** 32 capital letters and digits. */
export function samlId(cx: Context): string {
  return cx.newId().replaceAll('-', '').toUpperCase();
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
