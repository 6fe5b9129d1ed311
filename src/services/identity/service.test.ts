import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionsOf } from '../../policy/ibm/catalogue/catalogue.ts';
import { accountsService } from '../accounts/accounts.ts';
import { identityService } from './service.ts';

test('every action with words is held by some role of the vendor', () => {
  const known = new Set(['iam-identity', 'iam-groups', 'user-management'].flatMap(actionsOf));
  const words = [...identityService.actions, ...accountsService.actions].flatMap(({ ibm }) => ibm ?? []);
  assert.ok(words.length > 15);
  assert.deepEqual(
    words.filter((action) => !known.has(action)),
    [],
  );
});
