/** Records that may be written a little later: with the next group, or after some milliseconds when none comes. */
import type { RecordDraft } from '../store.ts';
import type { Committer } from './committer.ts';
import { RECORDS_PER_COMMIT, type RecordWrite } from './protocol.ts';
import { encodeRecord } from './records.ts';

/** Leaves some of the promised 50 milliseconds for the commit itself. */
const FLUSH_MILLISECONDS = 25;

export interface Soon {
  add(draft: RecordDraft): void;
  flush(): void;
  /** Resolves once all that was added is on record: who asks for records shall find those of the calls before. */
  settled(): Promise<void>;
}

export function createSoon(committer: Committer): Soon {
  let written: Promise<void> = Promise.resolve();
  let waiting: RecordWrite[] = [];
  let rows = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const records = waiting;
    waiting = [];
    rows = 0;
    // A store that has failed tells so at the next commit, which somebody waits for.
    written = committer.submit([null, null, null, null, null, null, records]).then(
      () => {},
      () => {},
    );
  }

  return {
    flush,
    settled: () => {
      flush();
      return written;
    },
    add(draft) {
      const record = encodeRecord(draft);
      if (rows + record[4].length > RECORDS_PER_COMMIT) flush();
      waiting.push(record);
      rows += record[4].length;
      timer ??= setTimeout(flush, FLUSH_MILLISECONDS).unref();
    },
  };
}
