/**
 * The URL of an OpenID Connect provider: `https`, a host without port, and a path.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 */
import { awsFault } from '../../../../wire/aws/fault.ts';

const PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]+)([^?#]*)(.*)$/s;
const HOST = /^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/;
const PATH = /^[A-Za-z0-9\-._~%!$&'()*+,;=:@/]*$/;

/** The URL without its scheme, by which the provider goes. Throws `ValidationError` and `InvalidInput`. */
export function providerName(url: string): string {
  const [, scheme, host = '', path = '', rest] = PARTS.exec(url) ?? [];
  if (scheme === undefined) throw awsFault('ValidationError', 'Invalid Open ID Connect Provider URL');
  if (scheme.toLowerCase() !== 'https') {
    throw awsFault('InvalidInput', 'Invalid Open ID Connect Provider URL. The URL must begin with https://.');
  }
  if (rest !== '' || !HOST.test(host) || !PATH.test(path)) {
    throw awsFault('InvalidInput', 'Invalid Open ID Connect Provider URL.');
  }
  return `${host}${path}`;
}
