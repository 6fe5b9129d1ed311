/** The keys of a home: its root key's fingerprint, a data key per collection that seals fields, the signing key. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { fingerprintOf, keyFor, newDataKey, seal, unseal } from '../seal.ts';
import { HomeRefused } from '../store.ts';
import { getMeta, setMeta } from './schema.ts';

export interface Secrets {
  /** By collection name. */
  readonly dataKeys: ReadonlyMap<string, Buffer>;
  /** Ed25519; signs checkpoints. */
  readonly signingKey: KeyObject;
}

const SIGNING_KEY = 'signing_key';
const FINGERPRINT = 'root_key_fingerprint';
const wrapContext = (collection: string): string => `data key of ${collection}`;

/** Reads the keys of a home and makes those it lacks. Throws when the root key is not the one it was made with. */
export function openSecrets(db: DatabaseSync, rootKey: Buffer, sealing: readonly string[]): Secrets {
  checkRootKey(db, rootKey);
  const wrapping = keyFor('data-keys', rootKey);
  const dataKeys = new Map<string, Buffer>();
  for (const collection of sealing) {
    const kept = db.prepare('select wrapped from data_keys where collection = ?').get(collection);
    if (kept)
      dataKeys.set(collection, unseal(wrapping, (kept as { wrapped: string }).wrapped, wrapContext(collection)));
    else {
      const key = newDataKey();
      db.prepare('insert into data_keys values (?, ?)').run(collection, seal(wrapping, key, wrapContext(collection)));
      dataKeys.set(collection, key);
    }
  }
  return { dataKeys, signingKey: openSigningKey(db, rootKey) };
}

function checkRootKey(db: DatabaseSync, rootKey: Buffer): void {
  if (rootKey.length !== 32) throw new Error(`the root key has ${rootKey.length} bytes; it must have 32`);
  const kept = getMeta(db, FINGERPRINT);
  const given = fingerprintOf(rootKey);
  if (kept === undefined) setMeta(db, FINGERPRINT, given);
  else if (kept !== given) {
    throw new HomeRefused(
      `the root key is not that of this home: its fingerprint is \`${given}\`, the home was made with \`${kept}\`; give it that key`,
    );
  }
}

function openSigningKey(db: DatabaseSync, rootKey: Buffer): KeyObject {
  const wrapping = keyFor('signing-key', rootKey);
  const kept = getMeta(db, SIGNING_KEY);
  if (kept !== undefined) {
    return createPrivateKey({ key: unseal(wrapping, kept, SIGNING_KEY), format: 'der', type: 'pkcs8' });
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  setMeta(db, SIGNING_KEY, seal(wrapping, privateKey.export({ format: 'der', type: 'pkcs8' }), SIGNING_KEY));
  return privateKey;
}

/** Wraps every key of a home under a new root key, at once or not at all. */
export function rewrapSecrets(db: DatabaseSync, oldRootKey: Buffer, newRootKey: Buffer): void {
  db.exec('begin immediate');
  try {
    checkRootKey(db, oldRootKey);
    if (newRootKey.length !== 32) throw new Error(`the new root key has ${newRootKey.length} bytes; it must have 32`);
    const kept = db.prepare('select collection, wrapped from data_keys').all();
    for (const { collection, wrapped } of kept as { collection: string; wrapped: string }[]) {
      const key = unseal(keyFor('data-keys', oldRootKey), wrapped, wrapContext(collection));
      const again = seal(keyFor('data-keys', newRootKey), key, wrapContext(collection));
      db.prepare('update data_keys set wrapped = ? where collection = ?').run(again, collection);
    }
    const signing = getMeta(db, SIGNING_KEY);
    if (signing !== undefined) {
      const key = unseal(keyFor('signing-key', oldRootKey), signing, SIGNING_KEY);
      setMeta(db, SIGNING_KEY, seal(keyFor('signing-key', newRootKey), key, SIGNING_KEY));
    }
    setMeta(db, FINGERPRINT, fingerprintOf(newRootKey));
    db.exec('commit');
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}
