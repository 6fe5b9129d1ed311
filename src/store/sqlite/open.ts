/** Puts the store together: lock, schema, keys, writing thread, reading connection. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Collection, Document, Job, Rows, Store } from '../store.ts';
import { openCatalogue } from './catalogue.ts';
import { startCommitter } from './committer.ts';
import { createHistory } from './history.ts';
import { createJobQueue } from './jobqueue.ts';
import { lockHome } from './lock.ts';
import { createMarker } from './mark.ts';
import { isCommit } from './protocol.ts';
import { createReads } from './reads.ts';
import { createRecordReads } from './records.ts';
import { getMeta, openDatabase, setMeta } from './schema.ts';
import { createSealing } from './sealing.ts';
import { openSecrets, rewrapSecrets, type Secrets } from './secrets.ts';
import { createSoon } from './soon.ts';
import { beginUnit } from './unit.ts';
import { makeCheckpoint, verifyChains } from './verify.ts';

export interface StoreOptions {
  /** Directory of the plane; made if it is missing. */
  readonly home: string;
  /** Every collection that will be used. */
  readonly collections: readonly Collection<never>[];
  readonly rows: readonly Rows[];
  /** 32 bytes, kept outside the home. */
  readonly rootKey: Buffer;
  /** Called after a commit that scheduled a job. */
  readonly onJobs?: () => void;
  /** Bound of the cache of what was read. */
  readonly cacheBytes?: number;
}

const CACHE_BYTES = 16 * 1024 * 1024;
const databaseOf = (home: string): string => join(home, 'easement.db');

/** Opens a home for this process alone. Throws when it is in use, of a newer version, or made with another root key. */
export async function openSqliteStore(options: StoreOptions): Promise<Store> {
  const unlock = lockHome(options.home);
  try {
    return await openLocked(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Wraps the keys of a home, which no plane may have open, under a new root key. */
export async function rekeySqliteStore(home: string, oldRootKey: Buffer, newRootKey: Buffer): Promise<void> {
  const unlock = lockHome(home);
  try {
    const db = openDatabase(databaseOf(home));
    try {
      rewrapSecrets(db, oldRootKey, newRootKey);
    } finally {
      db.close();
    }
  } finally {
    unlock();
  }
}

/** What is done before the writing thread takes over the database. */
function prepare({ home, collections, rows, rootKey }: StoreOptions) {
  const db = openDatabase(databaseOf(home));
  try {
    const sealing = collections.filter(({ sealed }) => sealed.length > 0).map(({ name }) => name);
    const secrets: Secrets = openSecrets(db, rootKey, sealing);
    const lastCommit = Number(getMeta(db, 'last_commit') ?? 0);
    setMeta(db, 'last_commit', String(lastCommit));
    const catalogue = openCatalogue(db, collections, rows, lastCommit);
    // Whoever held these leases was this home's plane, and is gone.
    db.exec('update jobs set ready = due where ready <> due');
    return { secrets, lastCommit, catalogue };
  } finally {
    db.close();
  }
}

async function openLocked(options: StoreOptions, unlock: () => void): Promise<Store> {
  const { secrets, lastCommit, catalogue } = prepare(options);
  const path = databaseOf(options.home);
  const deciding = new Set(catalogue.deciding);
  const counters = { commits: 0, groups: 0, fsyncs: 0, conflicts: 0, cacheHits: 0, cacheMisses: 0 };
  const db = new DatabaseSync(path, { readOnly: true });
  const reads = createReads(db, { cacheBytes: options.cacheBytes ?? CACHE_BYTES, counters });
  const seed = randomInt(2 ** 32);
  const committer = await startCommitter({
    path,
    deciding: catalogue.deciding,
    seed,
    lastCommit,
    counters,
    beforeGroup: () => soon.flush(),
    applied(request, result) {
      if (!isCommit(request) || (typeof result === 'number' && result < 0)) return;
      counters.commits++;
      reads.forget(request, result, deciding);
    },
  });
  const soon = createSoon(committer);
  const sealing = createSealing(secrets.dataKeys);
  const records = createRecordReads(db);
  const parts = {
    catalogue,
    mark: createMarker(seed),
    reads,
    sealing,
    committer,
    counters,
    onJobs: options.onJobs ?? (() => {}),
  };
  return {
    get lastCommit() {
      return committer.lastCommit;
    },
    begin: () => beginUnit(parts),
    asOf: createHistory(db, catalogue),
    open: (from, document, field) => sealing.open(from as Collection<never>, document as Document<object>, field),
    recordSoon: soon.add,
    recordsOf: (id) => soon.settled().then(() => records.of(id)),
    recordsByAlias: (account, id) => soon.settled().then(() => records.byAlias(account, id)),
    records: (query) => soon.settled().then(() => records.query(query)),
    recordsBehind: async (account, query) => records.behind(account, query),
    verifyRecords: () => soon.settled().then(() => verifyChains(db, secrets.signingKey)),
    async checkpoint(at) {
      const checkpoint = makeCheckpoint(db, secrets.signingKey, at);
      await committer.submit(checkpoint);
      return { commit: checkpoint.commit, root: checkpoint.root };
    },
    ...createJobQueue(db, committer),
    counters,
    async close() {
      soon.flush();
      await committer.close();
      db.close();
      unlock();
    },
  } satisfies Store & { retryJob(job: Job, due: number): Promise<void> };
}
