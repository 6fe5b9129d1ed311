/** The token endpoint and what tokens are worth. What is expected: ibm-cloud.md 2.1, RFC 7515, RFC 7519. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import {
  claimsOf,
  HOME,
  iamIdOf,
  identityClient,
  MEMBER_KEY,
  OTHER,
  OTHER_OWNER_KEY,
  OWNER_KEY,
  refusal,
  WORLD,
} from './ibm-identity-world.ts';
import { eventually, type Reply, startPlane, type TestPlane } from './plane.ts';

const APIKEY_GRANT = 'urn:ibm:params:oauth:grant-type:apikey';
let plane: TestPlane;
before(async () => {
  plane = await startPlane({ world: WORLD });
});
after(() => plane.stop());

function ask(
  form: Record<string, string>,
  headers: Record<string, string> = {},
  path = '/identity/token',
): Promise<Reply> {
  return plane.call('POST', path, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
}

/** `bx:bx`, as the CLI and the Terraform provider send it. */
const CLIENT = { authorization: `Basic ${Buffer.from('bx:bx').toString('base64')}` };

/** A call that needs no right but a valid token of a member: whether the token is one. */
async function statusWith(token: string): Promise<number> {
  return (await plane.call('GET', `/v1/apikeys?account_id=${HOME}`, { token })).status;
}

describe('the token endpoint', () => {
  test('an API key gets a token with the documented fields, on both paths', async () => {
    for (const path of ['/identity/token', '/oidc/token']) {
      const { status, body } = await ask(
        { grant_type: APIKEY_GRANT, apikey: OWNER_KEY, response_type: 'cloud_iam' },
        {},
        path,
      );
      assert.equal(status, 200);
      const { access_token: token, ...rest } = body;
      const claims = claimsOf(token);
      assert.deepEqual(rest, {
        refresh_token: 'not_supported',
        token_type: 'Bearer',
        expires_in: 3600,
        expiration: claims['exp'],
        scope: 'ibm openid',
      });
    }
  });

  test("a user's token has the claims that clients and Terraform read", async () => {
    const claims = claimsOf(await plane.token(OWNER_KEY));
    assert.match(claims.iam_id, /^IBMid-\w+$/);
    assert.equal(claims['id'], claims.iam_id);
    assert.equal(claims['realmid'], 'IBMid');
    assert.equal(claims['iss'], 'https://iam.cloud.ibm.com/identity');
    assert.equal(claims['email'], 'owner@home.example');
    assert.equal(claims['sub'], 'owner@home.example');
    assert.equal(claims['name'], 'Olga Owner');
    assert.equal(claims['given_name'], 'Olga');
    assert.equal(claims['family_name'], 'Owner');
    assert.equal(claims['sub_type'], undefined);
    assert.equal(claims.account.bss, HOME);
    assert.equal((claims['account'] as { valid?: boolean }).valid, true);
    assert.equal(Number(claims['exp']) - Number(claims['iat']), 3600);
    assert.equal(claims['grant_type'], APIKEY_GRANT);
    for (const claim of ['jti', 'identifier', 'authn', 'scope', 'client_id', 'acr', 'amr'])
      assert.ok(claim in claims, claim);
  });

  test("a service ID's token says so", async () => {
    const claims = claimsOf(await plane.token('builder-api-key-0000000000000000001'));
    assert.match(claims.iam_id, /^iam-ServiceId-/);
    assert.equal(claims['realmid'], 'iam');
    assert.equal(claims['sub_type'], 'ServiceId');
    assert.equal(`iam-${String(claims['sub'])}`, claims.iam_id);
  });

  test('tokens can be verified with the published keys', async () => {
    const keys = createRemoteJWKSet(new URL('/identity/keys', plane.ibm));
    const { payload, protectedHeader } = await jwtVerify(await plane.token(OWNER_KEY), keys, {
      issuer: 'https://iam.cloud.ibm.com/identity',
      algorithms: ['RS256'],
    });
    assert.equal(payload.sub, 'owner@home.example');
    assert.ok(protectedHeader.kid);
    const { body } = await plane.call('GET', '/identity/.well-known/openid-configuration');
    assert.equal(body.jwks_uri, `${plane.ibm}/identity/keys`);
    assert.equal(body.token_endpoint, `${plane.ibm}/identity/token`);
    assert.ok(!JSON.stringify((await plane.call('GET', '/identity/keys')).body).includes('"d"'), 'no private half');
  });

  test('a person may choose among the accounts they belong to, and no other', async () => {
    const chosen = await ask({ grant_type: APIKEY_GRANT, apikey: MEMBER_KEY, account: OTHER });
    assert.equal(claimsOf(chosen.body.access_token).account.bss, OTHER);
    const home = await ask({ grant_type: APIKEY_GRANT, apikey: MEMBER_KEY });
    assert.equal(claimsOf(home.body.access_token).account.bss, HOME);
    const stranger = await ask({ grant_type: APIKEY_GRANT, apikey: OWNER_KEY, account: OTHER });
    assert.equal(stranger.status, 400);
    assert.equal(stranger.body.errorCode, 'BXNIM0141E');
    const unknown = await ask({ grant_type: APIKEY_GRANT, apikey: OWNER_KEY, account: '0'.repeat(32) });
    assert.deepEqual([unknown.status, unknown.body.errorCode], [400, 'BXNIM0141E'], 'absent and foreign look alike');
  });

  test('clients get refresh tokens, which get tokens until they expire', async () => {
    const first = await ask({ grant_type: APIKEY_GRANT, apikey: MEMBER_KEY }, CLIENT);
    assert.notEqual(first.body.refresh_token, 'not_supported');
    const again = await ask(
      { grant_type: 'refresh_token', refresh_token: first.body.refresh_token, bss_account: OTHER },
      CLIENT,
    );
    assert.equal(again.status, 200);
    assert.equal(claimsOf(again.body.access_token).account.bss, OTHER);
    const forged = await ask({ grant_type: 'refresh_token', refresh_token: `${first.body.refresh_token}x` }, CLIENT);
    assert.deepEqual([forged.status, forged.body.errorCode], [400, 'BXNIM0407E']);
  });
});

describe('bad requests for tokens', () => {
  const cases: readonly [string, Record<string, string>, Record<string, string>, number, string][] = [
    ['no grant type', { apikey: OWNER_KEY }, {}, 400, 'BXNIM0109E'],
    ['no API key', { grant_type: APIKEY_GRANT }, {}, 400, 'BXNIM0109E'],
    ['an empty API key', { grant_type: APIKEY_GRANT, apikey: '' }, {}, 400, 'BXNIM0109E'],
    ['an unknown API key', { grant_type: APIKEY_GRANT, apikey: 'x'.repeat(44) }, {}, 400, 'BXNIM0415E'],
    ['a grant that is not offered', { grant_type: 'password', username: 'a', password: 'b' }, {}, 400, 'BXNIM0109E'],
    ['no refresh token', { grant_type: 'refresh_token' }, {}, 400, 'BXNIM0109E'],
    [
      'a client that is none',
      { grant_type: APIKEY_GRANT, apikey: OWNER_KEY },
      { authorization: 'Basic !!' },
      401,
      'BXNIM0106E',
    ],
  ];
  for (const [what, form, headers, status, code] of cases) {
    test(what, async () => {
      const reply = await ask(form, headers);
      assert.deepEqual([reply.status, reply.body.errorCode], [status, code]);
      assert.ok(reply.body.errorMessage);
      assert.ok(reply.body.context.requestId);
      assert.equal(reply.body.access_token, undefined);
    });
  }

  test("the vendor's words for a missing property and an unknown key", async () => {
    const missing = await ask({});
    assert.equal(missing.body.errorMessage, 'Property missing or empty.');
    assert.equal(missing.body.errorDetails, "Property 'grant_type' either missing or empty.");
    const unknown = await ask({ grant_type: APIKEY_GRANT, apikey: 'nobody-s-key' });
    assert.equal(unknown.body.errorMessage, 'Provided API key could not be found.');
  });

  test('malformed JSON, another content type, too much', async () => {
    const call = (type: string, body: string) =>
      plane.call('POST', '/identity/token', { headers: { 'content-type': type }, body });
    assert.equal((await call('application/json', '{"grant_type":')).status, 400);
    assert.equal((await call('text/plain', 'grant_type=x')).status, 415);
    assert.equal((await call('application/x-www-form-urlencoded', `apikey=${'x'.repeat(100_000)}`)).status, 413);
  });
});

describe('what a token is worth', () => {
  test('a valid one is accepted, also by the SDK', async () => {
    assert.equal(await statusWith(await plane.token(OWNER_KEY)), 200);
    const { result } = await identityClient(plane, OWNER_KEY).listApiKeys({ accountId: HOME });
    assert.equal(result.apikeys.length, 1);
  });

  test('a forged one is not', async () => {
    const token = await plane.token(OWNER_KEY);
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const signedBy = (head: object, body: string) => {
      const text = `${encode(head)}.${body}`;
      return `${text}.${sign('RSA-SHA256', Buffer.from(text), stranger).toString('base64url')}`;
    };
    const jwks = (await plane.call('GET', '/identity/keys')).body.keys[0];
    const confused = `${encode({ alg: 'HS256', kid })}.${payload}`;
    const forged: Record<string, string> = {
      'alg none, no signature': `${encode({ alg: 'none', kid })}.${payload}.`,
      'alg none, the old signature': `${encode({ alg: 'none', kid })}.${payload}.${signature}`,
      'alg None': `${encode({ alg: 'None', kid })}.${payload}.${signature}`,
      'HS256 over the public key': `${confused}.${createHmac('sha256', jwks.n).update(confused).digest('base64url')}`,
      'another key under the same kid': signedBy({ alg: 'RS256', kid }, payload),
      'another kid': signedBy({ alg: 'RS256', kid: 'mine' }, payload),
      'a key of its own in the header': signedBy({ alg: 'RS256', kid, jwk: jwks }, payload),
      'other claims': `${header}.${encode({ ...claimsOf(token), iam_id: 'IBMid-SOMEBODY' })}.${signature}`,
      'no signature': `${header}.${payload}.`,
      'two parts': `${header}.${payload}`,
      'a critical header nobody knows': signedBy({ alg: 'RS256', kid, crit: ['b64'], b64: false }, payload),
      garbage: 'garbage',
      'the API key': OWNER_KEY,
      nothing: '',
    };
    for (const [what, value] of Object.entries(forged)) assert.equal(await statusWith(value), 401, what);
    assert.equal(await statusWith(token), 200, 'the genuine one still is');
  });

  test('the refusal is the one of IAM Identity', async () => {
    const { status, body, headers } = await plane.call('GET', `/v1/apikeys?account_id=${HOME}`, { token: 'garbage' });
    assert.equal(status, 401);
    assert.equal(body.status_code, 401);
    assert.equal(body.errors.length, 1);
    assert.equal(body.trace, headers.get('easement-request-id'));
    assert.ok(body.context.transaction_id);
  });

  test('without a token nothing but the public keys answers', async () => {
    const calls: readonly [string, string][] = [
      ['GET', '/v1/apikeys'],
      ['POST', '/v1/apikeys'],
      ['GET', '/v1/serviceids/'],
      ['GET', '/v2/groups'],
      ['GET', `/v1/accounts/${HOME}/settings/identity`],
    ];
    for (const [method, path] of calls) assert.equal((await plane.call(method, path)).status, 401, path);
    assert.equal((await plane.call('GET', '/identity/keys')).status, 200);
  });

  test('it outlives the API key it was had for, but not the identity', async () => {
    const owner = identityClient(plane, OWNER_KEY);
    const { result: service } = await owner.createServiceId({
      accountId: HOME,
      name: 'short-lived',
      apikey: { name: 'k' },
    });
    const key = service.apikey!;
    const token = await plane.token(key.apikey);
    const works = () => plane.call('GET', `/v1/serviceids/${service.id}`, { token }).then(({ status }) => status);
    assert.equal(await works(), 200, 'a service ID may read itself');
    await owner.deleteApiKey({ id: key.id });
    assert.equal(await works(), 200, 'the key is gone, the token lives on');
    assert.equal((await ask({ grant_type: APIKEY_GRANT, apikey: key.apikey })).body.errorCode, 'BXNIM0415E');
    await owner.deleteServiceId({ id: service.id });
    assert.equal(await works(), 401, 'the identity is gone');
  });
});

test('time ends tokens and refresh tokens', async () => {
  const own = await startPlane({ world: WORLD });
  try {
    const token = await own.token(OWNER_KEY);
    const login = await own.call('POST', '/identity/token', {
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...CLIENT },
      body: new URLSearchParams({ grant_type: APIKEY_GRANT, apikey: OWNER_KEY }).toString(),
    });
    const refresh = () =>
      own.call('POST', '/identity/token', {
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...CLIENT },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: login.body.refresh_token }).toString(),
      });
    const status = () => own.call('GET', '/v1/apikeys', { token }).then((reply) => reply.status);
    await own.advance(3_590_000);
    assert.equal(await status(), 200);
    await own.advance(11_000);
    assert.equal(await status(), 401);
    assert.equal((await refresh()).status, 200);
    await own.advance(259_200_000);
    assert.equal((await refresh()).body.errorCode, 'BXNIM0408E');
    await own.advance(7 * 24 * 3600 * 1000);
    await eventually('the session is forgotten', async () => (await refresh()).body.errorCode === 'BXNIM0407E');
  } finally {
    await own.stop();
  }
});

test('refusals of the SDK keep the body', async () => {
  const { status, body } = await refusal(identityClient(plane, OTHER_OWNER_KEY).listApiKeys({ accountId: HOME }));
  assert.equal(status, 403);
  assert.equal((body['errors'] as { code: string }[])[0]!.code, 'forbidden');
  assert.notEqual(await iamIdOf(plane, OWNER_KEY), await iamIdOf(plane, OTHER_OWNER_KEY));
});
