/** Starts a whole plane in a process of its own, with an empty home, and talks to it over its real listeners. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface TestPlane {
  /** Origin of the IBM Cloud listener. */
  readonly ibm: string;
  /** Origin of the AWS listener. */
  readonly aws: string;
  /** Origin of the console's listener: Easement's own API. */
  readonly console: string;
  readonly home: string;
  readonly pid: number;
  /** What the plane wrote to standard error: defects are logged there. */
  readonly log: () => string;
  /** Puts the plane's clock forward. */
  advance(milliseconds: number): Promise<void>;
  /** A bearer token for an API key. */
  token(apiKey: string): Promise<string>;
  /** One HTTP call to the IBM Cloud listener. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  stop(): Promise<void>;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  readonly body: any;
}

/** `world`: text of a world file; without it, the demo world. `home`: a home to start on again. */
export async function startPlane(options: { world?: string; home?: string; args?: string[] } = {}): Promise<TestPlane> {
  const folder = options.home ? join(options.home, '..') : await mkdtemp(join(tmpdir(), 'easement-test-'));
  const home = options.home ?? join(folder, 'home');
  const args = ['--home', home, '--ibm-port', '0', '--aws-port', '0', '--console-port', '0', ...(options.args ?? [])];
  if (options.world !== undefined) {
    const file = join(folder, 'world.yaml');
    await writeFile(file, options.world);
    args.push('--world', file);
  }
  const child = spawn(process.execPath, [fileURLToPath(new URL('./up.ts', import.meta.url)), ...args], {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let log = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const { ready } = (await message(child, () => log)) as { ready: { ibm: string; aws: string; console: string } };
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ...ready,
    home,
    pid: child.pid!,
    log: () => log,
    advance: async (milliseconds) => {
      await order(child, { kind: 'advance', milliseconds }, () => log);
    },
    token: (apiKey) => token(ready.ibm, apiKey),
    call: (method, path, call) => request(ready.ibm, method, path, call),
    stop: async () => {
      child.send({ kind: 'stop' });
      await exited;
      if (options.home === undefined) await rm(folder, { recursive: true });
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** One HTTP call; a JSON reply is parsed. */
export async function request(origin: string, method: string, path: string, options: CallOptions = {}): Promise<Reply> {
  const headers = new Headers(options.headers);
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
  if (options.body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const response = await fetch(origin + path, {
    method,
    headers,
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}

/**
 * Waits until `probe` answers something, asking again as soon as it has answered: for what jobs do. Fails after ten
 * seconds with `what`.
 */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + 10_000;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`it did not come true within ten seconds: ${what}`);
  }
}

async function token(origin: string, apiKey: string): Promise<string> {
  const reply = await request(origin, 'POST', '/identity/token', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey }).toString(),
  });
  if (reply.status !== 200) throw new Error(`no token for ${apiKey}: ${JSON.stringify(reply.body)}`);
  return reply.body.access_token;
}

async function order(child: ChildProcess, what: object, log: () => string): Promise<unknown> {
  const answer = message(child, log);
  child.send(what);
  const { error } = (await answer) as { error?: string };
  if (error !== undefined) throw new Error(error);
  return answer;
}

function message(child: ChildProcess, log: () => string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error(`the plane ended: ${log()}`));
    child.once('exit', onExit);
    child.once('message', (received) => {
      child.off('exit', onExit);
      resolve(received);
    });
  });
}
