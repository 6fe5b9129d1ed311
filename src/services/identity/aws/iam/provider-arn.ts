/** How identity providers are addressed: by ARN. */
import type { Context } from '../../../../context.ts';
import { awsRef, PARTITION, parseArn, type ResourceRef } from '../../../../policy/names.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IAM } from '../documents.ts';

/** Throws `ValidationError` for what is no ARN, `InvalidInput` for the ARN of something else. */
export function providerAsked(cx: Context, arn: string, type: 'oidc-provider' | 'saml-provider'): ResourceRef {
  const parsed = parseArn(arn);
  if (parsed === undefined) throw awsFault('ValidationError', `ARN ${arn} is not valid.`);
  const { partition, service, region, account } = parsed;
  const ref = awsRef(arn, cx.identity.caller.account);
  if (partition === PARTITION && service === IAM && region === '' && account !== '' && ref.type === type) return ref;
  throw awsFault('InvalidInput', `ARN ${arn} is not valid: it is not that of an \`${type}\``);
}
