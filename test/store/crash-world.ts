/** What the crash test keeps: shared by the process that is killed and the one that looks at what it left. */
import { collection, rows } from '../../src/store/index.ts';

export interface Numbered {
  readonly n: number;
}

export const pairs = collection<Numbered>('pairs', { indexes: { byNumber: (pair) => [`${pair.n}`] }, decides: true });
export const counters = collection<Numbered>('counters');
export const done = collection<Numbered>('done');
export const rowsOfPairs = rows<Numbered>('rows-of-pairs', pairs);

export const ACCOUNT = 'a'.repeat(32);
export const OTHER = 'b'.repeat(32);
export const JOB = 'crash.work';
export const options = { collections: [pairs, counters, done], rows: [rowsOfPairs], rootKey: Buffer.alloc(32, 9) };

/** One of some accounts, for writes that do not meet. */
export const account = (n: number): string => (n % 16).toString(16).padStart(32, '0');

export function rowKey(n: number): Uint8Array {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(n);
  return key;
}
