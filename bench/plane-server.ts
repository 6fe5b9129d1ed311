/** A whole plane with an empty home, for measuring: announces its addresses, and answers its counters when asked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { start } from '../src/main.ts';
import { without } from './without.ts';

const folder = mkdtempSync(join(tmpdir(), 'easement-bench-'));
const ports = ['--ibm-port', '0', '--aws-port', '0', '--console-port', '0', '--rate', '1000000'];
const config = readConfig(['--home', join(folder, 'home'), ...ports, ...process.argv.slice(2)]);
const running = await start(config, (message, error) => console.error(message, error ?? ''));

process.on('message', (question: string) => {
  if (question === 'counters') process.send!({ counters: running.plane.store.counters });
  else process.send!({ [question]: without(running.plane, question) });
});
process.on('SIGTERM', () => {
  void running.stop().then(() => {
    rmSync(folder, { recursive: true });
    process.exit(0);
  });
});
process.send!({ ready: { origin: running.ibm, aws: running.aws } });

// A bench that was interrupted leaves nothing running.
process.on('disconnect', () => process.exit(0));
