/** Grant tokens: who holds one proves that a grant was made. They are good for everyone, and hold no secret. */
import { timingSafeEqual } from 'node:crypto';
import type { Context } from '../../../context.ts';

const MAC_BYTES = 16;
const PURPOSE = 'kms grant token';

/** Which grant a token is of. */
export interface GrantName {
  /** ARN of the key. */
  readonly key: string;
  readonly grant: string;
}

export function writeGrantToken(cx: Context, { key, grant }: GrantName): string {
  const text = `${grant} ${key}`;
  return Buffer.concat([macOf(cx, text), Buffer.from(text)]).toString('base64');
}

/** Undefined when the token was not made here. */
export function readGrantToken(cx: Context, token: string): GrantName | undefined {
  const bytes = Buffer.from(token, 'base64');
  if (bytes.length <= MAC_BYTES) return undefined;
  const text = bytes.toString('utf8', MAC_BYTES);
  if (!timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(cx, text))) return undefined;
  const [grant = '', key = ''] = text.split(' ');
  return { grant, key };
}

function macOf(cx: Context, text: string): Buffer {
  return cx.seals.mac(PURPOSE, text).subarray(0, MAC_BYTES);
}
