/**
 * The main thread's end of the writing thread: collects requests while a group is on its way and sends them as the next
 * one, so that many commits share one fsync.
 */
import { StoreFailed } from '../store.ts';
import { createGathering } from './gathering.ts';
import type { Reply, Request, Result, WriterOptions } from './protocol.ts';
import { startWriterThread } from './thread.ts';

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
  const thread = await startWriterThread(
    { path: options.path, deciding: options.deciding, seed: options.seed, begun },
    replied,
  );
  const gathering = createGathering(sendGroup);
  let lastCommit = options.lastCommit;
  let acknowledged = 0;
  let queue: Pending[] = [];
  let flying: Pending[] = [];
  let failure: StoreFailed | undefined;
  let drained = () => {};

  function sendGroup(): void {
    options.beforeGroup();
    gathering.stop();
    if (failure || flying.length > 0 || queue.length === 0) return;
    flying = queue;
    queue = [];
    thread.send(flying.map(({ request }) => request));
  }

  function replied(reply: Reply): void {
    const group = flying;
    flying = [];
    if ('failed' in reply) {
      fail(group, reply.failed);
      return;
    }
    lastCommit = reply.lastCommit;
    acknowledged = (acknowledged + 1) | 0;
    acknowledge(group, reply.results, options);
    gathering.learn(group.length + queue.length);
    if (queue.length > 0) gathering.arrived(queue.length);
    else drained();
  }

  function fail(group: readonly Pending[], reason: string): void {
    failure ??= new StoreFailed(`the store cannot write any more: ${reason}; free its disk and start the plane again`);
    gathering.stop();
    for (const { reject } of [...group, ...queue]) reject(failure);
    queue = [];
    drained();
  }

  async function close(): Promise<void> {
    const busy = !failure && (flying.length > 0 || queue.length > 0);
    if (busy) await new Promise<void>((resolve) => (drained = resolve));
    failure ??= new StoreFailed('the store has been closed');
    await thread.end();
  }

  return {
    submit<R extends Result>(request: Request) {
      if (failure) return Promise.reject(failure);
      return new Promise<R>((resolve, reject) => {
        queue.push({ request, resolve: resolve as (result: Result) => void, reject });
        if (flying.length === 0) gathering.arrived(queue.length);
      });
    },
    get lastCommit() {
      return lastCommit;
    },
    quiet: () => Atomics.load(begun, 0) === acknowledged,
    close,
  };
}

function acknowledge(group: readonly Pending[], results: readonly Result[], options: CommitterOptions): void {
  options.counters.groups++;
  // One of the log for each COMMIT; every 16 MB of log, copying it into the database adds two that are not counted.
  options.counters.fsyncs++;
  for (const [i, { request }] of group.entries()) options.applied(request, results[i]!);
  for (const [i, { resolve }] of group.entries()) resolve(results[i]!);
}
