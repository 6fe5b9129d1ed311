/** Signing keys of Signature Version 4: derived from a secret for one day, Region and service. */
import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Enough for every key, Region and service that a busy plane sees in a day. */
const CAPACITY = 1000;

/** By access key, scope and secret, so that a changed secret finds nothing; the least recently used one leaves first. */
const cache = new Map<string, KeyObject>();

export interface Signing {
  readonly accessKeyId: string;
  /** `20260102` */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  /** `20260102T030405Z` */
  readonly date: string;
  readonly canonicalRequest: Buffer;
}

/** Whether `signature` (lower-case hex) is what `secret` makes of this. Takes as long for a near miss as for a far one. */
export function isSignedWith(secret: string, signing: Signing, signature: string): boolean {
  const { accessKeyId, day, region, service, date } = signing;
  const scope = `${day}/${region}/${service}/aws4_request`;
  const cacheKey = `${accessKeyId}\n${scope}\n${secret}`;
  const known = cache.get(cacheKey);
  const key = known ?? derive(secret, signing);
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', signing.canonicalRequest)}`;
  const expected = Buffer.from(createHmac('sha256', key).update(toSign, 'latin1').digest('hex'), 'latin1');
  const given = Buffer.from(signature, 'latin1');
  const same = given.length === expected.length && timingSafeEqual(given, expected);
  // Only what was signed rightly is kept: a stranger who knows no more than a key id cannot push others out.
  if (same) keep(cacheKey, key, known !== undefined);
  return same;
}

function keep(cacheKey: string, key: KeyObject, known: boolean): void {
  if (known) cache.delete(cacheKey);
  cache.set(cacheKey, key);
  if (cache.size <= CAPACITY) return;
  const oldest = cache.keys().next();
  if (!oldest.done) cache.delete(oldest.value);
}

function derive(secret: string, { day, region, service }: Signing): KeyObject {
  let key = Buffer.from(`AWS4${secret}`);
  for (const part of [day, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  return createSecretKey(key);
}
