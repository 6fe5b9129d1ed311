/** Each operation of IAM's first half: allowed, denied when its one action is missing, and read alike by boto3. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessKeyOperations } from '../src/services/identity/aws/iam/access-keys.ts';
import { accountSettingOperations } from '../src/services/identity/aws/iam/account-settings.ts';
import { groupPolicyOperations } from '../src/services/identity/aws/iam/group-policies.ts';
import { groupOperations } from '../src/services/identity/aws/iam/groups.ts';
import { loginProfileOperations } from '../src/services/identity/aws/iam/login-profiles.ts';
import { memberOperations } from '../src/services/identity/aws/iam/members.ts';
import { policyOperations } from '../src/services/identity/aws/iam/policies.ts';
import { policyEntityOperations } from '../src/services/identity/aws/iam/policy-entities.ts';
import { policyVersionOperations } from '../src/services/identity/aws/iam/policy-versions.ts';
import { userPolicyOperations } from '../src/services/identity/aws/iam/user-policies.ts';
import { userTagOperations } from '../src/services/identity/aws/iam/user-tags.ts';
import { userOperations } from '../src/services/identity/aws/iam/users.ts';
import { type CallOf, callsIn } from './aws-iam-calls.ts';
import {
  ADMIN,
  denied,
  iamClient,
  type Keys,
  LIMITED,
  MAIN,
  OTHER,
  OTHER_ROOT,
  policyText,
  WORLD,
} from './aws-iam-clients.ts';
import { normal, sender } from './aws-iam-outputs.ts';
import { type Boto, startBoto } from './boto.ts';
import { startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let boto: Boto;
before(async () => {
  plane = await startPlane({ world: WORLD });
  boto = startBoto(plane.aws);
});
after(async () => {
  boto.stop();
  await plane.stop();
});

test('the calls are all operations there are', () => {
  const answered = [
    ...[userOperations, userPolicyOperations, userTagOperations, groupOperations, groupPolicyOperations],
    ...[memberOperations, policyOperations, policyVersionOperations, policyEntityOperations],
    ...[accessKeyOperations, loginProfileOperations, accountSettingOperations],
  ].flatMap((table) => Object.keys(table));
  const called = callsIn(MAIN, () => '').map(({ operation }) => operation);
  assert.deepEqual(called.toSorted(), answered.toSorted());
});

test('each operation is denied to who may do everything else, and answered to who may do everything', async (t) => {
  const asAdmin = sender(iamClient(plane, ADMIN));
  const asLimited = sender(iamClient(plane, LIMITED));
  const allow = (statement: object) =>
    asAdmin('PutUserPolicy', {
      UserName: 'limited',
      PolicyName: 'grant',
      PolicyDocument: policyText({ Effect: 'Allow', Resource: '*', ...statement }),
    });
  let made: Keys = LIMITED;
  const grantsWorker = (statement: object) =>
    asAdmin('PutUserPolicy', {
      UserName: 'worker',
      PolicyName: 'inline',
      PolicyDocument: policyText({ Effect: 'Allow', Resource: '*', ...statement }),
    });
  for (const { operation, input, asWorker } of callsIn(MAIN, () => made.accessKeyId)) {
    await t.test(operation, async () => {
      const send = asWorker ? sender(iamClient(plane, made)) : asLimited;
      const grant = asWorker ? grantsWorker : allow;
      await grant({ NotAction: `iam:${operation}` });
      await denied(send(operation, input), `iam:${operation}`);
      await grant({ Action: '*' });
      const output = await send(operation, input);
      if (operation === 'CreateAccessKey') made = keysOf(output);
    });
  }
});

test('boto3 makes the same of every answer as the SDK for JavaScript', async () => {
  const read = async (account: string, send: (call: CallOf, keys: Keys | undefined) => Promise<unknown>) => {
    const outputs: [string, unknown][] = [];
    let made: Keys | undefined;
    for (const call of callsIn(account, () => made?.accessKeyId ?? '')) {
      if (call.asWorker) continue;
      const output = await send(call, made);
      if (call.operation === 'CreateAccessKey') made = keysOf(output as Record<string, unknown>);
      outputs.push([call.operation, normal(output, account)]);
    }
    return outputs;
  };
  const sdk = sender(iamClient(plane, OTHER_ROOT));
  const bySdk = await read(OTHER, ({ operation, input }) => sdk(operation, input));
  const byBoto = await read(OTHER, ({ operation, input }) => boto.call('iam', operation, input, OTHER_ROOT));
  assert.deepEqual(byBoto, bySdk);
});

test('boto3 changes a password', async () => {
  const asAdmin = sender(iamClient(plane, ADMIN));
  await asAdmin('CreateUser', { UserName: 'pia' });
  await asAdmin('CreateLoginProfile', { UserName: 'pia', Password: 'First-password-1' });
  await asAdmin('PutUserPolicy', {
    UserName: 'pia',
    PolicyName: 'own',
    PolicyDocument: policyText({ Effect: 'Allow', Action: 'iam:ChangePassword', Resource: '*' }),
  });
  const keys = keysOf(await asAdmin('CreateAccessKey', { UserName: 'pia' }));
  const change = { OldPassword: 'First-password-1', NewPassword: 'Second-password-2' };
  assert.deepEqual(await boto.call('iam', 'ChangePassword', change, keys), {});
  await assert.rejects(
    boto.call('iam', 'ChangePassword', change, keys),
    /AccessDenied: The old password was incorrect/,
  );
});

function keysOf({ AccessKey }: Record<string, unknown>): Keys {
  const { AccessKeyId, SecretAccessKey } = AccessKey as { AccessKeyId: string; SecretAccessKey: string };
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}
