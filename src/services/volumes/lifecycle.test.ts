import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VolumeKey } from './access.ts';
import { heard } from './lifecycle.ts';

const key: VolumeKey = { crn: 'crn:a', wrapped: 'w', version: '1', state: 'active', sequence: 3 };
const news = { keyCrn: 'crn:a', version: '1', sequence: 4 } as const;

test('a volume takes over the state of its key; an expired key goes on unwrapping', () => {
  assert.deepEqual(heard(key, { ...news, state: 'suspended' }), { ...key, state: 'disabled', sequence: 4 });
  assert.deepEqual(heard(key, { ...news, state: 'destroyed' }), { ...key, state: 'deleted', sequence: 4 });
  assert.deepEqual(heard(key, { ...news, state: 'deactivated' }), { ...key, state: 'active', sequence: 4 });
  const disabled: VolumeKey = { ...key, state: 'disabled' };
  assert.equal(heard(disabled, { ...news, state: 'active' })?.state, 'active');
});

test('what comes twice, too late, or about another key is passed over', () => {
  const once = heard(key, { ...news, state: 'suspended' })!;
  assert.equal(heard(once, { ...news, state: 'suspended' }), undefined);
  const enabled = heard(once, { ...news, state: 'active', sequence: 5 })!;
  assert.equal(heard(enabled, { ...news, state: 'suspended' }), undefined, 'disabled before it was enabled');
  assert.equal(heard(key, { ...news, keyCrn: 'crn:b', state: 'suspended' }), undefined);
});
