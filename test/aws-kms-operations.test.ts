/** Each operation of KMS: allowed, denied when its one action is missing, and read alike by boto3. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import * as Kms from '@aws-sdk/client-kms';
import { type CallOf, callsIn, normal, nothingMade } from './aws-kms-calls.ts';
import {
  BORROWER,
  borrowerAdmin,
  errorOf,
  kmsClient,
  kmsWorld,
  OWNER,
  ownerOther,
  ownerRoot,
  policy,
} from './aws-kms-world.ts';
import { type Boto, startBoto } from './boto.ts';
import { startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let boto: Boto;
before(async () => {
  plane = await startPlane({ world: kmsWorld() });
  boto = startBoto(plane.aws);
});
after(async () => {
  boto.stop();
  await plane.stop();
});

type Send = (operation: string, input: object) => Promise<Record<string, unknown>>;

function sender(client: Kms.KMSClient): Send {
  const commands = Kms as unknown as Record<string, new (input: object) => Kms.DescribeKeyCommand>;
  return async (operation, input) => {
    const { $metadata: _metadata, ...output } = await client.send(new commands[`${operation}Command`]!(input));
    return output as Record<string, unknown>;
  };
}

/** What each call was answered with. */
type Outputs = [string, unknown][];
const bySdk: Outputs = [];

test('each operation is denied to who may do everything else, and answered to who may do everything', async (t) => {
  const iam = new IAMClient({
    endpoint: plane.aws,
    region: 'us-east-1',
    credentials: { ...ownerRoot },
    maxAttempts: 1,
  });
  const grant = (statement: object) =>
    iam.send(
      new PutUserPolicyCommand({
        UserName: 'other',
        PolicyName: 'own',
        PolicyDocument: policy({ Effect: 'Allow', Resource: '*', ...statement }),
      }),
    );
  const send = sender(kmsClient(plane, ownerOther));
  const made = nothingMade();
  for (const { operation, actions = [operation], input, keep } of callsIn(OWNER)) {
    await t.test(operation, async () => {
      for (const action of actions) {
        await grant({ NotAction: `kms:${action}` });
        const { name, message } = await errorOf(send(operation, input(made)));
        assert.equal(name, 'AccessDeniedException');
        assert.ok(message.includes(`is not authorized to perform: kms:${action} `), message);
        assert.match(message, /because no identity-based policy allows the kms:\w+ action$/);
      }
      await grant({ Action: '*' });
      const output = await send(operation, input(made));
      keep?.(output, made);
      bySdk.push([operation, normal(output, OWNER)]);
    });
  }
});

test('boto3 makes the same of every answer as the SDK for JavaScript', async () => {
  const made = nothingMade();
  const byBoto: Outputs = [];
  const call = async ({ operation, input, keep }: CallOf): Promise<void> => {
    const output = await boto.call('kms', operation, input(made), borrowerAdmin);
    keep?.(output, made);
    byBoto.push([operation, normal(output, BORROWER)]);
  };
  for (const one of callsIn(BORROWER)) await call(one);
  assert.deepEqual(byBoto, bySdk);
});
