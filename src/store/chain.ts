/** Hash chains of records and the Merkle tree over their heads. Pure. */
import { hash } from 'node:crypto';

/** What a record's hash covers, besides the hash before it. `body` is the JSON text as it is kept. */
export interface ChainedRecord {
  readonly account: string;
  readonly sequence: number;
  readonly commit: number;
  readonly id: string;
  readonly parent: string | null;
  readonly at: number;
  readonly body: string;
}

/** The end of an account's chain. */
export interface ChainHead {
  readonly account: string;
  readonly sequence: number;
  /** SHA-256, hex. */
  readonly hash: string;
}

/** The hash before the first record of a chain. */
export const CHAIN_START = '0'.repeat(64);

/** SHA-256 (hex) over the previous hash, the record's header as a JSON array, and its body; a line each. */
export function recordHash(previous: string, record: ChainedRecord): string {
  const { account, sequence, commit, id, parent, at, body } = record;
  const header = JSON.stringify([account, sequence, commit, id, parent, at]);
  return hash('sha256', `${previous}\n${header}\n${body}`, 'hex');
}

/**
 * Root (hex) of the Merkle tree over chain heads ordered by account. Leaves and nodes are hashed apart and an odd tree is
 * split at the largest power of two, as in https://www.rfc-editor.org/rfc/rfc6962#section-2.1
 */
export function merkleRoot(heads: readonly ChainHead[]): string {
  if (heads.length === 0) return hash('sha256', '', 'hex');
  return rootOf(
    heads.map((head) => hash('sha256', `0${JSON.stringify([head.account, head.sequence, head.hash])}`, 'hex')),
  );
}

function rootOf(leaves: readonly string[]): string {
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hash('sha256', `1${rootOf(leaves.slice(0, split))}${rootOf(leaves.slice(split))}`, 'hex');
}

/** The text that a checkpoint's signature covers. */
export function checkpointText(checkpoint: { commit: number; at: number; root: string }): string {
  return `easement checkpoint\n${checkpoint.commit}\n${checkpoint.at}\n${checkpoint.root}`;
}
