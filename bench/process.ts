/** Servers under measurement, each in a process of its own, and what they cost: CPU over all threads, resident memory. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';

export interface Measured {
  readonly pid: number;
  /** Asks the program something over IPC: its answer is `{ [question]: ... }`. */
  readonly ask: <T>(question: string) => Promise<T>;
  readonly stop: () => Promise<void>;
}

/** One HTTP request to send. */
export interface Shot {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Starts a program of this folder that announces `{ ready }` over IPC. */
export async function startProgram<R>(file: string, args: readonly string[] = []): Promise<Measured & { ready: R }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { stdio: 'inherit' });
  const ready = await new Promise<R>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { ready: R }).ready));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  const ask = <T>(question: string): Promise<T> =>
    new Promise((resolve) => {
      child.once('message', (message) => resolve((message as Record<string, T>)[question]!));
      child.send(question);
    });
  return { pid: child.pid!, ready, ask, stop: () => end(child) };
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** CPU that a process has used, in microseconds, user and system, over all its threads. */
export function cpuMicroseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  // Fields 14 and 15 of proc(5), in clock ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Resident memory of a process, in MB. */
export function residentMegabytes(pid: number): number {
  const line = /VmRSS:\s+([0-9]+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line![1]) / 1024);
}

/**
 * Sends every shot once over `connections` kept-alive connections and answers the CPU that the server used for each, in
 * microseconds. Throws at the first reply for which `isRight` is false.
 */
export async function cpuPerRequest(
  server: { readonly pid: number; readonly origin: string },
  shots: readonly Shot[],
  connections: number,
  isRight: (status: number, body: string) => boolean,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let shot = shots[next++]; shot; shot = shots[next++]) {
      const { status, body } = await send(server.origin, shot, agent);
      if (!isRight(status, body)) throw new Error(`${shot.method} ${shot.path}: ${status} ${body}`);
    }
  };
  const before = cpuMicroseconds(server.pid);
  await Promise.all(Array.from({ length: connections }, worker));
  const used = cpuMicroseconds(server.pid) - before;
  agent.destroy();
  return used / shots.length;
}

export function send(origin: string, shot: Shot, agent?: Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { ...shot.headers, 'content-length': String(Buffer.byteLength(shot.body)) };
    const sent = request(origin + shot.path, { method: shot.method, headers, ...(agent ? { agent } : {}) }, (reply) => {
      let body = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => {
        body += chunk;
      });
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    sent.end(shot.body);
  });
}
