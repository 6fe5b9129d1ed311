/** Checkpoints over the chains of records, and checking the chains against them. */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CHAIN_START, type ChainHead, checkpointText, merkleRoot, recordHash } from '../chain.ts';
import { type ChainProblem, PLANE } from '../store.ts';
import type { CheckpointRequest } from './protocol.ts';
import { commitOf, type RecordRow } from './records.ts';
import { getMeta } from './schema.ts';

/** Records that are checked before other work gets its turn. */
const SLICE = 500;

/** A signed checkpoint of all chains as they are now, to be handed to the writer. */
export function makeCheckpoint(db: DatabaseSync, signingKey: KeyObject, at: number): CheckpointRequest {
  // One transaction, so that the heads and the commit number belong together.
  db.exec('begin');
  try {
    const heads: ChainHead[] = [];
    const head = db.prepare(
      'select account, sequence, hash from records where account = ? order by number desc limit 1',
    );
    for (const account of accountsOf(db)) heads.push(head.get(account) as unknown as ChainHead);
    const checkpoint = { commit: Number(getMeta(db, 'last_commit')), at, root: merkleRoot(heads) };
    const signature = sign(null, Buffer.from(checkpointText(checkpoint)), signingKey).toString('base64');
    return { kind: 'checkpoint', ...checkpoint, signature, heads: JSON.stringify(heads) };
  } finally {
    db.exec('commit');
  }
}

function* accountsOf(db: DatabaseSync): Generator<string> {
  const next = db.prepare('select account from records where account > ? order by account limit 1');
  let account = '';
  for (;;) {
    const row = next.get(account) as { account: string } | undefined;
    if (!row) return;
    account = row.account;
    yield account;
  }
}

/** Recomputes every chain, a slice at a time, and compares it with the newest checkpoint. */
export async function verifyChains(db: DatabaseSync, signingKey: KeyObject) {
  const problems: ChainProblem[] = [];
  const signed = readCheckpoint(db, signingKey, problems);
  let records = 0;
  let accounts = 0;
  for (const account of accountsOf(db)) {
    accounts++;
    const head = signed.get(account);
    signed.delete(account);
    records += await verifyChain(db, account, head, problems);
  }
  for (const { account, sequence } of signed.values()) {
    problems.push({ account, sequence, problem: 'the whole chain is missing; the checkpoint has it until here' });
  }
  return { accounts, records, problems };
}

function readCheckpoint(db: DatabaseSync, signingKey: KeyObject, problems: ChainProblem[]): Map<string, ChainHead> {
  const row = db.prepare('select * from checkpoints order by commit_number desc limit 1').get() as
    | { commit_number: number; at: number; root: string; signature: string; heads: string | null }
    | undefined;
  if (!row) return new Map();
  const heads = JSON.parse(row.heads ?? '[]') as ChainHead[];
  const text = checkpointText({ commit: row.commit_number, at: row.at, root: row.root });
  if (!verify(null, Buffer.from(text), createPublicKey(signingKey), Buffer.from(row.signature, 'base64'))) {
    problems.push({
      account: PLANE,
      sequence: 0,
      problem: `the signature of checkpoint ${row.commit_number} is wrong`,
    });
  } else if (merkleRoot(heads) !== row.root) {
    problems.push({
      account: PLANE,
      sequence: 0,
      problem: `the heads of checkpoint ${row.commit_number} were changed`,
    });
  }
  return new Map(heads.map((head) => [head.account, head]));
}

async function verifyChain(
  db: DatabaseSync,
  account: string,
  signed: ChainHead | undefined,
  problems: ChainProblem[],
): Promise<number> {
  const slice = db.prepare('select * from records where account = ? and number > ? order by number limit ?');
  let [number, sequence, hash, count] = [-1, 0, CHAIN_START, 0];
  for (;;) {
    const rows = slice.all(account, number, SLICE) as RecordRow[];
    for (const row of rows) {
      const expected = sequence + 1;
      if (row.sequence !== expected) {
        problems.push({
          account,
          sequence: expected,
          problem: `a record is missing: ${row.sequence} follows ${sequence}`,
        });
      } else if (recordHash(hash, { ...row, commit: commitOf(row.number) }) !== row.hash) {
        problems.push({ account, sequence: row.sequence, problem: 'the record was changed: its hash does not fit' });
      } else if (signed?.sequence === row.sequence && signed.hash !== row.hash) {
        problems.push({
          account,
          sequence: row.sequence,
          problem: 'the chain is not the one that the checkpoint signed',
        });
      }
      ({ number, sequence, hash } = row);
    }
    count += rows.length;
    if (rows.length < SLICE) break;
    await nextTurn();
  }
  if (signed && signed.sequence > sequence) {
    problems.push({
      account,
      sequence: sequence + 1,
      problem: `the chain is cut off here; the checkpoint has it until ${signed.sequence}`,
    });
  }
  return count;
}
