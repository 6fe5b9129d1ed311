/** Ids of calls: UUIDs of version 7 (RFC 9562), that is the millisecond in front and 74 random bits behind it. */
import { randomUUID } from 'node:crypto';

const TIME_DIGITS = 12;
const AFTER_VERSION = 15;

/** A new id; unguessable, and greater than those of earlier milliseconds. */
export function newCallId(): string {
  const time = Date.now().toString(16).padStart(TIME_DIGITS, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(AFTER_VERSION)}`;
}
