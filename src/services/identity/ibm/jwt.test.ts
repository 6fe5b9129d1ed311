import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import { signToken, splitToken, verifiedClaims } from './jwt.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { sub: 'somebody', exp: 4_102_444_800 };
const signed = (header: object): string => {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
};

test('what is signed here verifies elsewhere and here', async () => {
  const token = await signToken(claims, 'k1', privateKey);
  const { payload, protectedHeader } = await jwtVerify(token, publicKey, { algorithms: ['RS256'] });
  assert.deepEqual(payload, claims);
  assert.deepEqual(protectedHeader, { alg: 'RS256', kid: 'k1' });
  const parts = splitToken(token)!;
  assert.equal(parts.kid, 'k1');
  assert.deepEqual(verifiedClaims(parts, publicKey), claims);
});

test('another key, other claims or another header do not verify', async () => {
  const token = await signToken(claims, 'k1', privateKey);
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  assert.equal(verifiedClaims(splitToken(token)!, stranger), undefined);
  const other = `${header}.${encode({ ...claims, sub: 'else' })}.${signature}`;
  assert.equal(verifiedClaims(splitToken(other)!, publicKey), undefined);
  const renamed = `${encode({ alg: 'RS256', kid: 'k2' })}.${payload}.${signature}`;
  assert.equal(verifiedClaims(splitToken(renamed)!, publicKey), undefined);
});

test('only RS256 with a key id is a token at all', () => {
  assert.ok(splitToken(signed({ alg: 'RS256', kid: 'k1' })));
  const text = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(claims)}`;
  const hmac = createHmac('sha256', publicKey.export({ format: 'pem', type: 'spki' }))
    .update(text)
    .digest('base64url');
  const refused: Record<string, string> = {
    'alg none': `${encode({ alg: 'none', kid: 'k1' })}.${encode(claims)}.`,
    'alg none with a signature': signed({ alg: 'none', kid: 'k1' }),
    'alg in another case': signed({ alg: 'rs256', kid: 'k1' }),
    RS512: signed({ alg: 'RS512', kid: 'k1' }),
    PS256: signed({ alg: 'PS256', kid: 'k1' }),
    'HS256 over the public key': `${text}.${hmac}`,
    'no kid': signed({ alg: 'RS256' }),
    'critical extensions': signed({ alg: 'RS256', kid: 'k1', crit: ['exp'] }),
    'a header that is no object': `${encode([])}.${encode(claims)}.AAAA`,
    'a header that is no JSON': `e30x.${encode(claims)}.AAAA`,
    'four parts': `${signed({ alg: 'RS256', kid: 'k1' })}.AAAA`,
    padding: `${signed({ alg: 'RS256', kid: 'k1' })}==`,
    empty: '',
  };
  for (const [what, token] of Object.entries(refused)) assert.equal(splitToken(token), undefined, what);
});
