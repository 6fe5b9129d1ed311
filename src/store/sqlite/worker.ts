/** The thread that owns the writing connection. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { createMarker } from './mark.ts';
import type { Reply, Request, WriterOptions } from './protocol.ts';
import { getMeta, prepareWriting } from './schema.ts';
import { createWriter } from './writer.ts';

const { path, deciding, seed, begun } = workerData as WriterOptions;
const port = parentPort!;
const db = new DatabaseSync(path);
prepareWriting(db);
const writer = createWriter(db, {
  lastCommit: Number(getMeta(db, 'last_commit')),
  deciding,
  mark: createMarker(seed),
  beforeCommit: () => Atomics.add(begun, 0, 1),
});

port.on('message', (group: readonly Request[] | null) => {
  if (group === null) {
    db.close();
    port.close();
    return;
  }
  let reply: Reply;
  try {
    const results = writer.run(group);
    reply = { lastCommit: writer.lastCommit, results };
  } catch (error) {
    reply = { failed: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(reply);
});
port.postMessage('ready');
