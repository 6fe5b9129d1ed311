/** Each operation on roles, profiles and providers: allowed, denied when its one action is missing, and read alike by boto3. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { instanceProfileTagOperations } from '../src/services/identity/aws/iam/instance-profile-tags.ts';
import { instanceProfileOperations } from '../src/services/identity/aws/iam/instance-profiles.ts';
import { oidcProviderOperations } from '../src/services/identity/aws/iam/oidc-providers.ts';
import { providerTagOperations } from '../src/services/identity/aws/iam/provider-tags.ts';
import { roleChangeOperations } from '../src/services/identity/aws/iam/role-changes.ts';
import { rolePolicyOperations } from '../src/services/identity/aws/iam/role-policies.ts';
import { roleOperations } from '../src/services/identity/aws/iam/roles.ts';
import { samlProviderOperations } from '../src/services/identity/aws/iam/saml-providers.ts';
import { serviceLinkedRoleOperations } from '../src/services/identity/aws/iam/service-linked-roles.ts';
import { ADMIN, denied, iamClient, LIMITED, MAIN, OTHER, OTHER_ROOT, policyText, WORLD } from './aws-iam-clients.ts';
import { normal, type Send, sender } from './aws-iam-outputs.ts';
import { roleCallsIn } from './aws-iam-role-calls.ts';
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
    ...[roleOperations, roleChangeOperations, rolePolicyOperations, serviceLinkedRoleOperations],
    ...[instanceProfileOperations, instanceProfileTagOperations],
    ...[oidcProviderOperations, samlProviderOperations, providerTagOperations],
  ].flatMap((table) => Object.keys(table));
  const called = roleCallsIn(MAIN, () => '').map(([operation]) => operation);
  assert.deepEqual(called.toSorted(), answered.toSorted());
});

test('each operation is denied to who may do everything else, and answered to who may do everything', async (t) => {
  const asAdmin = sender(iamClient(plane, ADMIN));
  const asLimited = sender(iamClient(plane, LIMITED));
  const grant = (statement: object) =>
    asAdmin('PutUserPolicy', {
      UserName: 'limited',
      PolicyName: 'grant',
      PolicyDocument: policyText({ Effect: 'Allow', Resource: '*', ...statement }),
    });
  let task = '';
  for (const [operation, input] of roleCallsIn(MAIN, () => task)) {
    await t.test(operation, async () => {
      await grant({ NotAction: `iam:${operation}` });
      await denied(asLimited(operation, input), `iam:${operation}`);
      await grant({ Action: '*' });
      const output = await asLimited(operation, input);
      if (operation === 'DeleteServiceLinkedRole') task = String(output['DeletionTaskId']);
    });
  }
});

test('boto3 makes the same of every answer as the SDK for JavaScript', async () => {
  const read = async (send: Send) => {
    const outputs: [string, unknown][] = [];
    let task = '';
    for (const [operation, input] of roleCallsIn(OTHER, () => task)) {
      const output = await send(operation, input);
      if (operation === 'DeleteServiceLinkedRole') {
        task = String(output['DeletionTaskId']);
        while ((await send('GetServiceLinkedRoleDeletionStatus', { DeletionTaskId: task }))['Status'] !== 'SUCCEEDED');
      }
      outputs.push([operation, normal(output, OTHER)]);
    }
    return outputs;
  };
  const bySdk = await read(sender(iamClient(plane, OTHER_ROOT)));
  const byBoto = await read((operation, input) => boto.call('iam', operation, input, OTHER_ROOT));
  assert.deepEqual(byBoto, bySdk);
});
