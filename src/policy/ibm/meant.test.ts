import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distance, nearest, serviceMeant } from './meant.ts';

test('a letter too many, too few, another or swapped counts once', () => {
  for (const [a, b, apart] of [
    ['accountId', 'accountId', 0],
    ['accountId', 'acountId', 1],
    ['accountId', 'accountIdd', 1],
    ['accountId', 'accauntId', 1],
    ['accountId', 'acocuntId', 1],
    ['accountId', 'caocuntId', 2],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ] as const) {
    assert.equal(distance(a, b), apart, `${a} ${b}`);
    assert.equal(distance(b, a), apart, `${b} ${a}`);
  }
});

test('what is far from every name was not meant', () => {
  assert.equal(nearest('keyrings', ['keyRing', 'resource']), 'keyRing');
  assert.equal(nearest('colour', ['keyRing', 'resource', 'region']), undefined);
  assert.equal(nearest('', ['keyRing']), undefined);
  assert.equal(nearest('a'.repeat(1_000_000), ['keyRing']), undefined);
});

test('services are known by the names of pages and console', () => {
  for (const [typed, name] of [
    ['kms', 'kms'],
    ['Key Protect', 'kms'],
    ['KeyProtect', 'kms'],
    ['Hyper-Protect-Crypto-Services', 'hs-crypto'],
    ['Cloud Block Storage', 'server-protect'],
    ['BCloud Block Storage', 'server-protect'],
    ['Block Storage for VPC', 'is'],
    ['is.server-protect', 'server-protect'],
    ['VPC Infrastructure Services', 'is'],
    ['Databases for PostgreSQL', 'databases-for-postgresql'],
  ] as const) {
    assert.equal(serviceMeant(typed), name, typed);
  }
  for (const typed of ['nothing like it', '', 'x', '__proto__']) assert.equal(serviceMeant(typed), undefined, typed);
});
