/** AssumeRoleWithWebIdentity: tokens of this plane's IBM Cloud, and of an OIDC provider that is asked over TLS. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteOpenIDConnectProviderCommand,
  GetUserCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { exportJWK, SignJWT } from 'jose';
import {
  ACCOUNT_A,
  ACCOUNT_B,
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
import { tlsCertificate, tlsKey } from './aws-sts-idp.data.ts';
import { startPlane, type TestPlane } from './plane.ts';

const IBM_ACCOUNT = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf';
const IBM_KEY = 'sts-test-owner-api-key-000000000000000001';
const IBM_ISSUER = 'iam.cloud.ibm.com/identity';
const ISSUER = 'idp.example/tenant';
const ROLE = `arn:aws:iam::${ACCOUNT_A}:role/workload`;

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

let plane: TestPlane;
let idp: Server;
/** What the provider answers at a path. */
let documents: Record<string, { status?: number; headers?: Record<string, string>; body?: string }>;
let asked: string[] = [];

before(async () => {
  idp = createServer({ key: tlsKey, cert: tlsCertificate }, (request, response) => {
    asked.push(request.url ?? '');
    const { status = 404, headers = {}, body = '' } = documents[request.url ?? ''] ?? {};
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => idp.listen(0, '127.0.0.1', resolve));
  documents = await usualDocuments();
  const port = (idp.address() as AddressInfo).port;
  const ibm = `accounts: [{ id: "${IBM_ACCOUNT}", name: ibm, owner: { email: owner@ibm.example, apiKey: ${IBM_KEY} } }]`;
  const aws = world();
  const both = aws.replace('accounts: [', `${ibm.slice(0, -1)}, `);
  plane = await startPlane({ world: both, args: ['--allow-outbound', `idp.example=127.0.0.1:${port}`] });
  const iam = iamOf(plane, admin(ACCOUNT_A));
  await iam.send(new CreateOpenIDConnectProviderCommand({ Url: `https://${IBM_ISSUER}`, ClientIDList: ['default'] }));
  await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: `https://${ISSUER}`,
      ClientIDList: ['client-1', 'client-2'],
      ThumbprintList: [thumbprint()],
    }),
  );
  const AssumeRolePolicyDocument = JSON.stringify(trusting(ISSUER));
  await iam.send(new CreateRoleCommand({ RoleName: 'workload', AssumeRolePolicyDocument }));
  await may(allow('*'));
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
  idp.close();
});

const thumbprint = (): string => new X509Certificate(tlsCertificate).fingerprint.replaceAll(':', '');

async function usualDocuments(): Promise<typeof documents> {
  const keys = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256', use: 'sig' },
    { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256', use: 'sig' },
  ];
  const json = (value: object) => ({ status: 200, body: JSON.stringify(value) });
  return {
    '/tenant/.well-known/openid-configuration': json({
      issuer: `https://${ISSUER}`,
      jwks_uri: 'https://idp.example/keys',
    }),
    '/keys': json({ keys }),
  };
}

const trusting = (issuer: string, Condition: Policy = {}, action: unknown = 'sts:AssumeRoleWithWebIdentity'): Policy =>
  trust({ Federated: `arn:aws:iam::${ACCOUNT_A}:oidc-provider/${issuer}` }, action, { Condition });

async function trusts(document: Policy): Promise<void> {
  const input = { RoleName: 'workload', PolicyDocument: JSON.stringify(document) };
  await iamOf(plane, admin(ACCOUNT_A)).send(new UpdateAssumeRolePolicyCommand(input));
}

async function may(document: Policy): Promise<void> {
  const input = { RoleName: 'workload', PolicyName: 'may', PolicyDocument: JSON.stringify(document) };
  await iamOf(plane, admin(ACCOUNT_A)).send(new PutRolePolicyCommand(input));
}

/** A token of the provider; `claims` besides or in place of the usual ones. */
function token(
  claims: Record<string, unknown> = {},
  key: KeyObject = rsa.privateKey,
  header = { alg: 'RS256', kid: 'rsa' },
) {
  const now = Math.floor(Date.now() / 1000);
  const usual = { iss: `https://${ISSUER}`, sub: 'subject-1', aud: 'client-1', iat: now, exp: now + 600 };
  return new SignJWT({ ...usual, ...claims }).setProtectedHeader(header).sign(key);
}

/** Without credentials: the call is not signed. */
function assume(WebIdentityToken: string, more: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) {
  const client = new STSClient({ endpoint: plane.aws, region: 'us-east-1', maxAttempts: 1 });
  return client.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn: ROLE, RoleSessionName: 'web', WebIdentityToken, ...more }),
  );
}

describe('a token of this plane’s IBM Cloud', () => {
  const sub = { StringEquals: { [`${IBM_ISSUER}:sub`]: 'owner@ibm.example', [`${IBM_ISSUER}:aud`]: 'default' } };

  test('opens a role that trusts its subject, and no other', async () => {
    await trusts(trusting(IBM_ISSUER, sub));
    const ibmToken = await plane.token(IBM_KEY);
    const given = await assume(ibmToken);
    assert.equal(given.Provider, `arn:aws:iam::${ACCOUNT_A}:oidc-provider/${IBM_ISSUER}`);
    assert.equal(given.SubjectFromWebIdentityToken, 'owner@ibm.example');
    assert.equal(given.Audience, 'default');
    const who = await stsOf(plane, keysOf(given.Credentials)).send(new GetCallerIdentityCommand({}));
    assert.equal(who.Arn, `arn:aws:sts::${ACCOUNT_A}:assumed-role/workload/web`);
    await trusts(trusting(IBM_ISSUER, { StringEquals: { [`${IBM_ISSUER}:sub`]: 'somebody@else.example' } }));
    const { name, message, status } = await refused(assume(ibmToken));
    assert.deepEqual(
      [name, message, status],
      ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403],
    );
  });

  test('opens none in an account that has no such provider', async () => {
    const elsewhere = { RoleArn: `arn:aws:iam::${ACCOUNT_B}:role/workload` };
    const { name, message } = await refused(assume(await plane.token(IBM_KEY), elsewhere));
    assert.match(name, /^InvalidIdentityToken/);
    assert.equal(message, `No OpenIDConnect provider found in your account for https://${IBM_ISSUER}`);
  });

  test('cannot be made by others', async () => {
    const now = Math.floor(Date.now() / 1000);
    const forged = new SignJWT({ iss: `https://${IBM_ISSUER}`, sub: 'owner@ibm.example', client_id: 'default' })
      .setProtectedHeader({ alg: 'RS256', kid: decodedHeader(await plane.token(IBM_KEY)).kid! })
      .setIssuedAt(now)
      .setExpirationTime(now + 600)
      .sign(stranger.privateKey);
    await trusts(trusting(IBM_ISSUER));
    assert.match((await refused(assume(await forged))).name, /^InvalidIdentityToken/);
    await assume(await plane.token(IBM_KEY));
  });
});

function decodedHeader(jwt: string): { kid?: string } {
  return JSON.parse(Buffer.from(jwt.slice(0, jwt.indexOf('.')), 'base64url').toString());
}

describe('a token of a provider', () => {
  before(() => trusts(trusting(ISSUER)));

  test('is verified with its published keys, which are asked for once', async () => {
    asked = [];
    await assume(await token());
    await assume(await token({}, ec.privateKey, { alg: 'ES256', kid: 'ec' }));
    assert.deepEqual(asked, ['/tenant/.well-known/openid-configuration', '/keys']);
  });

  test('gives policies its claims, for the trust and for the session', async () => {
    await trusts(
      trusting(ISSUER, {
        StringLike: { [`${ISSUER}:sub`]: 'repo:*' },
        StringEquals: { [`${ISSUER}:aud`]: 'client-2' },
        'ForAnyValue:StringEquals': { [`${ISSUER}:amr`]: 'mfa' },
      }),
    );
    const good = { sub: 'repo:a', aud: 'client-2', amr: ['pwd', 'mfa'] };
    const given = await assume(await token(good));
    for (const wrong of [{ sub: 'user:a' }, { aud: 'client-1' }, { amr: ['pwd'] }, { amr: undefined }]) {
      assert.equal((await refused(assume(await token({ ...good, ...wrong })))).name, 'AccessDenied');
    }
    const sees = (sub: string) =>
      may(
        policy({
          Effect: 'Allow',
          Action: 'iam:GetUser',
          Resource: '*',
          Condition: { StringEquals: { [`${ISSUER}:sub`]: sub } },
        }),
      );
    const call = () => iamOf(plane, keysOf(given.Credentials)).send(new GetUserCommand({ UserName: 'worker' }));
    await sees('repo:a');
    await call();
    await sees('repo:b');
    assert.equal((await refused(call())).name, 'AccessDenied');
    await may(allow('*'));
    await trusts(trusting(ISSUER));
  });

  test('brings session tags and a source identity, each with its own allow', async () => {
    const claims = {
      'https://aws.amazon.com/tags': { principal_tags: { team: ['blue'] }, transitive_tag_keys: ['team'] },
      'https://aws.amazon.com/source_identity': 'ana',
    };
    assert.equal((await refused(assume(await token(claims)))).name, 'AccessDenied');
    const actions = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity'];
    await trusts(trusting(ISSUER, { StringEquals: { 'aws:RequestTag/team': 'blue' } }, actions));
    assert.equal((await assume(await token(claims))).SourceIdentity, 'ana');
    await trusts(trusting(ISSUER, {}, actions.slice(0, 2)));
    assert.equal((await refused(assume(await token(claims)))).name, 'AccessDenied');
    await trusts(trusting(ISSUER));
  });

  test('is limited by session policies like any other', async () => {
    const given = await assume(await token(), { Policy: JSON.stringify(allow('iam:GetUser')) });
    const iam = iamOf(plane, keysOf(given.Credentials));
    await iam.send(new GetUserCommand({ UserName: 'worker' }));
    assert.equal((await refused(iam.send(new ListUsersCommand({})))).name, 'AccessDenied');
  });

  const now = Math.floor(Date.now() / 1000);
  const bad: readonly (readonly [string, () => Promise<string> | string, string, RegExp])[] = [
    ['no JWT', () => 'opaque-access-token', 'InvalidIdentityToken', /is not a valid JWT/],
    ['for another client', () => token({ aud: 'client-9' }), 'InvalidIdentityToken', /^Incorrect token audience$/],
    [
      'of an issuer the account does not know',
      () => token({ iss: 'https://idp.example/other' }),
      'InvalidIdentityToken',
      /^No OpenIDConnect provider found in your account for https:\/\/idp\.example\/other$/,
    ],
    ['expired', () => token({ exp: now - 10 }), 'ExpiredTokenException', /^Token expired: current date\/time \d+ must/],
    ['not valid yet', () => token({ nbf: now + 600 }), 'InvalidIdentityToken', /not valid yet/],
    ['signed by somebody else', () => token({}, stranger.privateKey), 'InvalidIdentityToken', /signature/],
    [
      'signed with a key that is not published',
      () => token({}, rsa.privateKey, { alg: 'RS256', kid: 'unknown' }),
      'InvalidIdentityToken',
      /^Couldn't retrieve verification key/,
    ],
    ['without a subject', () => token({ sub: undefined }), 'InvalidIdentityToken', /^Missing a required claim: sub$/],
    ['without an end', () => token({ exp: undefined }), 'InvalidIdentityToken', /^Missing a required claim: exp$/],
    ['unsigned', () => unsigned(), 'InvalidIdentityToken', /is not a valid JWT/],
    ['changed', async () => changed(await token()), 'InvalidIdentityToken', /signature/],
  ];
  for (const [what, make, code, pattern] of bad) {
    test(`is refused when it is ${what}`, async () => {
      const { name, message } = await refused(assume(await make()));
      assert.match(name, new RegExp(`^${code}`));
      assert.match(message, pattern);
    });
  }

  function unsigned(): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: `https://${ISSUER}`, sub: 's', aud: 'client-1', iat: now, exp: now + 600 };
    return `${part({ alg: 'none', kid: 'rsa' })}.${part(claims)}.AA`;
  }

  function changed(jwt: string): string {
    const [header, payload, signature] = jwt.split('.');
    const claims = { ...JSON.parse(Buffer.from(payload!, 'base64url').toString()), sub: 'subject-2' };
    return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
  }

  test('needs a client id that the provider has', async () => {
    const jwt = await token({ aud: 'client-3' });
    assert.match((await refused(assume(jwt))).message, /Incorrect token audience/);
    await iamOf(plane, admin(ACCOUNT_A)).send(
      new AddClientIDToOpenIDConnectProviderCommand({
        OpenIDConnectProviderArn: `arn:aws:iam::${ACCOUNT_A}:oidc-provider/${ISSUER}`,
        ClientID: 'client-3',
      }),
    );
    await assume(jwt);
  });
});

describe('a provider that does not answer as it should', () => {
  /** A provider whose documents nobody has read yet. */
  async function provider(name: string, thumbprints: readonly string[] = [thumbprint()]): Promise<string> {
    const Url = `https://idp.example/${name}`;
    const { OpenIDConnectProviderArn } = await iamOf(plane, admin(ACCOUNT_A)).send(
      new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['client-1'], ThumbprintList: [...thumbprints] }),
    );
    await trusts(trusting(`idp.example/${name}`));
    assert.ok(OpenIDConnectProviderArn);
    return Url;
  }
  const discovery = (name: string) => `/${name}/.well-known/openid-configuration`;

  test('is not believed when its certificate is another than the account knows', async () => {
    const iss = await provider('pinned', ['0'.repeat(40)]);
    documents[discovery('pinned')] = {
      status: 200,
      body: JSON.stringify({ issuer: iss, jwks_uri: 'https://idp.example/keys' }),
    };
    const { name, message } = await refused(assume(await token({ iss })));
    assert.match(name, /^IDPCommunicationError/);
    assert.match(message, /certificate of `idp\.example` is not trusted/);
  });

  test('is not followed to addresses that are not the internet’s', async () => {
    const iss = await provider('redirecting');
    for (const location of [`${plane.aws}/`, 'https://127.0.0.1/', 'https://[::1]/', 'http://169.254.169.254/']) {
      documents[discovery('redirecting')] = { status: 302, headers: { location } };
      assert.match((await refused(assume(await token({ iss })))).name, /^IDPCommunicationError/, location);
    }
    documents['/moved'] = { status: 200, body: JSON.stringify({ issuer: iss, jwks_uri: 'https://idp.example/keys' }) };
    documents[discovery('redirecting')] = { status: 302, headers: { location: '/moved' } };
    await assume(await token({ iss }));
  });

  test('is not asked for keys elsewhere than where it may be', async () => {
    const iss = await provider('inward');
    documents[discovery('inward')] = {
      status: 200,
      body: JSON.stringify({ issuer: iss, jwks_uri: 'https://10.0.0.1/' }),
    };
    assert.match((await refused(assume(await token({ iss })))).name, /^IDPCommunicationError/);
  });

  const answers: readonly (readonly [string, string | undefined, RegExp])[] = [
    ['nothing', undefined, /^IDPCommunicationError/],
    ['no JSON', '<html>', /^IDPCommunicationError/],
    ['too much', `"${'x'.repeat(300_000)}"`, /^IDPCommunicationError/],
    [
      'another issuer',
      JSON.stringify({ issuer: 'https://idp.example/tenant', jwks_uri: 'https://idp.example/keys' }),
      /^InvalidIdentityToken/,
    ],
  ];
  for (const [what, body, pattern] of answers) {
    test(`is refused when it answers ${what}`, async () => {
      const name = `answers-${what.replace(/\W/g, '-')}`;
      const iss = await provider(name);
      if (body !== undefined) documents[discovery(name)] = { status: 200, body };
      assert.match((await refused(assume(await token({ iss })))).name, pattern);
    });
  }

  test('lets nobody in once the account has removed it', async () => {
    const iss = await provider('removed');
    documents[discovery('removed')] = {
      status: 200,
      body: JSON.stringify({ issuer: iss, jwks_uri: 'https://idp.example/keys' }),
    };
    const jwt = await token({ iss });
    await assume(jwt);
    await iamOf(plane, admin(ACCOUNT_A)).send(
      new DeleteOpenIDConnectProviderCommand({
        OpenIDConnectProviderArn: `arn:aws:iam::${ACCOUNT_A}:oidc-provider/idp.example/removed`,
      }),
    );
    assert.match((await refused(assume(jwt))).message, /^No OpenIDConnect provider found/);
  });
});
