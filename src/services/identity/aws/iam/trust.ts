/** Trust policies of roles on their way in and out. They are kept with unique ids and shown with names. */
import type { Context } from '../../../../context.ts';
import { principalsIn } from '../../../../policy/aws/principals.ts';
import { PARTITION, parseArn } from '../../../../policy/names.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IAM } from '../documents.ts';
import { bindPrincipals, showPrincipals } from '../principals.ts';
import { encodedPolicy, policySize, requireGoodPolicy } from './policy-text.ts';
import { requireWithin } from './quotas.ts';

/** The text to keep. Throws `MalformedPolicyDocument`, and `LimitExceeded` when it is too long. */
export async function keptTrust(cx: Context, text: string): Promise<string> {
  requireWithin('ACLSizePerRole', policySize(text));
  requireGoodPolicy(text, 'trust');
  for (const { type, name } of principalsIn(text)) {
    if (type === 'Federated' && !isIdentityProvider(name)) {
      throw awsFault(
        'MalformedPolicyDocument',
        'Federated principals must be valid domain names or SAML metadata ARNs',
      );
    }
  }
  const bound = await bindPrincipals(cx, text);
  if ('invalid' in bound) {
    throw awsFault('MalformedPolicyDocument', `Invalid principal in policy: ${bound.invalid}`);
  }
  return bound.text;
}

/** The text as replies hold it: URL-encoded. */
export async function shownTrust(cx: Context, text: string): Promise<string> {
  return encodedPolicy(await showPrincipals(cx, text));
}

const DOMAIN = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;

/** A provider need not be there yet: nobody gets in through one that is not. */
function isIdentityProvider(name: string): boolean {
  const arn = parseArn(name);
  if (arn === undefined) return DOMAIN.test(name);
  return arn.partition === PARTITION && arn.service === IAM && /^(saml|oidc)-provider\/./.test(arn.resource);
}
