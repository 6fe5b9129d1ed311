/** Appending records to the chains of their accounts. */
import type { DatabaseSync } from 'node:sqlite';
import { CHAIN_START, recordHash } from '../chain.ts';
import { RECORDS_PER_COMMIT, type RecordWrite } from './protocol.ts';

/** Chain ends kept in memory; beyond that they are read again. */
const HEADS_IN_MEMORY = 20_000;

export interface RecordWriter {
  append(records: readonly RecordWrite[], commit: number): void;
}

export function createRecordWriter(db: DatabaseSync): RecordWriter {
  type Head = { sequence: number; hash: string };
  const heads = new Map<string, Head>();
  const findHead = db.prepare('select sequence, hash from records where account = ? order by number desc limit 1');
  const insert = db.prepare('insert into records values (?, ?, ?, ?, ?, ?, ?, ?)');
  const insertAlias = db.prepare('insert or ignore into aliases values (?, ?, ?, ?)');

  function headOf(account: string): Head {
    let head = heads.get(account);
    if (!head) {
      if (heads.size >= HEADS_IN_MEMORY) heads.clear();
      head = (findHead.get(account) as Head | undefined) ?? { sequence: 0, hash: CHAIN_START };
      heads.set(account, head);
    }
    return head;
  }

  return {
    append(records, commit) {
      let number = commit * RECORDS_PER_COMMIT;
      for (const [id, parent, at, body, accounts, aliases] of records) {
        for (let i = 0; aliases && i < aliases.length; i += 2) {
          insertAlias.run(aliases[i]!, aliases[i + 1]!, number, id);
        }
        for (const account of accounts) {
          const head = headOf(account);
          const sequence = head.sequence + 1;
          head.hash = recordHash(head.hash, { account, sequence, commit, id, parent, at, body });
          head.sequence = sequence;
          insert.run(number++, account, sequence, id, parent, at, body, head.hash);
        }
      }
    },
  };
}
