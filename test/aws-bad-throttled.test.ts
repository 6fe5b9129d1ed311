/** Who asks too much is told so in the words of each protocol, and served again later. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN, WORLD } from './aws-iam-clients.ts';
import { call, formCall, jsonCall, type RawAnswer } from './aws-raw.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
before(async () => {
  plane = await startPlane({ world: WORLD, args: ['--rate', '5'] });
});
after(async () => {
  const log = plane.log();
  await plane.stop();
  assert.equal(log, '', 'the plane logged defects');
});

for (const [service, sent, code] of [
  ['sts', formCall('sts', 'GetCallerIdentity'), 'Throttling'],
  ['iam', formCall('iam', 'ListUsers'), 'Throttling'],
  ['kms', jsonCall('kms', 'ListKeys'), 'ThrottlingException'],
  ['logs', jsonCall('logs', 'DescribeLogGroups'), 'ThrottlingException'],
] as const) {
  test(`${service}: ${code}`, async () => {
    const ask = (): Promise<RawAnswer> => call(plane, sent, { keys: ADMIN, service });
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    const late = answers.filter(({ status }) => status !== 200);
    assert.ok(late.length >= 10, `${late.length} of 20 were refused`);
    for (const { status, code: seen, message } of late) {
      assert.deepEqual([status, seen, message], [400, code, 'Rate exceeded']);
    }
    assert.ok(await eventually('it is answered again', async () => (await ask()).status === 200));
  });
}
