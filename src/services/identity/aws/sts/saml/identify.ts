/** Who a SAML assertion speaks for: the provider that the role's account has, and what it asserts. */
import { createHash } from 'node:crypto';
import type { Credential, Identity } from '../../../../../operation.ts';
import type { ContextValue } from '../../../../../policy/model.ts';
import { arnOf, awsRef, type ResourceRef } from '../../../../../policy/names.ts';
import type { Unit } from '../../../../../store/store.ts';
import { awsFault } from '../../../../../wire/aws/fault.ts';
import { type SamlProviderDocument, samlProviderRef, samlProviders } from '../../documents.ts';
import { readSamlMetadata } from '../../iam/saml-metadata.ts';
import { roleAt } from '../role-address.ts';
import { invalidToken } from '../web-identity/claims.ts';
import { type Assertion, readAssertion } from './assertion.ts';
import { attributeKeys } from './attributes.data.ts';
import { signedAssertion } from './signed.ts';

export type SamlAssertion = Extract<Credential, { kind: 'saml-assertion' }>;

/** Throws the vendor's errors of AssumeRoleWithSAML. `now`: milliseconds since 1970. */
export async function identifyBySaml(unit: Unit, credential: SamlAssertion, now: number): Promise<Identity> {
  const role = roleAt(credential.role, 'Request ARN is invalid');
  const { ref, provider } = await providerAt(unit, credential.provider, role.account);
  const xml = decoded(credential.assertion);
  // The plane opens no encrypted assertion, so who insists on them lets nobody in.
  if (provider.encryption === 'Required' || /<(?:[\w-]+:)?EncryptedAssertion[\s>]/.test(xml)) {
    throw invalidToken('Encrypted assertions are not read by this plane: let the provider send them signed alone');
  }
  refuseFailed(xml);
  const { entityId, certificates } = readSamlMetadata(provider.metadata);
  const signed = signedAssertion(xml, certificates);
  if (signed === undefined) throw invalidToken('Response signature invalid');
  const assertion = readAssertion(signed, now);
  if (assertion.issuer !== entityId) throw invalidToken('Issuer not present in specified provider');
  const id = arnOf(ref);
  if (!assertion.roles.some(([named, by]) => named === credential.role && by === id)) {
    throw awsFault('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithSAML');
  }
  const nameQualifier = createHash('sha1')
    .update(`${assertion.issuer}${ref.account}/${provider.name}`)
    .digest('base64');
  return {
    caller: { kind: 'federated', id, account: '' },
    name: assertion.subject,
    ...said(assertion, { id, nameQualifier, document: `${ref.account}/${provider.name}` }, now),
    credential: { kind: 'saml-assertion' },
  };
}

/** A provider of the role's own account. */
async function providerAt(
  unit: Unit,
  arn: string,
  account: string,
): Promise<{ readonly ref: ResourceRef; readonly provider: SamlProviderDocument }> {
  const named = awsRef(arn, '');
  const ref = samlProviderRef(account, named.id);
  const found = arnOf(ref) === arn ? await unit.get(samlProviders, account, ref.id) : undefined;
  if (found === undefined) throw invalidToken("Specified provider doesn't exist");
  return { ref, provider: found.value };
}

function decoded(base64: string): string {
  const text = base64.replace(/\s+/g, '');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== text) throw invalidToken('Invalid base64 SAMLResponse');
  return bytes.toString();
}

/** A provider that says no signs nothing; so that it said so is told before the signature is asked for. */
function refuseFailed(xml: string): void {
  const status = /<(?:[\w-]+:)?StatusCode\s[^>]*Value="([^"]*)"/.exec(xml)?.[1];
  if (status === undefined || status === 'urn:oasis:names:tc:SAML:2.0:status:Success') return;
  throw awsFault('IDPRejectedClaim', `The identity provider answered with status ${status.slice(0, 200)}`);
}

interface Described {
  readonly id: string;
  readonly nameQualifier: string;
  /** `{account}/{provider}` */
  readonly document: string;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml */
function said(
  assertion: Assertion,
  { id, nameQualifier, document }: Described,
  now: number,
): Pick<Identity, 'context' | 'asserted'> {
  const { subject, subjectType, recipient, issuer, sessionName, sourceIdentity, sessionEnds } = assertion;
  const kept = {
    'aws:federatedprovider': id,
    'saml:namequalifier': nameQualifier,
    'saml:sub': subject,
    'saml:sub_type': subjectType,
  };
  const context: Record<string, ContextValue> = {
    ...kept,
    'saml:aud': recipient,
    'saml:iss': issuer,
    'saml:doc': document,
  };
  for (const [name, values] of assertion.attributes) {
    const key = attributeKeys.get(name);
    if (key !== undefined) context[key.name] = key.isList ? values : (values[0] ?? '');
  }
  return {
    context,
    asserted: {
      subject,
      audience: recipient,
      issuer,
      tags: assertion.tags,
      transitiveTagKeys: assertion.transitiveTagKeys,
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
      kept,
      saml: {
        sessionName,
        subjectType,
        nameQualifier,
        ...(sessionEnds === undefined ? {} : { duration: Math.floor((sessionEnds - now) / 1000) }),
      },
    },
  };
}
