/** How much one client may ask: a token bucket each. */

interface Bucket {
  tokens: number;
  at: number;
}

/** Buckets kept at most; a client whose bucket was dropped starts with a full one. */
const CLIENTS = 10_000;

/**
 * A function that says whether a client may make one more request: `rate` per second, with a burst of one second's
 * worth. `now` is a monotonic clock in milliseconds.
 */
export function createLimiter(rate: number, now: () => number = () => performance.now()): (client: string) => boolean {
  const buckets = new Map<string, Bucket>();
  return (client) => {
    const at = now();
    const bucket = buckets.get(client) ?? { tokens: rate, at };
    bucket.tokens = Math.min(rate, bucket.tokens + ((at - bucket.at) / 1000) * rate);
    bucket.at = at;
    // Kept in order of last use, so that the one dropped has been idle longest.
    buckets.delete(client);
    buckets.set(client, bucket);
    if (buckets.size > CLIENTS) buckets.delete(buckets.keys().next().value!);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}
