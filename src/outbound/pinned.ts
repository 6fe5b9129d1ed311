/** Servers that no authority vouches for, but whose certificate, or that of their authority, is known by its thumbprint. */
import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';

/** What is wrong with a chain when only its authority is unknown. */
const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Whether the server at the other end is the one it should be: an authority of this machine vouches for it, or the chain
 * leads to a certificate with one of the thumbprints (SHA-1 in 40 hex digits, as IAM keeps them of OIDC providers).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
 */
export function isTrusted(socket: TLSSocket, host: string, thumbprints: readonly string[], now: number): boolean {
  if (socket.authorized) return true;
  if (!UNKNOWN_AUTHORITY.has(String(socket.authorizationError))) return false;
  const leaf = socket.getPeerCertificate(true);
  return checkServerIdentity(host, leaf) === undefined && leadsTo(chainOf(leaf), thumbprints, now);
}

function chainOf(leaf: DetailedPeerCertificate): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let at = leaf; ; at = at.issuerCertificate) {
    chain.push(new X509Certificate(at.raw));
    if (at.issuerCertificate === undefined || at.issuerCertificate === at) return chain;
  }
}

/** Each certificate must be valid now and signed by the next, up to one that is known: names alone prove nothing. */
function leadsTo(chain: readonly X509Certificate[], thumbprints: readonly string[], now: number): boolean {
  const known = new Set(thumbprints.map((print) => print.toLowerCase()));
  for (const [n, certificate] of chain.entries()) {
    if (now < certificate.validFromDate.getTime() || now > certificate.validToDate.getTime()) return false;
    if (n > 0 && !certificate.ca) return false;
    if (known.has(certificate.fingerprint.replaceAll(':', '').toLowerCase())) return true;
    const issuer = chain[n + 1];
    if (issuer === undefined || !certificate.verify(issuer.publicKey)) return false;
  }
  return false;
}
