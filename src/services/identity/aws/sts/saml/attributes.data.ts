/**
 * Attributes that policies may test as `saml:` keys, by the names that providers give them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml
 */
const EDU_PERSON = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.';
const EDU_ORG = 'urn:oid:1.3.6.1.4.1.5923.1.2.1.';
const X500 = 'urn:oid:2.5.4.';
const CLAIMS = 'http://schemas.xmlsoap.org/';

const single: Readonly<Record<string, string>> = {
  [`${EDU_PERSON}5`]: 'edupersonprimaryaffiliation',
  [`${EDU_PERSON}6`]: 'edupersonprincipalname',
  [`${EDU_PERSON}3`]: 'edupersonorgdn',
  [`${EDU_PERSON}8`]: 'edupersonprimaryorgunitdn',
  [`${X500}3`]: 'cn',
  [`${X500}41`]: 'name',
  [`${CLAIMS}ws/2005/05/identity/claims/name`]: 'name',
  [`${CLAIMS}claims/CommonName`]: 'commonname',
  [`${CLAIMS}ws/2005/05/identity/claims/givenname`]: 'givenname',
  [`${CLAIMS}ws/2005/05/identity/claims/surname`]: 'surname',
  [`${CLAIMS}ws/2005/05/identity/claims/emailaddress`]: 'mail',
  'urn:oid:0.9.2342.19200300.100.1.3': 'mail',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid': 'primarygroupsid',
  'urn:oid:0.9.2342.19200300.100.1.45': 'organizationstatus',
  'urn:oid:0.9.2342.19200300.100.1.1': 'uid',
  [`${X500}45`]: 'x500uniqueidentifier',
};

const lists: Readonly<Record<string, string>> = {
  [`${EDU_PERSON}1`]: 'edupersonaffiliation',
  [`${EDU_PERSON}2`]: 'edupersonnickname',
  [`${EDU_PERSON}4`]: 'edupersonorgunitdn',
  [`${EDU_PERSON}7`]: 'edupersonentitlement',
  [`${EDU_PERSON}9`]: 'edupersonscopedaffiliation',
  [`${EDU_PERSON}10`]: 'edupersontargetedid',
  [`${EDU_PERSON}11`]: 'edupersonassurance',
  [`${EDU_ORG}2`]: 'eduorghomepageuri',
  [`${EDU_ORG}3`]: 'eduorgidentityauthnpolicyuri',
  [`${EDU_ORG}4`]: 'eduorglegalname',
  [`${EDU_ORG}5`]: 'eduorgsuperioruri',
  [`${EDU_ORG}6`]: 'eduorgwhitepagesuri',
};

interface AttributeKey {
  /** Context key in lower case. */
  readonly name: string;
  readonly isList: boolean;
}

const keysOf = (names: Readonly<Record<string, string>>, isList: boolean) =>
  Object.entries(names).map(([attribute, key]): [string, AttributeKey] => [attribute, { name: `saml:${key}`, isList }]);

export const attributeKeys: ReadonlyMap<string, AttributeKey> = new Map([
  ...keysOf(single, false),
  ...keysOf(lists, true),
]);
