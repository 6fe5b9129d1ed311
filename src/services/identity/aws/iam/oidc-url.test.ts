import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../faults.ts';
import { providerName } from './oidc-url.ts';

test('a provider goes by its URL without the scheme; a slash at the end is part of it', () => {
  assert.equal(providerName('https://token.actions.githubusercontent.com'), 'token.actions.githubusercontent.com');
  assert.equal(providerName('https://iam.cloud.ibm.com/identity'), 'iam.cloud.ibm.com/identity');
  assert.equal(providerName('https://server.example.com/'), 'server.example.com/');
});

const refused: readonly (readonly [string, string])[] = [
  ['example.com', 'ValidationError'],
  ['https://', 'ValidationError'],
  ['http://example.com', 'InvalidInput'],
  ['https://user:secret@example.com', 'InvalidInput'],
  ['https://example.com?a=1', 'InvalidInput'],
  ['https://example.com#a', 'InvalidInput'],
  ['https://example.com:8443', 'InvalidInput'],
  ['https://exa_mple.com', 'InvalidInput'],
  ['https://example.com/a b', 'InvalidInput'],
];

for (const [url, code] of refused) {
  test(`\`${url}\` is refused`, () => {
    assert.throws(
      () => providerName(url),
      (error) => error instanceof Fault && error.reason === code,
    );
  });
}
