/** A plane brought up by the command line itself, as users do it, and commands run against it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliPlane {
  readonly home: string;
  /** What `easement up` printed. */
  readonly printed: () => string;
  /** Origins, as the plane left them in its home. */
  addresses(): Promise<{ readonly console: string; readonly ibm: string; readonly aws: string }>;
  operatorToken(): Promise<string>;
  /** Runs a command against the plane. */
  easement(...args: string[]): Promise<Ran>;
  easementWith(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ran>;
  /** Runs a command that goes on until it is ended. */
  follow(...args: string[]): {
    readonly printed: () => string;
    /** Resolves once it has printed something that holds the text. */
    until(text: string): Promise<void>;
    end(): void;
  };
  /** Ends the plane as ctrl-c does; resolves to its exit code. */
  stop(): Promise<number | null>;
}

const EASEMENT = fileURLToPath(new URL('../src/cli/easement.ts', import.meta.url));

/** Runs `easement` with these arguments to its end. */
export function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [EASEMENT, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

/** `easement up` on free ports, with an empty home. */
export async function upPlane(...args: string[]): Promise<CliPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'easement-cli-'));
  const home = join(folder, 'home');
  const child = spawn(
    process.execPath,
    [EASEMENT, 'up', '--home', home, '--console-port', '0', '--ibm-port', '0', '--aws-port', '0', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.includes('easement is up')) resolve();
    });
    void ended.then((code) => reject(new Error(`easement up ended with ${code}: ${printed}`)));
  });
  return {
    home,
    printed: () => printed,
    addresses: async () => JSON.parse(await readFile(join(home, 'addresses.json'), 'utf8')),
    operatorToken: async () => (await readFile(join(home, 'operator-token'), 'utf8')).trim(),
    easement: (...command) => run(command, { EASEMENT_HOME: home }),
    easementWith: (environment, ...command) => run(command, { EASEMENT_HOME: home, ...environment }),
    follow: (...command) => follow(command, home),
    stop: async () => {
      child.kill('SIGTERM');
      const code = await ended;
      await rm(folder, { recursive: true });
      return code;
    },
  };
}

function follow(args: readonly string[], home: string): ReturnType<CliPlane['follow']> {
  const child = spawn(process.execPath, [EASEMENT, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, EASEMENT_HOME: home },
  });
  const ended = once(child, 'exit');
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return {
    printed: () => printed,
    until: async (text) => {
      while (printed === '' || !printed.includes(text)) {
        await Promise.race([once(child.stdout, 'data'), ended]);
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended before \`${text}\``);
      }
    },
    end: () => {
      child.kill();
    },
  };
}
