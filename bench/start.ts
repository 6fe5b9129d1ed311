/** How long `easement up` takes on an empty home until `/ready` answers, and what it then holds in memory. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { residentMegabytes } from './process.ts';

const EASEMENT = fileURLToPath(new URL('../src/cli/easement.ts', import.meta.url));

export interface Start {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** Starts the plane once, in a process of its own, and ends it again. */
export async function measureStart(): Promise<Start> {
  const folder = mkdtempSync(join(tmpdir(), 'easement-bench-'));
  const home = join(folder, 'home');
  const began = performance.now();
  const child = spawn(process.execPath, [
    EASEMENT,
    'up',
    '--home',
    home,
    '--ibm-port',
    '0',
    '--aws-port',
    '0',
    '--console-port',
    '0',
  ]);
  await new Promise<void>((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.includes('easement is up')) resolve();
    });
    child.once('exit', () => reject(new Error(`easement up ended: ${printed}`)));
  });
  const { console: origin } = JSON.parse(readFileSync(join(home, 'addresses.json'), 'utf8')) as { console: string };
  const ready = await fetch(`${origin}/ready`);
  if (ready.status !== 200) throw new Error(`/ready answers ${ready.status}`);
  const milliseconds = performance.now() - began;
  const megabytes = residentMegabytes(child.pid!);
  await new Promise<void>((resolve) => {
    child.removeAllListeners('exit').once('exit', () => resolve());
    child.kill('SIGTERM');
  });
  rmSync(folder, { recursive: true });
  return { milliseconds, megabytes };
}
