/** Identity providers of IAM: OpenID Connect and SAML. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  CreateSAMLProviderCommand,
  type CreateSAMLProviderCommandInput,
  DeleteOpenIDConnectProviderCommand,
  DeleteSAMLProviderCommand,
  GetOpenIDConnectProviderCommand,
  GetSAMLProviderCommand,
  ListOpenIDConnectProvidersCommand,
  ListSAMLProvidersCommand,
  PutUserPolicyCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
  UpdateSAMLProviderCommand,
  type UpdateSAMLProviderCommandInput,
} from '@aws-sdk/client-iam';
import { AssumeRoleWithSAMLCommand } from '@aws-sdk/client-sts';
import {
  ADMIN,
  allowing,
  denied,
  iamClient,
  LIMITED,
  MAIN,
  OTHER,
  OTHER_ROOT,
  refused,
  stsClient,
  WORLD,
} from './aws-iam-clients.ts';
import { startPlane, type TestPlane } from './plane.ts';
import { samlMetadata } from './saml-metadata.ts';

let plane: TestPlane;
before(async () => {
  plane = await startPlane({ world: WORLD });
});
after(() => plane.stop());

const admin = () => iamClient(plane, ADMIN);
const oidcArn = (url: string, account = MAIN) => `arn:aws:iam::${account}:oidc-provider/${url}`;
const samlArn = (name: string, account = MAIN) => `arn:aws:iam::${account}:saml-provider/${name}`;

const createOidc = (Url: string, more: { ClientIDList?: string[]; ThumbprintList?: string[] } = {}) =>
  admin().send(new CreateOpenIDConnectProviderCommand({ Url, ...more }));
const getOidc = (url: string) =>
  admin().send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: oidcArn(url) }));
const createSaml = (Name: string, more: Partial<CreateSAMLProviderCommandInput> = {}) =>
  admin().send(new CreateSAMLProviderCommand({ Name, SAMLMetadataDocument: samlMetadata(), ...more }));
const getSaml = (name: string) => admin().send(new GetSAMLProviderCommand({ SAMLProviderArn: samlArn(name) }));
const updateSaml = (name: string, more: Omit<UpdateSAMLProviderCommandInput, 'SAMLProviderArn'>) =>
  admin().send(new UpdateSAMLProviderCommand({ SAMLProviderArn: samlArn(name), ...more }));

test('an OpenID Connect provider goes by its URL, and keeps thumbprints in small letters', async () => {
  const made = await createOidc('https://token.example.com/a', {
    ClientIDList: ['app', 'app', 'other'],
    ThumbprintList: ['AB'.repeat(20)],
  });
  assert.equal(made.OpenIDConnectProviderArn, oidcArn('token.example.com/a'));
  const { CreateDate, $metadata: _, ...shown } = await getOidc('token.example.com/a');
  assert.ok(CreateDate);
  assert.deepEqual(shown, {
    Url: 'token.example.com/a',
    ClientIDList: ['app', 'other'],
    ThumbprintList: ['ab'.repeat(20)],
  });
  const { OpenIDConnectProviderList } = await admin().send(new ListOpenIDConnectProvidersCommand({}));
  assert.deepEqual(OpenIDConnectProviderList, [{ Arn: oidcArn('token.example.com/a') }]);
  const message = 'Provider with the same url already exists.';
  await refused(createOidc('https://token.example.com/a'), 'EntityAlreadyExists', message, 409);
  await createOidc('https://token.example.com/a/');
});

test('client ids are added and removed; doing it again changes nothing', async () => {
  await createOidc('https://clients.example.com', { ClientIDList: ['first'] });
  const provider = { OpenIDConnectProviderArn: oidcArn('clients.example.com') };
  const ids = async () => (await getOidc('clients.example.com')).ClientIDList;
  const addId = (ClientID: string) =>
    admin().send(new AddClientIDToOpenIDConnectProviderCommand({ ...provider, ClientID }));
  for (let n = 0; n < 2; n += 1) await addId('second');
  assert.deepEqual(await ids(), ['first', 'second']);
  for (let n = 0; n < 2; n += 1) {
    await admin().send(new RemoveClientIDFromOpenIDConnectProviderCommand({ ...provider, ClientID: 'first' }));
  }
  assert.deepEqual(await ids(), ['second']);
});

test('a provider has a hundred client ids at most', async () => {
  const ClientIDList = Array.from({ length: 101 }, (_, n) => `client-${n}`);
  const message = 'Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100';
  await refused(createOidc('https://many.example.com', { ClientIDList }), 'LimitExceeded', message, 409);
  await createOidc('https://many.example.com', { ClientIDList: ClientIDList.slice(1) });
  const more = { OpenIDConnectProviderArn: oidcArn('many.example.com'), ClientID: 'one-more' };
  await refused(admin().send(new AddClientIDToOpenIDConnectProviderCommand(more)), 'LimitExceeded', message);
});

test('thumbprints have forty characters, and there are five at most', async () => {
  await createOidc('https://thumbs.example.com');
  const set = (...ThumbprintList: string[]) =>
    admin().send(
      new UpdateOpenIDConnectProviderThumbprintCommand({
        OpenIDConnectProviderArn: oidcArn('thumbs.example.com'),
        ThumbprintList,
      }),
    );
  const five = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(40));
  await set(...five);
  assert.deepEqual((await getOidc('thumbs.example.com')).ThumbprintList, five);
  await refused(set(...five, '6'.repeat(40)), 'InvalidInput', 'Thumbprint list must contain fewer than 5 entries.');
  await refused(set(), 'InvalidInput', 'Thumbprint list must contain at least one entry.', 400);
  await refused(set('a'.repeat(39)), 'ValidationError', /thumbprint/i, 400);
});

test('a provider that is not there cannot be read, and can be removed', async () => {
  const arn = { OpenIDConnectProviderArn: oidcArn('nothing.example.com') };
  const message = `OpenIDConnect Provider not found for arn ${arn.OpenIDConnectProviderArn}`;
  await refused(admin().send(new GetOpenIDConnectProviderCommand(arn)), 'NoSuchEntity', message, 404);
  await admin().send(new DeleteOpenIDConnectProviderCommand(arn));
});

test('providers are named by ARNs of their own kind', async () => {
  await createOidc('https://kind.example.com');
  const get = (OpenIDConnectProviderArn: string) =>
    admin().send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  await refused(get('kind.example.com/and-more'), 'ValidationError', /is not valid/, 400);
  await refused(get(samlArn('kind.example.com')), 'InvalidInput', /`oidc-provider`/, 400);
  await refused(get(oidcArn('kind.example.com').replace('arn:aws:', 'arn:aws-cn:')), 'InvalidInput', /not valid/);
});

test('providers of another account are out of reach, there or not', async () => {
  await createOidc('https://own.example.com');
  await createSaml('own');
  const other = iamClient(plane, OTHER_ROOT);
  const get = (url: string) =>
    other.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: oidcArn(url) }));
  await denied(get('own.example.com'), 'iam:GetOpenIDConnectProvider');
  await denied(get('absent.example.com'), 'iam:GetOpenIDConnectProvider');
  const remove = new DeleteSAMLProviderCommand({ SAMLProviderArn: samlArn('own') });
  await denied(other.send(remove), 'iam:DeleteSAMLProvider');
  await refused(
    other.send(new GetSAMLProviderCommand({ SAMLProviderArn: samlArn('own', OTHER) })),
    'NoSuchEntity',
    /own/,
  );
});

test('a SAML provider keeps its metadata as they are, and is valid as long as they say', async () => {
  const metadata = samlMetadata({ attributes: ' validUntil="2031-05-06T07:08:09Z"' });
  const made = await createSaml('until', { SAMLMetadataDocument: metadata });
  assert.equal(made.SAMLProviderArn, samlArn('until'));
  const shown = await getSaml('until');
  assert.equal(shown.SAMLMetadataDocument, metadata);
  assert.equal(shown.ValidUntil!.toISOString(), '2031-05-06T07:08:09.000Z');
  assert.match(shown.SAMLProviderUUID!, /^[A-Z0-9]{22,64}$/);
  await createSaml('forever');
  const forever = await getSaml('forever');
  assert.equal(forever.ValidUntil!.getUTCFullYear() - forever.CreateDate!.getUTCFullYear(), 100);
  await updateSaml('forever', { SAMLMetadataDocument: metadata });
  assert.equal((await getSaml('forever')).ValidUntil!.toISOString(), '2031-05-06T07:08:09.000Z');
  const { SAMLProviderList } = await admin().send(new ListSAMLProvidersCommand({}));
  assert.ok(SAMLProviderList!.some(({ Arn }) => Arn === samlArn('forever')));
  const message = 'SAMLProvider with name until already exists.';
  await refused(createSaml('until'), 'EntityAlreadyExists', message, 409);
});

test('metadata that cannot be read are refused, and change nothing', async () => {
  const SAMLMetadataDocument = samlMetadata({ role: 'SPSSODescriptor' });
  const message = 'Could not parse metadata';
  await refused(createSaml('broken', { SAMLMetadataDocument }), 'InvalidInput', message, 400);
  await refused(getSaml('broken'), 'NoSuchEntity', `Manifest not found for arn ${samlArn('broken')}`, 404);
  await createSaml('intact');
  await refused(updateSaml('intact', { SAMLMetadataDocument }), 'InvalidInput', message);
  assert.equal((await getSaml('intact')).SAMLMetadataDocument, samlMetadata());
  await refused(createSaml('short', { SAMLMetadataDocument: '<a/>' }), 'ValidationError', /sAMLMetadataDocument/);
});

const privateKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

test('assertions can be encrypted for keys of the account, of which it has two at most and shows ids alone', async () => {
  const required = { AssertionEncryptionMode: 'Required' } as const;
  await refused(createSaml('sealed', required), 'InvalidInput', /AddPrivateKey/);
  await createSaml('sealed', { ...required, AddPrivateKey: privateKey() });
  const [first] = (await getSaml('sealed')).PrivateKeyList!;
  assert.match(first!.KeyId!, /^[A-Z0-9]{22,64}$/);
  await updateSaml('sealed', { AddPrivateKey: privateKey() });
  assert.equal((await getSaml('sealed')).PrivateKeyList!.length, 2);
  const message = 'Cannot exceed quota for PrivateKeysPerSAMLProvider: 2';
  await refused(updateSaml('sealed', { AddPrivateKey: privateKey() }), 'LimitExceeded', message, 409);
  await updateSaml('sealed', { RemovePrivateKey: first!.KeyId! });
  await refused(updateSaml('sealed', { RemovePrivateKey: first!.KeyId! }), 'NoSuchEntity', /private key/);
  const [second] = (await getSaml('sealed')).PrivateKeyList!;
  await refused(updateSaml('sealed', { RemovePrivateKey: second!.KeyId! }), 'InvalidInput', /AddPrivateKey/);
  await updateSaml('sealed', { RemovePrivateKey: second!.KeyId!, AssertionEncryptionMode: 'Allowed' });
  const shown = await getSaml('sealed');
  assert.deepEqual([shown.AssertionEncryptionMode, shown.PrivateKeyList], ['Allowed', undefined]);
  await refused(updateSaml('sealed', { AddPrivateKey: 'no key' }), 'InvalidInput', /cannot be read/, 400);
});

test('a provider that insists on encrypted assertions takes no others', async () => {
  await createSaml('strict', { AddPrivateKey: privateKey() });
  const assertion = new AssumeRoleWithSAMLCommand({
    RoleArn: `arn:aws:iam::${MAIN}:role/anything`,
    PrincipalArn: samlArn('strict'),
    SAMLAssertion: Buffer.from('<Response/>').toString('base64'),
  });
  const assume = () => stsClient(plane, ADMIN).send(assertion);
  await refused(assume(), 'InvalidIdentityToken', 'Response signature invalid');
  await updateSaml('strict', { AssertionEncryptionMode: 'Required' });
  await refused(assume(), 'InvalidIdentityToken', /Encrypted assertions are not read/);
});

test('a provider made anew has none of the keys of its namesake', async () => {
  await createSaml('renewed', { AddPrivateKey: privateKey() });
  await admin().send(new DeleteSAMLProviderCommand({ SAMLProviderArn: samlArn('renewed') }));
  await createSaml('renewed');
  assert.equal((await getSaml('renewed')).PrivateKeyList, undefined);
});

test('who may change one provider changes no other', async () => {
  await createSaml('mine');
  await createSaml('yours');
  const UserName = 'limited';
  const PolicyDocument = allowing('iam:UpdateSAMLProvider', samlArn('mine'));
  await admin().send(new PutUserPolicyCommand({ UserName, PolicyName: 'grant', PolicyDocument }));
  const update = (name: string) =>
    iamClient(plane, LIMITED).send(
      new UpdateSAMLProviderCommand({ SAMLProviderArn: samlArn(name), SAMLMetadataDocument: samlMetadata() }),
    );
  await update('mine');
  await denied(update('yours'), 'iam:UpdateSAMLProvider');
});
