import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { CHAIN_START, type ChainedRecord, merkleRoot, recordHash } from './chain.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const record: ChainedRecord = { account: 'a', sequence: 1, commit: 2, id: 'i', parent: null, at: 3, body: '{}' };

it('hashes a record over the hash before it, its header and its body', () => {
  assert.equal(recordHash(CHAIN_START, record), sha256(`${'0'.repeat(64)}\n["a",1,2,"i",null,3]\n{}`));
});

it('hashes differ with every part', () => {
  const parts: Partial<ChainedRecord>[] = [
    { account: 'b' },
    { sequence: 2 },
    { commit: 3 },
    { id: 'j' },
    { parent: 'p' },
    { at: 4 },
    { body: '[]' },
  ];
  const hashes = [{}, ...parts].map((part) => recordHash(CHAIN_START, { ...record, ...part }));
  assert.equal(new Set([...hashes, recordHash('1'.repeat(64), record)]).size, parts.length + 2);
});

it('makes the tree of RFC 6962: an odd one is split at the largest power of two', () => {
  const heads = ['a', 'b', 'c'].map((account, i) => ({ account, sequence: i + 1, hash: `${i}` }));
  const [a, b, c] = heads.map((head) => sha256(`0${JSON.stringify([head.account, head.sequence, head.hash])}`));
  assert.equal(merkleRoot(heads), sha256(`1${sha256(`1${a}${b}`)}${c}`));
  assert.equal(merkleRoot(heads.slice(0, 1)), a);
  assert.equal(merkleRoot([]), sha256(''));
});
