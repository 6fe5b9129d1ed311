import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Failure, Reason } from '../policy/model.ts';
import { layerLine, reasonLine } from './words.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/k1';
const origin = { account: '111122223333', policy: `key policy of ${KEY}`, statement: 'lent', text: '{}' };

const missed = (failed: Failure, ...alsoFailed: Failure[]): Reason => ({
  origin,
  effect: 'allow',
  matched: false,
  failed,
  ...(alsoFailed.length > 0 ? { alsoFailed } : {}),
});
const condition = (key: string, operator: string, expected: string[], got?: string[]): Failure => ({
  element: 'condition',
  key,
  operator,
  expected,
  ...(got ? { got } : {}),
});

describe('a layer', () => {
  const line = (kind: Parameters<typeof layerLine>[0]['kind'], outcome: 'allow' | 'implicit-deny' | 'explicit-deny') =>
    layerLine({ kind, account: 'a', outcome, because: [] });
  test('of one policy is one', () => {
    assert.equal(line('boundary', 'implicit-deny'), 'the permissions boundary: nothing in it allows this');
    assert.equal(line('resource', 'allow'), 'the policy of the resource: allows this');
    assert.equal(line('resource', 'explicit-deny'), 'the policy of the resource: denies this');
  });
  test('of several is many', () => {
    assert.equal(line('grant', 'implicit-deny'), 'grants of the key: nothing in them allows this');
    assert.equal(line('identity', 'allow'), 'the caller’s own policies: allow this');
  });
});

describe('a reason', () => {
  test('names the resource in question once, and a grant by its id', () => {
    const reason: Reason = { origin, effect: 'allow', matched: true };
    assert.equal(reasonLine(reason, KEY), 'key policy, statement lent allows it');
    assert.equal(reasonLine(reason), `key policy of ${KEY}, statement lent allows it`);
    const granted = { ...reason, origin: { ...origin, policy: 'grants', statement: 'g1' } };
    assert.equal(reasonLine(granted), 'grant g1 allows it');
  });

  const cases: [what: string, failures: [Failure, ...Failure[]], says: string][] = [
    [
      'every element that failed, with keys as the vendor spells them',
      [
        condition('aws:sourceip', 'IpAddress', ['10.0.0.0/8'], ['127.0.0.1']),
        condition('aws:currenttime', 'DateLessThan', ['2024-12-31T00:00:00Z'], ['2026-01-01T00:00:00Z']),
      ],
      'its condition aws:SourceIp must be in `10.0.0.0/8`, it is `127.0.0.1`; its condition aws:CurrentTime must be before `2024-12-31T00:00:00Z`, it is `2026-01-01T00:00:00Z`',
    ],
    [
      'what is missing',
      [condition('sts:externalid', 'StringEquals', ['e1'])],
      'its condition sts:ExternalId must be `e1`, it is missing',
    ],
    [
      'a negated test',
      [condition('aws:requestedregion', 'StringNotEqualsIfExists', ['eu-west-1'], ['eu-west-1'])],
      'its condition aws:RequestedRegion must not be `eu-west-1`, it is `eu-west-1`',
    ],
    [
      'a test of several values',
      [condition('aws:tagkeys', 'ForAllValues:StringLike', ['a*'], ['b'])],
      'its condition aws:TagKeys must be like `a*` for each of its values, it is `b`',
    ],
    [
      'a test of presence',
      [condition('aws:tokenissuetime', 'Null', ['false'])],
      'its condition aws:TokenIssueTime must be present, it is missing',
    ],
    [
      'an encryption context that holds more than it may',
      [
        condition(
          'kms:encryptioncontext:',
          'no other keys',
          ['kms:encryptioncontext:team'],
          ['kms:encryptioncontext:more'],
        ),
      ],
      'its condition kms:EncryptionContext may have no keys but `team`, it also has `more`',
    ],
    [
      'a group of conditions',
      [{ element: 'condition', operator: 'any of', expected: ['x equals 1', 'y equals 2'] }],
      'of its conditions none holds: `x equals 1` or `y equals 2`',
    ],
  ];
  for (const [what, [failed, ...more], says] of cases) {
    test(`tells ${what}`, () => {
      assert.equal(reasonLine(missed(failed, ...more), KEY), `key policy, statement lent does not apply: ${says}`);
    });
  }

  test('spells actions as the policy does, and cuts a long list', () => {
    const names = ['GetUser', 'GetRole', 'GetGroup', 'ListUsers', 'ListRoles', 'ListGroups', 'GetPolicy', 'ListTags'];
    const actions = names.map((name) => `iam:${name}`);
    const failed: Failure = { element: 'action', expected: actions.map((name) => name.toLowerCase()), got: ['iam:X'] };
    const reason = { ...missed(failed), origin: { ...origin, text: JSON.stringify({ Action: actions }) } };
    assert.match(
      reasonLine(reason),
      /must be `iam:GetUser`, `iam:GetRole`, .*`iam:ListGroups` or one of 2 more, it is `iam:X`$/,
    );
  });
});
