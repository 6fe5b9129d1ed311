/** The main thread's handle of the writing thread. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Reply, Request, WriterOptions } from './protocol.ts';

export interface WriterThread {
  /** One group at a time: the next one after the reply. */
  send(group: readonly Request[]): void;
  /** Ends the thread and waits for it. */
  end(): Promise<void>;
}

/** Starts the thread; `replied` gets one reply a group, also when the thread ended by itself. */
export async function startWriterThread(
  workerData: WriterOptions,
  replied: (reply: Reply) => void,
): Promise<WriterThread> {
  // The package ships this file as JavaScript: the thread's file has the same suffix as this one.
  const file = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
  // Flags of the process are not the thread's: some (`-e`, `--input-type`) keep a thread from starting.
  const worker = new Worker(file, { workerData, execArgv: [] });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  worker.removeAllListeners('error');
  worker.on('error', (error) => replied({ failed: error instanceof Error ? error.message : String(error) }));
  worker.on('exit', () => replied({ failed: 'its thread has ended' }));
  worker.on('message', (reply: Reply) => {
    worker.unref();
    replied(reply);
  });
  // An open store alone keeps no process alive, an unanswered commit does.
  worker.unref();
  return {
    send(group) {
      worker.ref();
      worker.postMessage(group);
    },
    end() {
      worker.ref();
      worker.postMessage(null);
      return ended;
    },
  };
}
