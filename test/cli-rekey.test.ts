/** `easement rekey`: the home opens with the new key alone, and what was sealed is still there. */
import assert from 'node:assert/strict';
import { copyFile, readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { run } from './cli-plane.ts';
import { startPlane } from './plane.ts';

const OWNER = 'account-a-owner-api-key-000000000000000001';

test('a home is put under a new root key', async () => {
  const first = await startPlane();
  after(() => first.kill());
  const rootKeyFile = `${first.home}.root-key`;
  await copyFile(rootKeyFile, `${rootKeyFile}.old`);
  const running = await run(['rekey', '--home', first.home]);
  assert.equal(running.code, 1);
  assert.match(running.err, new RegExp(`${first.pid}`), 'a plane that is up keeps its home to itself');

  await first.kill();
  const done = await run(['rekey', '--home', first.home]);
  assert.equal(done.code, 0, done.err);
  assert.notEqual(await readFile(rootKeyFile, 'utf8'), await readFile(`${rootKeyFile}.old`, 'utf8'));

  const second = await startPlane({ home: first.home });
  assert.ok(await second.token(OWNER), 'the key that signs tokens was sealed, and opens');
  await second.kill();
  await assert.rejects(startPlane({ home: first.home, args: ['--root-key-file', `${rootKeyFile}.old`] }), /root key/);
});

test('there is nothing to do without a home', async () => {
  const nowhere = await run(['rekey', '--home', '/nonexistent/home']);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.err, /`\/nonexistent\/home`/);
});
