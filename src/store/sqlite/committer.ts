/**
 * The main thread's end of the writing thread: collects requests while a group is on its way and sends them as the next
 * one, so that many commits share one fsync.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreFailed } from '../store.ts';
import { createGathering } from './gathering.ts';
import type { Reply, Request, Result, WriterOptions } from './protocol.ts';

export interface Committer {
  /** Resolves once it is durable. Throws `StoreFailed`. */
  submit<R extends Result>(request: Request): Promise<R>;
  /** The highest commit that was acknowledged. */
  readonly lastCommit: number;
  /** Whether readers see nothing beyond the last acknowledged group. */
  quiet(): boolean;
  /** Waits for what was submitted, then ends the thread. */
  close(): Promise<void>;
}

export interface CommitterOptions extends Omit<WriterOptions, 'begun'> {
  readonly lastCommit: number;
  readonly counters: { groups: number; fsyncs: number };
  /** Called right before a group is sent: the last chance to submit to it. */
  readonly beforeGroup: () => void;
  /** Called for each request of a durable group, before anybody learns that it is. */
  readonly applied: (request: Request, result: Result) => void;
}

interface Pending {
  readonly request: Request;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

export async function startCommitter(options: CommitterOptions): Promise<Committer> {
  const begun = new Int32Array(new SharedArrayBuffer(4));
  const { path, deciding, counters } = options;
  const worker = await startWorker({ path, deciding, begun });
  const gathering = createGathering(sendGroup);
  let lastCommit = options.lastCommit;
  let acknowledged = 0;
  let queue: Pending[] = [];
  let flying: Pending[] | undefined;
  let failure: StoreFailed | undefined;
  let drained: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  function sendGroup(): void {
    options.beforeGroup();
    gathering.stop();
    if (failure || flying || queue.length === 0) return;
    flying = queue;
    queue = [];
    worker.ref();
    worker.postMessage(flying.map((pending) => pending.request));
  }

  function fail(reason: string): void {
    failure ??= new StoreFailed(`the store cannot write any more: ${reason}; free its disk and start the plane again`);
    gathering.stop();
    for (const pending of [...(flying ?? []), ...queue]) pending.reject(failure);
    flying = undefined;
    queue = [];
    drained?.();
  }

  function acknowledge(group: readonly Pending[], results: readonly Result[]): void {
    acknowledged = (acknowledged + 1) | 0;
    counters.groups++;
    counters.fsyncs++;
    for (const [i, { request }] of group.entries()) options.applied(request, results[i]!);
    for (const [i, { resolve }] of group.entries()) resolve(results[i]!);
  }

  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => fail('its thread has ended'));
  worker.on('message', (reply: Reply) => {
    if ('failed' in reply) return fail(reply.failed);
    const group = flying ?? [];
    flying = undefined;
    worker.unref();
    lastCommit = reply.lastCommit;
    acknowledge(group, reply.results);
    gathering.learn(group.length + queue.length);
    if (queue.length > 0) gathering.arrived(queue.length);
    else drained?.();
  });

  return {
    submit<R extends Result>(request: Request) {
      if (failure) return Promise.reject(failure);
      return new Promise<R>((resolve, reject) => {
        queue.push({ request, resolve: resolve as (result: Result) => void, reject });
        if (!flying) gathering.arrived(queue.length);
      });
    },
    get lastCommit() {
      return lastCommit;
    },
    quiet: () => Atomics.load(begun, 0) === acknowledged,
    async close() {
      if (!failure && (flying || queue.length > 0)) await new Promise<void>((resolve) => (drained = resolve));
      worker.ref();
      worker.postMessage(null);
      failure ??= new StoreFailed('the store has been closed');
      await ended;
    },
  };
}

function startWorker(workerData: WriterOptions): Promise<Worker> {
  // The package ships this file as JavaScript: the thread's file has the same suffix as this one.
  const file = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
  // Flags of the process are not the thread's: some (`-e`, `--input-type`) keep a thread from starting.
  const worker = new Worker(file, { workerData, execArgv: [] });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', () => {
      worker.off('error', reject);
      // An open store alone keeps no process alive, an unanswered commit does.
      worker.unref();
      resolve(worker);
    });
  });
}
