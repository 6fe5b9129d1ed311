import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wildcard } from './registration-lists.ts';

const CRN = 'crn:v1:bluemix:public:is:us-south-1:a/bbb::volume:r006-1';

test('a pattern matches from start to end, `*` stands for any text', () => {
  for (const pattern of [
    CRN,
    '*',
    'crn:*',
    '*r006-1',
    'crn:v1:*:volume:*',
    '*::volume:*',
    `${CRN}*`,
    'crn:*:volume:*1',
  ]) {
    assert.ok(wildcard(pattern)(CRN), pattern);
  }
  for (const pattern of [
    '',
    'crn',
    'v1*',
    '*r006',
    'crn:*:snapshot:*',
    `${CRN}?`,
    'crn:*:volume:r006-1*1',
    '*1*1*1*1',
  ]) {
    assert.ok(!wildcard(pattern)(CRN), pattern);
  }
});

test('the parts of a pattern do not overlap', () => {
  assert.ok(!wildcard('ab*ba')('aba'));
  assert.ok(wildcard('ab*ba')('abba'));
  assert.ok(!wildcard('a*b*b')('ab'));
});
