/**
 * Marks of where a listing is to go on: opaque to clients, good for the account and operation that they were made for,
 * and for nothing else.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Context } from './context.ts';

const MAC_BYTES = 16;

/** A mark behind `position`, for listings under `scope` (the operation, and what it filters by). */
export function pageMark(cx: Context, scope: string, position: string): string {
  return Buffer.concat([macOf(cx, scope, position), Buffer.from(position)]).toString('base64url');
}

/** The position of a mark. Undefined when it was changed, or made for another account or scope. */
export function markedPosition(cx: Context, scope: string, mark: string): string | undefined {
  const bytes = Buffer.from(mark, 'base64url');
  if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== mark) return undefined;
  const position = bytes.subarray(MAC_BYTES).toString();
  return timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(cx, scope, position)) ? position : undefined;
}

function macOf(cx: Context, scope: string, position: string): Buffer {
  const text = JSON.stringify([cx.identity.caller.account, cx.region, scope, position]);
  return cx.seals.mac('page', text).subarray(0, MAC_BYTES);
}
