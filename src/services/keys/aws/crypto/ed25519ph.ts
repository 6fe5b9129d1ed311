/**
 * Ed25519ph (RFC 8032, 5.1): the variant that hashes first. OpenSSL knows it and node:crypto does not offer it, so the
 * curve's arithmetic is done here. The message is hashed even when it is a digest: that is what KMS does.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { bytesOf, integerOf, inverse, modulo } from './integers.ts';
import type { Signer } from './signer.ts';

export const ed25519ph: Signer = { messageBytes: 64, sign, verify };

const PRIME = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
/** Twice the d of the curve's equation. */
const TWICE_D = modulo(-2n * 121665n * inverse(121666n, PRIME), PRIME);
const HALF = 32;

/** Extended coordinates: x = X/Z, y = Y/Z, xy = T/Z. */
interface Point {
  readonly X: bigint;
  readonly Y: bigint;
  readonly Z: bigint;
  readonly T: bigint;
}

const ZERO: Point = { X: 0n, Y: 1n, Z: 1n, T: 0n };
const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n;
const BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960n;
const BASE: Point = { X: BASE_X, Y: BASE_Y, Z: 1n, T: modulo(BASE_X * BASE_Y, PRIME) };

/** dom2 of the RFC, for the hashing variant and no context. */
const DOMAIN = Buffer.concat([Buffer.from('SigEd25519 no Ed25519 collisions'), Buffer.of(1, 0)]);

function sign(key: KeyObject, message: Buffer): Buffer {
  const { scalar, prefix, publicKey } = secretsOf(key);
  const hashed = createHash('sha512').update(message).digest();
  const nonce = scalarOf(prefix, hashed);
  const R = encodeMultiple(nonce);
  const S = modulo(nonce + scalarOf(R, publicKey, hashed) * scalar, ORDER);
  return Buffer.concat([R, bytesOf(S, HALF).reverse()]);
}

/** With the private key at hand, R is one multiplication away from S. */
function verify(key: KeyObject, message: Buffer, signature: Buffer): boolean {
  const { scalar, publicKey } = secretsOf(key);
  const hashed = createHash('sha512').update(message).digest();
  const R = signature.subarray(0, HALF);
  const S = littleEndian(signature.subarray(HALF));
  if (signature.length !== 2 * HALF || S >= ORDER) return false;
  return encodeMultiple(modulo(S - scalarOf(R, publicKey, hashed) * scalar, ORDER)).equals(R);
}

function secretsOf(key: KeyObject): { scalar: bigint; prefix: Buffer; publicKey: Buffer } {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const expanded = createHash('sha512').update(Buffer.from(d, 'base64url')).digest();
  const clamped = Buffer.from(expanded.subarray(0, HALF));
  clamped[0]! &= 0xf8;
  clamped[31] = (clamped[31]! & 0x7f) | 0x40;
  return { scalar: littleEndian(clamped), prefix: expanded.subarray(HALF), publicKey: Buffer.from(x, 'base64url') };
}

function scalarOf(...parts: readonly Buffer[]): bigint {
  const hash = createHash('sha512').update(DOMAIN);
  for (const part of parts) hash.update(part);
  return littleEndian(hash.digest()) % ORDER;
}

function littleEndian(bytes: Buffer): bigint {
  return integerOf(Buffer.from(bytes).reverse());
}

/** The base point times a power of two each; made when first needed. */
let doublings: readonly Point[] | undefined;

function makeDoublings(): readonly Point[] {
  const points = [BASE];
  while (points.length < 253) points.push(add(points.at(-1)!, points.at(-1)!));
  return points;
}

/** The base point times `scalar`, encoded. */
function encodeMultiple(scalar: bigint): Buffer {
  doublings ??= makeDoublings();
  let sum = ZERO;
  let unused = ZERO;
  // A sum for the zeros too: how long it takes does not tell how many of the scalar's bits are set.
  doublings.forEach((point, bit) => {
    if ((scalar >> BigInt(bit)) & 1n) sum = add(sum, point);
    else unused = add(unused, point);
  });
  const perZ = inverse(sum.Z, PRIME);
  const encoded = bytesOf(modulo(sum.Y * perZ, PRIME), HALF).reverse();
  if (modulo(sum.X * perZ, PRIME) & 1n) encoded[HALF - 1]! |= 0x80;
  return encoded;
}

/** https://www.rfc-editor.org/rfc/rfc8032#section-5.1.4 */
function add(p: Point, q: Point): Point {
  const a = ((p.Y - p.X) * (q.Y - q.X)) % PRIME;
  const b = ((p.Y + p.X) * (q.Y + q.X)) % PRIME;
  const c = (((p.T * q.T) % PRIME) * TWICE_D) % PRIME;
  const d = (2n * p.Z * q.Z) % PRIME;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return { X: (e * f) % PRIME, Y: (g * h) % PRIME, T: (e * h) % PRIME, Z: (f * g) % PRIME };
}
