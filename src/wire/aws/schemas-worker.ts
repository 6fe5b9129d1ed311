/** The thread that reads one client package, posts its model and ends, taking the package's memory with it. */
import { parentPort, workerData } from 'node:worker_threads';
import { readClient } from './schemas-walk.ts';

const client = workerData as string;
const exported = (await import(client)) as Readonly<Record<string, unknown>>;
parentPort!.postMessage(readClient(client, exported));
