/**
 * ECDSA signatures of a digest (FIPS 186-5, 6.4). node:crypto hashes what it signs, so the equation is solved here; the
 * multiplications of points, the costly and delicate part, are OpenSSL's, reached through its ECDH.
 */
import { createECDH, type KeyObject, randomBytes } from 'node:crypto';
import { bytesOf, integerOf, inverse, modulo } from './integers.ts';
import { HASH_BYTES, type Hash, type Signer } from './signer.ts';
import type { Curve } from './specs.ts';

interface Group {
  /** How many bytes a coordinate has. */
  readonly bytes: number;
  readonly order: bigint;
}

/** https://doi.org/10.6028/NIST.SP.800-186 and https://www.secg.org/sec2-v2.pdf */
const GROUPS: Readonly<Record<Curve, Group>> = {
  prime256v1: { bytes: 32, order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n },
  secp384r1: {
    bytes: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  secp521r1: {
    bytes: 66,
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
  secp256k1: { bytes: 32, order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n },
};

/** No digest here is longer than the order of its curve, so none is ever cut. */
export function ecdsaDigest(hash: Hash): Signer {
  return { messageBytes: HASH_BYTES[hash], sign: signDigest, verify: verifyDigest };
}

function signDigest(key: KeyObject, digest: Buffer): Buffer {
  const curve = curveOf(key);
  const { order } = GROUPS[curve];
  const nonce = createECDH(curve);
  const r = integerOf(xOf(curve, nonce.generateKeys())) % order;
  // The factor hides the nonce and the key from who measures how long the arithmetic on them takes.
  const blind = modulo(integerOf(randomBytes(GROUPS[curve].bytes)), order - 1n) + 1n;
  const signed = blind * (integerOf(digest) + r * secretOf(key));
  const s = modulo(signed * inverse(blind * integerOf(nonce.getPrivateKey()), order), order);
  return r === 0n || s === 0n ? signDigest(key, digest) : derOf(r, s);
}

/** With the private key at hand, the nonce's point is one multiplication away from r and s. */
function verifyDigest(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const curve = curveOf(key);
  const { order, bytes } = GROUPS[curve];
  const [r, s] = integersOf(signature) ?? [0n, 0n];
  if (r <= 0n || s <= 0n || r >= order || s >= order) return false;
  const nonce = modulo((integerOf(digest) + r * secretOf(key)) * inverse(s, order), order);
  if (nonce === 0n) return false;
  const point = createECDH(curve);
  point.setPrivateKey(bytesOf(nonce, bytes));
  return integerOf(xOf(curve, point.getPublicKey())) % order === r;
}

function curveOf(key: KeyObject): Curve {
  const name = key.asymmetricKeyDetails?.namedCurve ?? '';
  if (!Object.hasOwn(GROUPS, name)) throw new Error(`a key of type ${key.asymmetricKeyType} \`${name}\` has no ECDSA`);
  return name as Curve;
}

function secretOf(key: KeyObject): bigint {
  return integerOf(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
}

/** Of an uncompressed point: 4, x, y. */
function xOf(curve: Curve, point: Buffer): Buffer {
  return point.subarray(1, 1 + GROUPS[curve].bytes);
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const ONE_MORE_LENGTH_BYTE = 0x81;

/** https://www.rfc-editor.org/rfc/rfc3279#section-2.2.3 */
function derOf(r: bigint, s: bigint): Buffer {
  return element(SEQUENCE, Buffer.concat([integerElement(r), integerElement(s)]));
}

function integerElement(value: bigint): Buffer {
  // A leading byte whose top bit is set would make it negative.
  const hex = value.toString(16);
  const padded = hex.padStart(hex.length + (hex.length % 2), '0');
  return element(INTEGER, Buffer.from(/^[89a-f]/.test(padded) ? `00${padded}` : padded, 'hex'));
}

function element(tag: number, content: Buffer): Buffer {
  const length = content.length < 0x80 ? [content.length] : [ONE_MORE_LENGTH_BYTE, content.length];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

/** r and s. Undefined when the signature is not exactly the DER of two positive integers. */
function integersOf(signature: Buffer): [bigint, bigint] | undefined {
  const rAt = signature[1] === ONE_MORE_LENGTH_BYTE ? 3 : 2;
  const sAt = rAt + 2 + (signature[rAt + 1] ?? 0);
  const r = integerOf(signature.subarray(rAt + 2, sAt));
  const s = integerOf(signature.subarray(sAt + 2));
  return derOf(r, s).equals(signature) ? [r, s] : undefined;
}
