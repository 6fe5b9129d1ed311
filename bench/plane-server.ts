/** A whole plane with an empty home, for measuring: announces its addresses, and answers its counters when asked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { start } from '../src/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'easement-bench-'));
const ports = ['--ibm-port', '0', '--aws-port', '0', '--console-port', '0', '--rate', '1000000'];
const config = readConfig(['--home', join(folder, 'home'), ...ports, ...process.argv.slice(2)]);
const running = await start(config, (message, error) => console.error(message, error ?? ''));

process.on('message', () => process.send!({ counters: running.plane.store.counters }));
process.on('SIGTERM', () => {
  void running.stop().then(() => {
    rmSync(folder, { recursive: true });
    process.exit(0);
  });
});
process.send!({ ready: { origin: running.ibm } });

// A bench that was interrupted leaves nothing running.
process.on('disconnect', () => process.exit(0));
