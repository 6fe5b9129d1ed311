/**
 * Key material as it is kept: the raw bytes of a symmetric or HMAC key, the PKCS#8 (DER) of a private key. Always in
 * the one form that `generateMaterial` and `readMaterial` give, so that material that is imported again is recognised.
 */
import {
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { promisify } from 'node:util';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { type Curve, type KeySpec, type MaterialKind, SPECS } from './specs.ts';

/** The longest HMAC key that may be imported, of any spec. */
const HMAC_BYTES = 128;

/** New material. Pairs are made off the main thread: a large RSA key takes a second. */
export async function generateMaterial(spec: KeySpec): Promise<Buffer> {
  const { material } = SPECS[spec];
  return 'bytes' in material ? randomBytes(material.bytes) : pkcs8(await generatePrivateKey(material));
}

/**
 * Material that was brought from outside, unwrapped: raw bytes, or PKCS#8 in DER.
 * Throws `IncorrectKeyMaterialException` when it is not of the spec.
 * https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html
 */
export function readMaterial(spec: KeySpec, bytes: Buffer): Buffer {
  const { material } = SPECS[spec];
  if (!('bytes' in material)) return pkcs8(readPrivateKey(spec, material, bytes));
  const longest = material.type === 'hmac' ? HMAC_BYTES : material.bytes;
  if (bytes.length < material.bytes || bytes.length > longest) throw incorrectFor(spec);
  return bytes;
}

/** Material as it is kept, to work with. */
export function materialKey(spec: KeySpec, bytes: Buffer): KeyObject {
  return 'bytes' in SPECS[spec].material ? createSecretKey(bytes) : openPrivateKey(bytes);
}

/**
 * The 64 hex digits that name material: the same whenever the same material is imported into the same key, another in
 * another key, and nothing that would tell the material.
 */
export function materialId(keyId: string, bytes: Buffer): string {
  return createHmac('sha256', bytes).update(`kms key material of ${keyId}`).digest('hex');
}

/** The public half of a private key, as GetPublicKey gives it: DER of a SubjectPublicKeyInfo. */
export function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

type PairKind = Exclude<MaterialKind, { bytes: number }>;

const generatePair = promisify(generateKeyPair);

async function generatePrivateKey(kind: PairKind): Promise<KeyObject> {
  switch (kind.type) {
    case 'rsa':
      return (await generatePair('rsa', { modulusLength: kind.bits })).privateKey;
    case 'ec':
      return (await generatePair('ec', { namedCurve: kind.curve })).privateKey;
    case 'ed25519':
      return (await generatePair('ed25519')).privateKey;
    default:
      return (await generatePair(kind.type)).privateKey;
  }
}

function readPrivateKey(spec: KeySpec, kind: PairKind, bytes: Buffer): KeyObject {
  try {
    const key = openPrivateKey(bytes);
    if (isOf(kind, key)) return kind.type === 'ec' ? withOwnPublicKey(key, kind.curve) : key;
  } catch {
    // What cannot be read is refused as what is of another kind.
  }
  throw incorrectFor(spec);
}

/** An elliptic curve key may come with its public key, without, or with another's: what is kept is derived from the private one. */
function withOwnPublicKey(key: KeyObject, curve: Curve): KeyObject {
  const jwk = key.export({ format: 'jwk' });
  const pair = createECDH(curve);
  pair.setPrivateKey(jwk.d ?? '', 'base64url');
  const point = pair.getPublicKey().subarray(1);
  const x = point.toString('base64url', 0, point.length / 2);
  const y = point.toString('base64url', point.length / 2);
  return createPrivateKey({ key: { ...jwk, x, y }, format: 'jwk' });
}

function isOf(kind: PairKind, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== kind.type) return false;
  switch (kind.type) {
    case 'rsa':
      return key.asymmetricKeyDetails?.modulusLength === kind.bits;
    case 'ec':
      return key.asymmetricKeyDetails?.namedCurve === kind.curve;
    case 'ed25519':
      return true;
    default:
      return hasSeed(key);
  }
}

/** An ML-DSA key may come expanded only; signing a message representative needs the seed. */
function hasSeed(key: KeyObject): boolean {
  try {
    return key.export({ format: 'jwk' }).kty === 'AKP';
  } catch {
    return false;
  }
}

function openPrivateKey(bytes: Buffer): KeyObject {
  return createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
}

function pkcs8(key: KeyObject): Buffer {
  return key.export({ type: 'pkcs8', format: 'der' });
}

function incorrectFor(spec: KeySpec): Error {
  return awsFault('IncorrectKeyMaterialException', `The key material is not valid for key spec ${spec}.`);
}
