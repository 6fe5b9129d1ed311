/**
 * Tokens by which identities of an account show elsewhere who they are: the account's issuer, its keys, and whether it
 * issues. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound.html
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type * as Iam from '@aws-sdk/client-iam';
import { awsActions, resource } from '../../../../access.ts';
import type { Context } from '../../../../context.ts';
import { type Allowed, operation } from '../../../../operation.ts';
import { collection } from '../../../../store/store.ts';
import type { Answered } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { allRef, IAM } from '../documents.ts';
import type { Jwk } from './web-identity/id-token.ts';

/** What an account has once, from when it is first enabled. Its issuer stays the same. */
export interface OutboundFederationDocument {
  readonly issuer: string;
  readonly enabled: boolean;
  /** SPKI as base64. */
  readonly rsaPublic: string;
  readonly ecPublic: string;
  /** PKCS#8 as base64; kept sealed. */
  readonly rsaPrivate: string;
  readonly ecPrivate: string;
}

/** Id: the account's. */
export const outboundFederations = collection<OutboundFederationDocument>('aws-outbound-federation', {
  sealed: ['rsaPrivate', 'ecPrivate'],
  indexes: { issuer: ({ issuer }) => [issuer] },
});

export const OutboundFederation = resource<OutboundFederationDocument>()(
  'aws-outbound-federation',
  {
    collection: outboundFederations,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => allRef(account),
    wide: true,
  },
  {
    ...awsActions(IAM, 'write', ['EnableOutboundWebIdentityFederation', 'DisableOutboundWebIdentityFederation']),
    ...awsActions(IAM, 'read', ['GetOutboundWebIdentityFederationInfo']),
    ...awsActions('sts', 'secret', ['GetWebIdentityToken']),
    ...awsActions('sts', 'read', ['TagGetWebIdentityToken']),
  },
);

export type TokenAlgorithm = 'RS256' | 'ES384';

const idOf: Readonly<Record<TokenAlgorithm, string>> = { RS256: 'RSA_0', ES384: 'EC384_0' };

const fromSpki = (base64: string): KeyObject =>
  createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });

/** The public keys of an account's issuer. */
export function keySetOf({ rsaPublic, ecPublic }: OutboundFederationDocument): readonly Jwk[] {
  return [
    { ...fromSpki(rsaPublic).export({ format: 'jwk' }), kty: 'RSA', alg: 'RS256', use: 'sig', kid: idOf.RS256 },
    { ...fromSpki(ecPublic).export({ format: 'jwk' }), kty: 'EC', alg: 'ES384', use: 'sig', kid: idOf.ES384 },
  ];
}

/** The key by which an account signs tokens of an algorithm. */
export function signingKeyOf(
  cx: Context,
  allowed: Allowed<OutboundFederationDocument>,
  algorithm: TokenAlgorithm,
): { readonly kid: string; readonly key: KeyObject } {
  const field = algorithm === 'RS256' ? 'rsaPrivate' : 'ecPrivate';
  const der = cx.open(allowed, outboundFederations, allowed.document!, field);
  return { kid: idOf[algorithm], key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
}

const generate = promisify(generateKeyPair);

async function newKeys() {
  const [rsa, ec] = await Promise.all([
    generate('rsa', { modulusLength: 2048 }),
    generate('ec', { namedCurve: 'P-384' }),
  ]);
  const publicPart = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');
  const privatePart = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  return {
    rsaPublic: publicPart(rsa.publicKey),
    rsaPrivate: privatePart(rsa.privateKey),
    ecPublic: publicPart(ec.publicKey),
    ecPrivate: privatePart(ec.privateKey),
  };
}

const disabled = () =>
  awsFault('FeatureDisabled', 'Outbound web identity federation is not enabled for this account: enable it first.');

/** The API's operations about tokens for elsewhere; they are IAM's, the tokens are STS's. */
export const outboundFederationOperations = {
  EnableOutboundWebIdentityFederation: operation('iam.EnableOutboundWebIdentityFederation', async (cx) => {
    const ref = allRef(cx.identity.caller.account);
    const known = await cx.allowIfThere(OutboundFederation.enableOutboundWebIdentityFederation, ref);
    if (known?.value.enabled) {
      throw awsFault('FeatureEnabled', 'Outbound web identity federation is enabled for this account already.');
    }
    if (known) {
      cx.update(known, { ...known.value, enabled: true });
      return { IssuerIdentifier: known.value.issuer };
    }
    const issuer = `https://${cx.newId()}.tokens.sts.global.api.aws`;
    const draft = { issuer, enabled: true, ...(await newKeys()) };
    cx.create(await cx.allowNew(OutboundFederation.enableOutboundWebIdentityFederation, ref, draft), draft);
    return { IssuerIdentifier: issuer };
  }),
  DisableOutboundWebIdentityFederation: operation('iam.DisableOutboundWebIdentityFederation', async (cx) => {
    const ref = allRef(cx.identity.caller.account);
    const known = await cx.allowIfThere(OutboundFederation.disableOutboundWebIdentityFederation, ref);
    if (!known?.value.enabled) throw disabled();
    cx.update(known, { ...known.value, enabled: false });
    return {};
  }),
  GetOutboundWebIdentityFederationInfo: operation('iam.GetOutboundWebIdentityFederationInfo', async (cx) => {
    const ref = allRef(cx.identity.caller.account);
    const known = await cx.allowIfThere(OutboundFederation.getOutboundWebIdentityFederationInfo, ref);
    if (!known?.value.enabled) throw disabled();
    return { IssuerIdentifier: known.value.issuer, JwtVendingEnabled: true };
  }),
} satisfies Answered<typeof Iam>;
