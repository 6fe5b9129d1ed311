/**
 * What a SAML assertion says to AWS, checked for whom and when it is for.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
 */
import { awsFault } from '../../../../../wire/aws/fault.ts';
import type { XmlElement } from '../../../../../wire/aws/values/xml-parse.ts';
import { BAD_SOURCE_IDENTITY, invalidToken, isSourceIdentity } from '../web-identity/claims.ts';

const ATTRIBUTES = 'https://aws.amazon.com/SAML/Attributes/';
const AUDIENCES: ReadonlySet<string> = new Set(['urn:amazon:webservices', 'https://signin.aws.amazon.com/saml']);
const RECIPIENT = /^https:\/\/([a-z]{2}(-[a-z]+)+-\d\.)?signin\.aws\.amazon\.com\/saml$/;
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const FORMAT_PREFIX = 'urn:oasis:names:tc:SAML:2.0:nameid-format:';
/** From when it was issued to when it is used. */
const REDEEM_MILLISECONDS = 5 * 60_000;
const LEEWAY_MILLISECONDS = 60_000;

export interface Assertion {
  readonly issuer: string;
  readonly subject: string;
  /** `persistent`, `transient`, or a URI of another kind. */
  readonly subjectType: string;
  readonly recipient: string;
  readonly sessionName: string;
  /** Role and provider ARNs that go together. */
  readonly roles: readonly (readonly [role: string, provider: string])[];
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string;
  /** Milliseconds since 1970, by which the session ends. */
  readonly sessionEnds?: number;
  /** Values of all attributes, by name. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** Reads a signed assertion. Throws the vendor's errors of AssumeRoleWithSAML. */
export function readAssertion(assertion: XmlElement, now: number): Assertion {
  checkTimes(assertion, now);
  checkAudience(assertion);
  const name = nameId(assertion);
  const attributes = attributesOf(assertion);
  const own = (short: string) => attributes.get(ATTRIBUTES + short) ?? [];
  const ends = childNamed(assertion, 'AuthnStatement')?.attributes.get('SessionNotOnOrAfter');
  const [sourceIdentity] = own('SourceIdentity');
  if (sourceIdentity !== undefined && !isSourceIdentity(sourceIdentity)) throw invalidToken(BAD_SOURCE_IDENTITY);
  return {
    issuer: childNamed(assertion, 'Issuer')?.text.trim() ?? '',
    subject: name.text.trim(),
    subjectType: subjectType(name.attributes.get('Format')),
    recipient: recipientOf(assertion, now),
    sessionName: sessionName(own('RoleSessionName')),
    roles: own('Role').map(rolePair),
    tags: tagsOf(attributes),
    transitiveTagKeys: own('TransitiveTagKeys'),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(ends === undefined ? {} : { sessionEnds: endOf(ends, now) }),
    attributes,
  };
}

const invalidResponse = () => invalidToken('Your request included an invalid SAML response');
const late = () => awsFault('ExpiredTokenException', 'Token must be redeemed within 5 minutes of issuance');

function childNamed(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

function instant(text: string | undefined): number {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  if (Number.isNaN(time)) throw invalidResponse();
  return time;
}

function endOf(text: string, now: number): number {
  const end = instant(text);
  if (now >= end) throw late();
  return end;
}

function checkTimes(assertion: XmlElement, now: number): void {
  const issued = instant(assertion.attributes.get('IssueInstant'));
  if (now >= issued + REDEEM_MILLISECONDS) throw late();
  const conditions = childNamed(assertion, 'Conditions');
  if (conditions === undefined) throw invalidResponse();
  const [from, until] = [conditions.attributes.get('NotBefore'), conditions.attributes.get('NotOnOrAfter')];
  const begins = Math.max(issued, from === undefined ? 0 : instant(from));
  if (now + LEEWAY_MILLISECONDS < begins) throw invalidToken('The assertion is not valid yet');
  if (until !== undefined && now >= instant(until)) throw late();
}

function checkAudience(assertion: XmlElement): void {
  const restrictions = (childNamed(assertion, 'Conditions')?.children ?? []).filter(
    ({ name }) => name === 'AudienceRestriction',
  );
  const allows = (restriction: XmlElement) => restriction.children.some(({ text }) => AUDIENCES.has(text.trim()));
  if (restrictions.length === 0 || !restrictions.every(allows)) {
    throw invalidToken('Response does not contain the required audience.');
  }
}

/** Where the bearer is to present the assertion: one confirmation that holds is enough. */
function recipientOf(assertion: XmlElement, now: number): string {
  const confirmations = (childNamed(assertion, 'Subject')?.children ?? []).filter(
    ({ name, attributes }) => name === 'SubjectConfirmation' && attributes.get('Method') === BEARER,
  );
  let expired = false;
  for (const confirmation of confirmations) {
    const data = childNamed(confirmation, 'SubjectConfirmationData');
    const recipient = data?.attributes.get('Recipient') ?? '';
    if (data === undefined || !RECIPIENT.test(recipient)) continue;
    if (now < instant(data.attributes.get('NotOnOrAfter'))) return recipient;
    expired = true;
  }
  throw expired ? late() : invalidToken('The Recipient of the SubjectConfirmationData is not this service');
}

function nameId(assertion: XmlElement): XmlElement {
  const found = childNamed(childNamed(assertion, 'Subject') ?? assertion, 'NameID');
  if (found === undefined || found.text.trim() === '') throw invalidResponse();
  return found;
}

function subjectType(format = `${FORMAT_PREFIX}unspecified`): string {
  return format.startsWith(FORMAT_PREFIX) ? format.slice(FORMAT_PREFIX.length) : format;
}

function attributesOf(assertion: XmlElement): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const statement of assertion.children) {
    if (statement.name !== 'AttributeStatement') continue;
    for (const { name, attributes, children } of statement.children) {
      const key = attributes.get('Name');
      if (name !== 'Attribute' || key === undefined) continue;
      found.set(key, [...(found.get(key) ?? []), ...children.map(({ text }) => text.trim())]);
    }
  }
  return found;
}

function sessionName([name]: readonly string[]): string {
  if (name === undefined) throw invalidToken('RoleSessionName is required in AuthnResponse');
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
  throw invalidToken('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}');
}

/** A role and a provider with a comma between them, in either order. */
function rolePair(value: string): readonly [role: string, provider: string] {
  const [first = '', second = '', ...more] = value.split(',').map((part) => part.trim());
  if (second === '' || more.length > 0) throw invalidResponse();
  return first.includes(':saml-provider/') ? [second, first] : [first, second];
}

function tagsOf(attributes: ReadonlyMap<string, readonly string[]>): Readonly<Record<string, string>> {
  const prefix = `${ATTRIBUTES}PrincipalTag:`;
  const tags: Record<string, string> = {};
  for (const [name, values] of attributes) {
    if (!name.startsWith(prefix)) continue;
    const [value, ...more] = values;
    if (value === undefined || more.length > 0) throw invalidResponse();
    tags[name.slice(prefix.length)] = value;
  }
  return tags;
}
