/** AssumeRoleWithSAML: assertions of a provider whose metadata the account has, and what is tried with them. */
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  CreateRoleCommand,
  CreateSAMLProviderCommand,
  GetUserCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleWithSAMLCommand,
  type AssumeRoleWithSAMLCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { SignedXml } from 'xml-crypto';
import {
  ACCOUNT_A,
  admin,
  allow,
  iamOf,
  keysOf,
  type Policy,
  policy,
  refused,
  stsOf,
  trust,
  world,
} from './aws-sts-clients.ts';
import { samlCertificate, samlKey } from './aws-sts-idp.data.ts';
import { startPlane, type TestPlane } from './plane.ts';

const ROLE = `arn:aws:iam::${ACCOUNT_A}:role/saml-role`;
const PROVIDER = `arn:aws:iam::${ACCOUNT_A}:saml-provider/corp`;
const ENTITY = 'https://idp.example/saml';
const RECIPIENT = 'https://signin.aws.amazon.com/saml';
const MINUTE = 60_000;

let plane: TestPlane;

before(async () => {
  plane = await startPlane({ world: world() });
  const iam = iamOf(plane, admin(ACCOUNT_A));
  await iam.send(new CreateSAMLProviderCommand({ Name: 'corp', SAMLMetadataDocument: metadata() }));
  const AssumeRolePolicyDocument = JSON.stringify(trusting());
  await iam.send(new CreateRoleCommand({ RoleName: 'saml-role', AssumeRolePolicyDocument }));
  await may(allow('*'));
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

const certificate = (): string => samlCertificate.replace(/-----[^-]+-----|\s/g, '');

function metadata(): string {
  const key = `<KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate()}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`;
  const service = `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${ENTITY}/sso"/>`;
  const filler = `<!-- ${'metadata of a provider that a test plays '.repeat(30)} -->`;
  return `<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${ENTITY}"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${key}${service}</IDPSSODescriptor>${filler}</EntityDescriptor>`;
}

const trusting = (Condition: Policy = {}, action: unknown = 'sts:AssumeRoleWithSAML'): Policy =>
  trust({ Federated: PROVIDER }, action, { Condition: { StringEquals: { 'SAML:aud': RECIPIENT }, ...Condition } });

async function trusts(document: Policy): Promise<void> {
  const input = { RoleName: 'saml-role', PolicyDocument: JSON.stringify(document) };
  await iamOf(plane, admin(ACCOUNT_A)).send(new UpdateAssumeRolePolicyCommand(input));
}

async function may(document: Policy): Promise<void> {
  const input = { RoleName: 'saml-role', PolicyName: 'may', PolicyDocument: JSON.stringify(document) };
  await iamOf(plane, admin(ACCOUNT_A)).send(new PutRolePolicyCommand(input));
}

/** What an assertion says; `undefined` leaves out what is usual. */
interface Said {
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string;
  readonly recipient?: string;
  /** Milliseconds from now. */
  readonly issued?: number;
  readonly from?: number;
  readonly until?: number;
  readonly sessionEnds?: number;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
}

const AWS = 'https://aws.amazon.com/SAML/Attributes/';
const at = (ahead: number): string => new Date(Date.now() + ahead).toISOString();

function assertion(said: Said = {}): string {
  const attributes = {
    [`${AWS}Role`]: [`${ROLE},${PROVIDER}`],
    [`${AWS}RoleSessionName`]: ['ana@corp.example'],
    ...said.attributes,
  };
  const listed = Object.entries(attributes)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => {
      const items = values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('');
      return `<saml:Attribute Name="${name}">${items}</saml:Attribute>`;
    });
  const ends = said.sessionEnds === undefined ? '' : ` SessionNotOnOrAfter="${at(said.sessionEnds)}"`;
  const until = at(said.until ?? 5 * MINUTE);
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="a-1" Version="2.0" IssueInstant="${at(said.issued ?? 0)}">`,
    `<saml:Issuer>${said.issuer ?? ENTITY}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${said.subject ?? 'ana'}</saml:NameID>`,
    '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    `<saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${said.recipient ?? RECIPIENT}"/>`,
    '</saml:SubjectConfirmation></saml:Subject>',
    `<saml:Conditions NotBefore="${at(said.from ?? 0)}" NotOnOrAfter="${until}"><saml:AudienceRestriction>`,
    `<saml:Audience>${said.audience ?? 'urn:amazon:webservices'}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${at(0)}"${ends}/>`,
    `<saml:AttributeStatement>${listed.join('')}</saml:AttributeStatement></saml:Assertion>`,
  ].join('');
}

const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
const response = (inside: string, status = SUCCESS): string =>
  `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="r-1" Version="2.0" IssueInstant="${at(0)}"><samlp:Status><samlp:StatusCode Value="${status}"/></samlp:Status>${inside}</samlp:Response>`;

interface Signing {
  readonly key?: string;
  readonly element?: 'Assertion' | 'Response';
  readonly algorithm?: string;
  readonly digest?: string;
}

/** The document with a signature over one of its elements. */
function signed(xml: string, { key = samlKey, element = 'Assertion', algorithm, digest }: Signing = {}): string {
  const signer = new SignedXml({
    privateKey: key,
    signatureAlgorithm: algorithm ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  });
  const xpath = `//*[local-name(.)='${element}']`;
  signer.addReference({
    xpath,
    digestAlgorithm: digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  });
  signer.computeSignature(xml, { location: { reference: `${xpath}/*[1]`, action: 'after' } });
  return signer.getSignedXml();
}

const usual = (said: Said = {}): string => signed(response(assertion(said)));
const encode = (xml: string): string => Buffer.from(xml).toString('base64');

function assume(xml: string, more: Partial<AssumeRoleWithSAMLCommandInput> = {}) {
  const client = new STSClient({ endpoint: plane.aws, region: 'us-east-1', maxAttempts: 1 });
  const input = { RoleArn: ROLE, PrincipalArn: PROVIDER, SAMLAssertion: encode(xml), ...more };
  return client.send(new AssumeRoleWithSAMLCommand(input));
}

describe('an assertion', () => {
  test('opens the role that it names, under the name that it gives', async () => {
    const given = await assume(usual());
    assert.equal(given.Subject, 'ana');
    assert.equal(given.SubjectType, 'persistent');
    assert.equal(given.Issuer, ENTITY);
    assert.equal(given.Audience, RECIPIENT);
    assert.match(given.NameQualifier ?? '', /^[A-Za-z0-9+/]{27}=$/);
    const who = await stsOf(plane, keysOf(given.Credentials)).send(new GetCallerIdentityCommand({}));
    assert.equal(who.Arn, `arn:aws:sts::${ACCOUNT_A}:assumed-role/saml-role/ana@corp.example`);
  });

  test('may be signed as a whole response', async () => {
    await assume(signed(response(assertion()), { element: 'Response' }));
  });

  test('gives policies what it says', async () => {
    const mail = { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': ['ana@corp.example'] };
    const condition = {
      'saml:sub': 'ana',
      'saml:iss': ENTITY,
      'saml:mail': 'ana@corp.example',
      'saml:doc': `${ACCOUNT_A}/corp`,
    };
    await trusts(trusting({ StringLike: condition }));
    const given = await assume(usual({ attributes: mail }));
    assert.equal((await refused(assume(usual()))).name, 'AccessDenied');
    assert.equal((await refused(assume(usual({ attributes: mail, subject: 'bob' })))).name, 'AccessDenied');
    await trusts(trusting());
    const call = () => iamOf(plane, keysOf(given.Credentials)).send(new GetUserCommand({ UserName: 'worker' }));
    const sees = (sub: string) =>
      may(policy({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquals: { 'saml:sub': sub } } }));
    await sees('ana');
    await call();
    await sees('bob');
    assert.equal((await refused(call())).name, 'AccessDenied');
    await may(allow('*'));
  });

  test('brings session tags and a source identity', async () => {
    const attributes = {
      [`${AWS}PrincipalTag:team`]: ['blue'],
      [`${AWS}TransitiveTagKeys`]: ['team'],
      [`${AWS}SourceIdentity`]: ['ana'],
    };
    assert.equal((await refused(assume(usual({ attributes })))).name, 'AccessDenied');
    const actions = ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'];
    await trusts(trusting({ StringLike: { 'aws:RequestTag/team': 'blue' } }, actions));
    assert.equal((await assume(usual({ attributes }))).SourceIdentity, 'ana');
    await trusts(trusting());
  });

  test('ends the session when it says so', async () => {
    const minutes = async (said: Said, more = {}) =>
      Math.round(((await assume(usual(said), more)).Credentials!.Expiration!.getTime() - Date.now()) / MINUTE);
    assert.equal(await minutes({}), 60);
    assert.equal(await minutes({}, { DurationSeconds: 900 }), 15);
    assert.equal(await minutes({ sessionEnds: 30 * MINUTE }), 30);
    assert.equal(
      (await refused(assume(usual(), { DurationSeconds: 7200 }))).message,
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  });

  const bad: readonly (readonly [string, () => string, string, RegExp])[] = [
    ['for another audience', () => usual({ audience: 'urn:other' }), 'InvalidIdentityToken', /required audience/],
    [
      'for another recipient',
      () => usual({ recipient: 'https://other.example/saml' }),
      'InvalidIdentityToken',
      /Recipient/,
    ],
    [
      'of an issuer the provider is not',
      () => usual({ issuer: 'https://other.example' }),
      'InvalidIdentityToken',
      /^Issuer not present/,
    ],
    ['expired', () => usual({ until: -1000 }), 'ExpiredTokenException', /redeemed within 5 minutes/],
    [
      'older than five minutes',
      () => usual({ issued: -6 * MINUTE }),
      'ExpiredTokenException',
      /redeemed within 5 minutes/,
    ],
    ['for a session that has ended', () => usual({ sessionEnds: -1000 }), 'ExpiredTokenException', /redeemed/],
    ['not valid yet', () => usual({ from: 10 * MINUTE }), 'InvalidIdentityToken', /not valid yet/],
    [
      'without a session name',
      () => usual({ attributes: { [`${AWS}RoleSessionName`]: [] } }),
      'InvalidIdentityToken',
      /^RoleSessionName is required in AuthnResponse$/,
    ],
    [
      'with a session name that cannot be one',
      () => usual({ attributes: { [`${AWS}RoleSessionName`]: ['a b'] } }),
      'InvalidIdentityToken',
      /^RoleSessionName in AuthnResponse must match/,
    ],
    [
      'for another role',
      () => usual({ attributes: { [`${AWS}Role`]: [`${ROLE}-other,${PROVIDER}`] } }),
      'AccessDenied',
      /^Not authorized to perform sts:AssumeRoleWithSAML$/,
    ],
    ['without a role', () => usual({ attributes: { [`${AWS}Role`]: [] } }), 'AccessDenied', /^Not authorized/],
    [
      'a refusal of the provider',
      () => signed(response(assertion(), 'urn:oasis:names:tc:SAML:2.0:status:Responder')),
      'IDPRejectedClaim',
      /Responder/,
    ],
    ['no XML', () => 'not xml', 'InvalidIdentityToken', /signature invalid/],
  ];
  for (const [what, make, code, pattern] of bad) {
    test(`is refused when it is ${what}`, async () => {
      const { name, message } = await refused(assume(make()));
      assert.match(name, new RegExp(`^${code}`));
      assert.match(message, pattern);
    });
  }

  test('is refused for a provider that does not exist, or is of another account', async () => {
    for (const PrincipalArn of [`${PROVIDER}-other`, PROVIDER.replace(ACCOUNT_A, '444455556666'), ROLE]) {
      assert.equal((await refused(assume(usual(), { PrincipalArn }))).message, "Specified provider doesn't exist");
    }
  });
});

describe('a signature', () => {
  const evil = (): string => assertion({ subject: 'mallory' }).replace('ID="a-1"', 'ID="a-2"');
  const good = (): string => /<saml:Assertion.*<\/saml:Assertion>/s.exec(usual())![0];
  const stranger = (): string =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

  const attacks: readonly (readonly [string, () => string])[] = [
    ['missing', () => response(assertion())],
    ['of another key', () => signed(response(assertion()), { key: stranger() })],
    ['over what was changed afterwards', () => usual().replace('>ana<', '>mallory<')],
    ['over another assertion beside the one to be believed', () => response(evil() + good())],
    ['over another assertion behind the one to be believed', () => response(good() + evil())],
    [
      'over an assertion inside the one to be believed',
      () => response(evil().replace('</saml:Assertion>', `<saml:Advice>${good()}</saml:Advice></saml:Assertion>`)),
    ],
    [
      'over an assertion hidden in an extension',
      () => response(`<samlp:Extensions>${good()}</samlp:Extensions>${evil()}`),
    ],
    [
      'that the changed assertion carries along',
      () => {
        const signature = /<Signature.*<\/Signature>/s.exec(good())![0];
        const carrying = evil().replace('</saml:Issuer>', `</saml:Issuer>${signature}`);
        return response(`${carrying}<x>${good().replace(signature, '')}</x>`);
      },
    ],
    [
      'over another element of the same id',
      () => response(`${evil().replace('ID="a-2"', 'ID="a-1"')}<x>${good()}</x>`),
    ],
    [
      'with SHA-1',
      () =>
        signed(response(assertion()), {
          algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
          digest: 'http://www.w3.org/2000/09/xmldsig#sha1',
        }),
    ],
    ['in a document with a type', () => `<!DOCTYPE Response [<!ENTITY who "mallory">]>${usual()}`],
  ];
  for (const [what, make] of attacks) {
    test(`is no good when it is ${what}`, async () => {
      const { name, message } = await refused(assume(make()));
      assert.match(name, /^InvalidIdentityToken/);
      assert.equal(message, 'Response signature invalid');
    });
  }

  test('that carries the key of a stranger is checked with the provider’s alone', async () => {
    const key = stranger();
    assert.ok(createPrivateKey(key));
    const own = signed(response(assertion()), { key });
    const withKey = own.replace(
      '</Signature>',
      `<KeyInfo><X509Data><X509Certificate>${certificate()}</X509Certificate></X509Data></KeyInfo></Signature>`,
    );
    assert.equal((await refused(assume(withKey))).message, 'Response signature invalid');
  });

  test('covers text with comments as it stands', async () => {
    const split = signed(response(assertion({ subject: 'ana<!-- -->.admin' })));
    assert.equal((await assume(split)).Subject, 'ana.admin');
  });
});
