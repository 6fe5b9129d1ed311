/**
 * The metadata by which a SAML identity provider introduces itself.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf
 */
import { X509Certificate } from 'node:crypto';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { parseXml, type XmlElement } from '../../../../wire/aws/values/xml-parse.ts';

export interface SamlMetadata {
  /** Who issues the assertions. */
  readonly entityId: string;
  /** Certificates that the provider signs with: DER as base64. */
  readonly certificates: readonly string[];
  /** Milliseconds since 1970, where the document says so. */
  readonly validUntil?: number;
}

const NAMESPACE = 'urn:oasis:names:tc:SAML:2.0:metadata';

/** Throws `InvalidInput` for what does not describe an identity provider that can be checked. */
export function readSamlMetadata(text: string): SamlMetadata {
  const root = parseXml(text);
  if (root?.name !== 'EntityDescriptor' || !declares(root, NAMESPACE)) throw unreadable();
  const entityId = root.attributes.get('entityID') ?? '';
  const provider = root.children.find((child) => child.name === 'IDPSSODescriptor');
  if (entityId === '' || provider === undefined) throw unreadable();
  const certificates = signingCertificates(provider);
  if (certificates.length === 0) throw unreadable();
  const until = root.attributes.get('validUntil');
  if (until === undefined) return { entityId, certificates };
  const validUntil = Date.parse(until);
  if (Number.isNaN(validUntil)) throw unreadable();
  return { entityId, certificates, validUntil };
}

const unreadable = () => awsFault('InvalidInput', 'Could not parse metadata');

function declares(element: XmlElement, namespace: string): boolean {
  return [...element.attributes].some(([name, value]) => /^xmlns(:|$)/.test(name) && value === namespace);
}

/** Of keys that are not for encryption alone. Throws `InvalidInput` for one that is no certificate. */
function signingCertificates(provider: XmlElement): readonly string[] {
  return provider.children
    .filter((child) => child.name === 'KeyDescriptor' && child.attributes.get('use') !== 'encryption')
    .flatMap((key) => below(key, 'X509Certificate'))
    .map(({ text }) => {
      const certificate = text.replace(/\s+/g, '');
      if (!isCertificate(certificate)) throw unreadable();
      return certificate;
    });
}

function below(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.flatMap((child) => (child.name === name ? [child] : below(child, name)));
}

function isCertificate(base64: string): boolean {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64')).subject !== '';
  } catch {
    return false;
  }
}
