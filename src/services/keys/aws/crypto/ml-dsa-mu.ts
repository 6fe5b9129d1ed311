/**
 * ML-DSA signatures (FIPS 204) of a message representative µ that was computed elsewhere: algorithms 7 and 8 from the
 * point where µ is known. OpenSSL can do this and node:crypto does not offer it. Messages themselves it signs.
 */
import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import {
  applyMatrix,
  centred,
  DEGREE,
  decompose,
  difference,
  norm,
  type Polynomial,
  PRIME,
  polynomial,
  product,
  publicPart,
  sum,
  transform,
  transformBack,
} from './ml-dsa-ring.ts';
import type { Signer } from './signer.ts';

export const mlDsaMu: Signer = { messageBytes: 64, sign, verify };

/** FIPS 204, table 1, under its names. */
interface Parameters {
  readonly k: number;
  readonly l: number;
  readonly eta: 2 | 4;
  readonly tau: number;
  readonly challengeBytes: number;
  /** γ1 is two to the power of one less. */
  readonly maskBits: 18 | 20;
  readonly gamma2: number;
  readonly omega: number;
}

const PARAMETERS: Readonly<Record<string, Parameters>> = {
  'ml-dsa-44': { k: 4, l: 4, eta: 2, tau: 39, challengeBytes: 32, maskBits: 18, gamma2: (PRIME - 1) / 88, omega: 80 },
  'ml-dsa-65': { k: 6, l: 5, eta: 4, tau: 49, challengeBytes: 48, maskBits: 20, gamma2: (PRIME - 1) / 32, omega: 55 },
  'ml-dsa-87': { k: 8, l: 7, eta: 2, tau: 60, challengeBytes: 64, maskBits: 20, gamma2: (PRIME - 1) / 32, omega: 75 },
};

/** A private key, expanded from its seed; all polynomials transformed. */
interface Expanded extends Parameters {
  readonly matrix: readonly (readonly Polynomial[])[];
  readonly s1: readonly Polynomial[];
  readonly s2: readonly Polynomial[];
  /** The low part of t, and the high part that is the public key. */
  readonly low: readonly Polynomial[];
  readonly high: readonly Polynomial[];
  readonly nonceKey: Buffer;
  readonly gamma1: number;
  readonly beta: number;
}

function sign(key: KeyObject, mu: Buffer): Buffer {
  const secret = expand(key);
  const seed = shake256(64, secret.nonceKey, randomBytes(32), mu);
  for (let counter = 0; ; counter += secret.l) {
    const signature = attempt(secret, mu, seed, counter);
    if (signature) return signature;
  }
}

/** One round of the rejection loop. Undefined when its outcome would tell of the key. */
function attempt(secret: Expanded, mu: Buffer, seed: Buffer, counter: number): Buffer | undefined {
  const { gamma1, gamma2, beta, omega } = secret;
  const y = times(secret.l, (i) => mask(secret, shake256(32 * secret.maskBits, seed, uint16(counter + i))));
  const w = applyMatrix(secret.matrix, y.map(transform)).map(transformBack);
  const challenge = challengeOf(
    secret,
    mu,
    w.map((entry) => entry.map((value) => decompose(value, gamma2)[0])),
  );
  const c = transform(sampleInBall(challenge, secret.tau));
  const timesC = (entry: Polynomial) => transformBack(product(c, entry));

  const z = secret.s1.map((entry, i) => sum(y[i]!, timesC(entry)));
  const rest = secret.s2.map((entry, i) => difference(w[i]!, timesC(entry)));
  const restLow = rest.map((entry) => polynomial((i) => decompose(entry[i]!, gamma2)[1]));
  if (norm(z) >= gamma1 - beta || norm(restLow) >= gamma2 - beta) return undefined;

  const correction = secret.low.map(timesC);
  const hints = rest.map((entry, row) => {
    const corrected = sum(entry, correction[row]!);
    return indexesWhere((i) => decompose(corrected[i]!, gamma2)[0] !== decompose(entry[i]!, gamma2)[0]);
  });
  if (norm(correction) >= gamma2 || hints.flat().length > omega) return undefined;
  return Buffer.concat([challenge, ...z.map((entry) => packMask(secret, entry)), packHints(hints, omega)]);
}

function verify(key: KeyObject, mu: Buffer, signature: Buffer): boolean {
  const secret = expand(key);
  const { challengeBytes, gamma1, gamma2, beta, omega, k, l } = secret;
  const entryBytes = 32 * secret.maskBits;
  const hintsAt = challengeBytes + l * entryBytes;
  if (signature.length !== hintsAt + omega + k) return false;
  const challenge = signature.subarray(0, challengeBytes);
  const z = times(l, (i) => mask(secret, signature.subarray(challengeBytes + i * entryBytes)));
  const hints = unpackHints(signature.subarray(hintsAt), k, omega);
  if (hints === undefined || norm(z) >= gamma1 - beta) return false;

  const c = transform(sampleInBall(challenge, secret.tau));
  const w = applyMatrix(secret.matrix, z.map(transform)).map((entry, i) =>
    transformBack(difference(entry, product(c, secret.high[i]!))),
  );
  const high = w.map((entry, row) => entry.map((value, i) => useHint(hints[row]!.includes(i), value, gamma2)));
  return challengeOf(secret, mu, high).equals(challenge);
}

/** Key generation from the seed, algorithm 6. */
function expand(key: KeyObject): Expanded {
  const parameters = PARAMETERS[key.asymmetricKeyType ?? ''];
  if (parameters === undefined) throw new Error(`a key of type ${key.asymmetricKeyType} has no ML-DSA`);
  const { k, l, eta, tau, maskBits } = parameters;
  const seed = Buffer.from(String(key.export({ format: 'jwk' })['priv']), 'base64url');
  const expanded = shake256(128, seed, Buffer.of(k, l));
  const matrix = times(k, (row) => times(l, (column) => uniform(expanded.subarray(0, 32), Buffer.of(column, row))));
  const small = times(k + l, (i) => bounded(eta, shake256(544, expanded.subarray(32, 96), uint16(i))));
  const s1 = small.slice(0, l).map(transform);
  const t = applyMatrix(matrix, s1).map((entry, i) => sum(transformBack(entry), small[l + i]!));
  const high = t.map((entry) => polynomial((i) => publicPart(entry[i]!)));
  return {
    ...parameters,
    matrix,
    s1,
    s2: small.slice(l).map(transform),
    low: t.map((entry, i) => transform(difference(entry, high[i]!))),
    high: high.map(transform),
    nonceKey: expanded.subarray(96),
    gamma1: 2 ** (maskBits - 1),
    beta: tau * eta,
  };
}

/** Uniform modulo the prime, already transformed. Of 448 candidates of 23 bits, one in a thousand is too large. */
function uniform(...seed: readonly Buffer[]): Polynomial {
  const stream = shake('shake128', 1344, seed);
  let at = -3;
  return polynomial(() => {
    do at += 3;
    while ((stream.readUIntLE(at, 3) & 0x7fffff) >= PRIME);
    return stream.readUIntLE(at, 3) & 0x7fffff;
  });
}

/** At most `eta` from zero, half a byte each; more than enough of them for those that are left out. */
function bounded(eta: 2 | 4, stream: Buffer): Polynomial {
  let at = -1;
  const half = () => (stream.readUInt8(at >> 1) >> (at & 1 ? 4 : 0)) & 15;
  return polynomial(() => {
    do at++;
    while (half() >= (eta === 2 ? 15 : 9));
    return eta === 2 ? 2 - (half() % 5) : 4 - half();
  });
}

/** `tau` coefficients of 1 or -1, the others 0. */
function sampleInBall(seed: Buffer, tau: number): Polynomial {
  const stream = shake256(272, seed);
  const signs = stream.readBigUInt64LE();
  const values = new Int32Array(DEGREE);
  let at = 8;
  for (let i = DEGREE - tau; i < DEGREE; i++) {
    while (stream.readUInt8(at) > i) at++;
    const j = stream.readUInt8(at++);
    values[i] = values[j]!;
    values[j] = (signs >> BigInt(i + tau - DEGREE)) & 1n ? PRIME - 1 : 1;
  }
  return values;
}

/** `high`: high parts, each with as many bits as the largest needs. */
function challengeOf({ challengeBytes, gamma2 }: Expanded, mu: Buffer, high: readonly Int32Array[]): Buffer {
  const bits = gamma2 === (PRIME - 1) / 88 ? 6 : 4;
  return shake256(challengeBytes, mu, ...high.map((values) => pack(values, bits)));
}

function useHint(hinted: boolean, value: number, gamma: number): number {
  const [high, low] = decompose(value, gamma);
  if (!hinted) return high;
  const highs = (PRIME - 1) / (2 * gamma);
  return (high + (low > 0 ? 1 : highs - 1)) % highs;
}

function mask({ maskBits, gamma1 }: Expanded, packed: Buffer): Polynomial {
  const values = unpack(packed, maskBits);
  return polynomial((i) => gamma1 - values[i]!);
}

function packMask({ maskBits, gamma1 }: Expanded, entry: Polynomial): Buffer {
  return pack(
    entry.map((value) => gamma1 - centred(value)),
    maskBits,
  );
}

/** The places of the hints of all rows, then for each row where its places end. */
function packHints(hints: readonly (readonly number[])[], omega: number): Buffer {
  const packed = Buffer.alloc(omega + hints.length);
  packed.set(hints.flat());
  hints.reduce((end, row, i) => {
    packed[omega + i] = end + row.length;
    return end + row.length;
  }, 0);
  return packed;
}

/** Undefined when it is not what `packHints` would write. */
function unpackHints(packed: Buffer, rows: number, omega: number): readonly (readonly number[])[] | undefined {
  const hints = times(rows, (i) => [...packed.subarray(i === 0 ? 0 : packed[omega + i - 1], packed[omega + i])]);
  const rising = hints.every((row) => row.every((place, i) => i === 0 || place > row[i - 1]!));
  return rising && hints.flat().length <= omega && packHints(hints, omega).equals(packed) ? hints : undefined;
}

/** 256 numbers of so many bits each, the lowest bit first. */
function pack(values: Int32Array, bits: number): Buffer {
  const packed = Buffer.alloc((DEGREE * bits) / 8);
  for (let i = 0; i < DEGREE * bits; i++) {
    packed[i >> 3]! |= ((values[Math.floor(i / bits)]! >> (i % bits)) & 1) << (i & 7);
  }
  return packed;
}

function unpack(packed: Buffer, bits: number): Int32Array {
  const values = new Int32Array(DEGREE);
  for (let i = 0; i < DEGREE * bits; i++)
    values[Math.floor(i / bits)]! |= ((packed[i >> 3]! >> (i & 7)) & 1) << (i % bits);
  return values;
}

function shake256(length: number, ...parts: readonly Buffer[]): Buffer {
  return shake('shake256', length, parts);
}

function shake(name: 'shake128' | 'shake256', outputLength: number, parts: readonly Buffer[]): Buffer {
  const hash = createHash(name, { outputLength });
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function uint16(value: number): Buffer {
  return Buffer.of(value & 0xff, value >> 8);
}

function times<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function indexesWhere(holds: (index: number) => boolean): readonly number[] {
  return Array.from({ length: DEGREE }, (_, index) => index).filter(holds);
}
