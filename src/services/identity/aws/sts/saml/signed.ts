/**
 * The part of a SAML response that its provider has signed. Whatever else the document says is never looked at again:
 * what is read is the text that the signature covers, not the document around it.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf, section 5.4
 */
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { parseXml, type XmlElement } from '../../../../../wire/aws/values/xml-parse.ts';

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';

/** SHA-1 no longer says who signed; keys that both sides know are nobody's signature. */
const SIGNATURES = [
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
] as const;
const HASHES = ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512'] as const;
/** What may be done to the text before it is hashed: nothing that leaves a part of it out, but the signature itself. */
const TRANSFORMS = [
  'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
] as const;

/** The assertion of a response, as it was signed with one of the certificates (DER as base64); undefined when none is. */
export function signedAssertion(xml: string, certificates: readonly string[]): XmlElement | undefined {
  // Entities could make the document mean something else to each who reads it.
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return undefined;
  const response = rootOf(xml);
  if (response?.localName !== 'Response' || response.namespaceURI !== PROTOCOL) return undefined;
  const assertions = childrenOf(response, 'Assertion', ASSERTION);
  if (assertions.length !== 1) return undefined;
  for (const signed of [response, assertions[0]!]) {
    const [signature, ...more] = childrenOf(signed, 'Signature', SIGNATURE);
    if (signature === undefined || more.length > 0 || !isPlain(signature)) continue;
    for (const certificate of certificates) {
      const text = coveredText(xml, signature, signed.getAttribute('ID') ?? '', certificate);
      if (text !== undefined) return assertionIn(text);
    }
  }
  return undefined;
}

function rootOf(xml: string): Element | undefined {
  try {
    const refuse = (message: string): never => {
      throw new Error(message);
    };
    const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } });
    return parser.parseFromString(xml, 'text/xml').documentElement ?? undefined;
  } catch {
    return undefined;
  }
}

function childrenOf(parent: Element, name: string, namespace: string): readonly Element[] {
  const found: Element[] = [];
  for (let child = parent.firstChild; child; child = child.nextSibling) {
    const element = child as Element;
    if (element.localName === name && element.namespaceURI === namespace) found.push(element);
  }
  return found;
}

/** Every reference costs work before the signature is checked, so that a stranger may not bring many. */
function isPlain(signature: Element): boolean {
  const count = (name: string) => signature.getElementsByTagNameNS(SIGNATURE, name).length;
  return count('Reference') === 1 && count('Transform') <= 2;
}

/** What the signature covers, when it is of the certificate's key and covers the element with this id alone. */
function coveredText(xml: string, signature: Element, id: string, certificate: string): string | undefined {
  const checked = new SignedXml({ publicCert: pemOf(certificate), getCertFromKeyInfo: () => null });
  checked.SignatureAlgorithms = only(checked.SignatureAlgorithms, SIGNATURES);
  checked.HashAlgorithms = only(checked.HashAlgorithms, HASHES);
  checked.CanonicalizationAlgorithms = only(checked.CanonicalizationAlgorithms, TRANSFORMS);
  try {
    checked.loadSignature(signature);
    if (!checked.checkSignature(xml)) return undefined;
  } catch {
    return undefined;
  }
  const [reference, ...more] = checked.getReferences();
  if (reference === undefined || more.length > 0 || id === '' || reference.uri !== `#${id}`) return undefined;
  return checked.getSignedReferences()[0];
}

function only<T extends object>(table: T, names: readonly string[]): T {
  return Object.fromEntries(Object.entries(table).filter(([name]) => names.includes(name))) as T;
}

const pemOf = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, '$1\n').trim()}\n-----END CERTIFICATE-----\n`;

/** The signed text is the response, or the assertion itself. */
function assertionIn(text: string): XmlElement | undefined {
  const root = parseXml(text);
  if (root?.name === 'Assertion') return root;
  const assertions = root?.name === 'Response' ? root.children.filter(({ name }) => name === 'Assertion') : [];
  return assertions.length === 1 ? assertions[0] : undefined;
}
