/** Which role a caller means by an ARN. */
import { PARTITION, parseArn, parsePrincipal, type ResourceRef } from '../../../../policy/names.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { roleRef } from '../documents.ts';

/** The role at an ARN, path included; whether it exists is not looked at. Throws `ValidationError` with `message`. */
export function roleAt(arn: string, message: string): ResourceRef {
  const named = parsePrincipal(arn);
  if (named?.kind !== 'role' || parseArn(arn)?.partition !== PARTITION) throw awsFault('ValidationError', message);
  return roleRef(named.account, '/', named.name);
}
