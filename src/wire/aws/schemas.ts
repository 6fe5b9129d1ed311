/** Models of services, read from the vendor's client packages when they are first needed. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ServiceModel } from './model.ts';

const loaded = new Map<string, Promise<ServiceModel>>();

/**
 * The model of the service that a package such as `@aws-sdk/client-kms` is for. Read once, in a thread of its own: the
 * packages are large, and a running plane shall neither hold them nor wait for them. Rejects when the package cannot be
 * read; the next call tries again.
 */
export function loadService(client: string): Promise<ServiceModel> {
  const known = loaded.get(client);
  if (known) return known;
  const model = readInThread(client);
  loaded.set(client, model);
  model.catch(() => loaded.delete(client));
  return model;
}

function readInThread(client: string): Promise<ServiceModel> {
  // The package ships this file as JavaScript: the thread's file has the same suffix as this one.
  const file = new URL(`./schemas-worker${extname(import.meta.url)}`, import.meta.url);
  return new Promise((resolve, reject) => {
    // Flags of the process are not the thread's: some (`-e`, `--input-type`) keep a thread from starting.
    const worker = new Worker(file, { workerData: client, execArgv: [] });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`the thread that reads \`${client}\` ended without a model`)));
  });
}
