/** Reading what an account holds as a whole: for simulations, and reports that cover it. */
import type { Call } from './call.ts';
import type { BehindQuery, Reader, StoredRecord } from './store/store.ts';

/** Reads documents and records of one account, whatever collection they are of. */
export interface AccountReader extends Pick<Reader, 'get' | 'list'> {
  /** As `Store.recordsBehind`. */
  records(query: BehindQuery): Promise<readonly StoredRecord[]>;
}

/** Reads as the call does, and nothing of another account. */
export function accountReader({ unit, plane }: Call, account: string): AccountReader {
  const requireOwn = (asked: string): void => {
    if (asked !== account) throw new Error(`what was allowed is of account ${account}, not of ${asked}`);
  };
  return {
    get: async (from, asked, id) => {
      requireOwn(asked);
      return unit.get(from, asked, id);
    },
    list: async (from, asked, query) => {
      requireOwn(asked);
      return unit.list(from, asked, query);
    },
    records: (query) => plane.store.recordsBehind(account, query),
  };
}
