/** The stories, played against a plane that the command line has brought up. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { upPlane } from './cli-plane.ts';

test('an account lends a key to the block storage of another, as far as the story goes', async () => {
  const plane = await upPlane();
  after(() => plane.stop());
  const program = fileURLToPath(new URL('../scenarios/run.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, plane.home]);
  assert.match(stdout, /the story ran to its end: 17 calls, and 13 times/);
});
