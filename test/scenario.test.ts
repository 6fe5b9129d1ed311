/** The stories, played against a plane that the command line has brought up. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type CliPlane, upPlane } from './cli-plane.ts';

/** What each story prints when it has run to its end: calls, and replays of one of them without a grant. */
const COUNTS = [
  ['an account lends a key to the block storage of another', 17, 13],
  ['roles enter another account', 53, 45],
  ['an account lends a KMS key', 37, 22],
  ['a service acts for several accounts', 13, 12],
] as const;

let plane: CliPlane;
before(async () => {
  plane = await upPlane();
});
after(() => plane.stop());

for (const run of ['on a new plane', 'once more on the same plane']) {
  test(`the stories run to their ends ${run}`, async () => {
    const program = fileURLToPath(new URL('../scenarios/run.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program, plane.home], {
      maxBuffer: 16 * 1024 * 1024,
    });
    const ends = stdout.matchAll(
      /^(.+): ran to its end, (\d+) calls, and (\d+) times one of them without a grant it used$/gm,
    );
    assert.deepEqual(
      [...ends].map(([, title, calls, replays]) => [title, Number(calls), Number(replays)]),
      COUNTS,
    );
  });
}
