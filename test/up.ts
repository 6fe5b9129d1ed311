/** A plane in a process of its own, for tests: announces its addresses, and takes orders from the test over IPC. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { advanceClock } from '../src/clock.ts';
import { readConfig } from '../src/config.ts';
import { start } from '../src/main.ts';
import { perform } from '../src/operation.ts';

const config = readConfig(process.argv.slice(2));
const running = await start(config, (message, error) => console.error(message, error ?? ''));
const token = (await readFile(join(config.home, 'operator-token'), 'utf8')).trim();

process.on('message', (order: { kind: string; milliseconds?: number }) => {
  void obey(order).then(
    (answer) => process.send!({ answer }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
const { plane: _plane, stop: _stop, advanceTo: _advanceTo, ...addresses } = running;
process.send!({ ready: addresses });

async function obey(order: { kind: string; milliseconds?: number }): Promise<unknown> {
  if (order.kind === 'stop') {
    await running.stop();
    process.exit(0);
  }
  if (order.kind === 'advance') {
    const request = { credential: { kind: 'operator', token } as const, context: {} };
    const { output } = await perform(running.plane, advanceClock, request, () => ({
      milliseconds: order.milliseconds!,
    }));
    running.advanceTo(output.ahead);
    return output;
  }
  throw new Error(`no such order: ${order.kind}`);
}
