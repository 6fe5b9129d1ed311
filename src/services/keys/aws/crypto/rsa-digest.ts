/** RSA signatures of a digest. node:crypto hashes what it signs, so the padding is made here and the rest is left to it. */
import { constants, createHash, type KeyObject, privateEncrypt, publicDecrypt, randomBytes } from 'node:crypto';
import { HASH_BYTES, type Hash, type Signer } from './signer.ts';

/** DER of a DigestInfo up to the digest. https://www.rfc-editor.org/rfc/rfc8017#section-9.2 */
const DIGEST_INFO: Readonly<Record<Hash, Buffer>> = {
  sha256: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
  sha384: Buffer.from('3041300d060960864801650304020205000430', 'hex'),
  sha512: Buffer.from('3051300d060960864801650304020305000440', 'hex'),
};

export function pkcs1Digest(hash: Hash): Signer {
  const padding = constants.RSA_PKCS1_PADDING;
  const encode = (digest: Buffer) => Buffer.concat([DIGEST_INFO[hash], digest]);
  return {
    messageBytes: HASH_BYTES[hash],
    sign: (key, digest) => privateEncrypt({ key, padding }, encode(digest)),
    verify: (key, digest, signature) => recover(key, padding, signature)?.equals(encode(digest)) ?? false,
  };
}

/** PSS with a salt as long as the digest. https://www.rfc-editor.org/rfc/rfc8017#section-9.1 */
export function pssDigest(hash: Hash): Signer {
  const padding = constants.RSA_NO_PADDING;
  return {
    messageBytes: HASH_BYTES[hash],
    sign: (key, digest) => privateEncrypt({ key, padding }, encodePss(hash, modulusBytes(key), digest)),
    verify: (key, digest, signature) => {
      const encoded = recover(key, padding, signature);
      return encoded !== undefined && isPssOf(hash, encoded, digest);
    },
  };
}

/** What the signature holds. Undefined when it is longer than the key, no number below its modulus, or padded wrongly. */
function recover(key: KeyObject, padding: number, signature: Buffer): Buffer | undefined {
  if (signature.length !== modulusBytes(key)) return undefined;
  try {
    return publicDecrypt({ key, padding }, signature);
  } catch {
    return undefined;
  }
}

const TRAILER = 0xbc;
/** The encoding is one bit shorter than the modulus, whose length is a multiple of eight bits. */
const TOP_BIT = 0x80;

function encodePss(hash: Hash, length: number, digest: Buffer): Buffer {
  const salt = randomBytes(HASH_BYTES[hash]);
  const seed = saltedHash(hash, digest, salt);
  const block = Buffer.alloc(length - seed.length - 1);
  block[block.length - salt.length - 1] = 1;
  salt.copy(block, block.length - salt.length);
  return Buffer.concat([masked(hash, block, seed), seed, Buffer.of(TRAILER)]);
}

function isPssOf(hash: Hash, encoded: Buffer, digest: Buffer): boolean {
  const seedAt = encoded.length - HASH_BYTES[hash] - 1;
  if (encoded[encoded.length - 1] !== TRAILER || encoded[0]! & TOP_BIT) return false;
  const seed = encoded.subarray(seedAt, -1);
  const block = masked(hash, encoded.subarray(0, seedAt), seed);
  const saltAt = block.length - HASH_BYTES[hash];
  const padded = block[saltAt - 1] === 1 && block.subarray(0, saltAt - 1).every((byte) => byte === 0);
  return padded && saltedHash(hash, digest, block.subarray(saltAt)).equals(seed);
}

function saltedHash(hash: Hash, digest: Buffer, salt: Buffer): Buffer {
  return createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
}

/** The block with MGF1 of the seed over it, and back. */
function masked(hash: Hash, block: Buffer, seed: Buffer): Buffer {
  const result = Buffer.from(block);
  const counter = Buffer.alloc(4);
  for (let at = 0; at < block.length; at += HASH_BYTES[hash]) {
    counter.writeUInt32BE(at / HASH_BYTES[hash]);
    const mask = createHash(hash).update(seed).update(counter).digest();
    for (let i = 0; i < mask.length && at + i < block.length; i++) result[at + i]! ^= mask[i]!;
  }
  result[0]! &= ~TOP_BIT;
  return result;
}

function modulusBytes(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
}
