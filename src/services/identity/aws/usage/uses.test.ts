import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '../../../../policy/model.ts';
import { awsRef, ibmRef } from '../../../../policy/names.ts';
import type { Json, StoredRecord } from '../../../../store/store.ts';
import { joined, usesIn, withinPeriod } from './uses.ts';

const ACCOUNT = '111122223333';
const BOB: Caller = { kind: 'user', id: `arn:aws:iam::${ACCOUNT}:user/bob`, account: ACCOUNT, uniqueId: 'AIDABOB' };

interface Called {
  readonly caller?: Caller;
  readonly key?: string;
  readonly words?: readonly string[];
  readonly region?: string;
  readonly cloud?: 'aws' | 'ibm';
}

function record(at: number, called: Called = {}): StoredRecord {
  const { caller = BOB, key = 'AKIABOB', words = ['kms:Decrypt'], region = 'eu-west-1', cloud = 'aws' } = called;
  const ref =
    cloud === 'aws'
      ? awsRef(`arn:aws:kms:${region}:${ACCOUNT}:key/a`, ACCOUNT)
      : ibmRef({ account: 'b', service: 'kms' });
  const body = {
    caller,
    credential: { kind: 'aws-signature', id: key },
    context: { 'aws:requestedregion': region },
    asked: words.map((word) => ({ words: word, resource: { ref } })),
  };
  return { id: `r${at}`, at, account: ACCOUNT, sequence: at, commit: at, body: body as unknown as Json, hash: '' };
}

const used = (...records: readonly StoredRecord[]) => Object.fromEntries(usesIn(records, ACCOUNT));

test('a call is a use by its user and by its key, of the service and of each action that it asked for', () => {
  const use = { at: 5, region: 'eu-west-1' };
  const expected = {
    last: { ...use, service: 'iam' },
    services: { iam: use, kms: use },
    actions: { 'iam:PassRole': use, 'kms:Decrypt': use },
  };
  assert.deepEqual(used(record(5, { words: ['iam:PassRole', 'kms:Decrypt'] })), {
    AIDABOB: expected,
    AKIABOB: expected,
  });
});

test('the later use of each counts, in whatever order they are read', () => {
  const first = record(5, { region: 'us-east-1' });
  const second = record(9, { words: ['sts:GetCallerIdentity'] });
  const third = record(7);
  const expected = {
    last: { at: 9, region: 'eu-west-1', service: 'sts' },
    services: { kms: { at: 7, region: 'eu-west-1' }, sts: { at: 9, region: 'eu-west-1' } },
    actions: { 'kms:Decrypt': { at: 7, region: 'eu-west-1' }, 'sts:GetCallerIdentity': { at: 9, region: 'eu-west-1' } },
  };
  assert.deepEqual(used(first, second, third)['AIDABOB'], expected);
  assert.deepEqual(used(third, second, first)['AIDABOB'], expected);
  assert.deepEqual(joined(used(first)['AIDABOB'], used(second, third)['AIDABOB']!), expected);
});

test('a session is a use by its role, the root user has no id of its own, temporary keys are not reported', () => {
  const id = `arn:aws:sts::${ACCOUNT}:assumed-role/a/b`;
  const session: Caller = { kind: 'role-session', id, account: ACCOUNT, uniqueId: 'AROAA' };
  const root: Caller = { kind: 'root', id: `arn:aws:iam::${ACCOUNT}:root`, account: ACCOUNT };
  assert.deepEqual(Object.keys(used(record(5, { caller: session, key: 'ASIATEMP' }))), ['AROAA']);
  assert.deepEqual(Object.keys(used(record(5, { caller: root }))), [':root', 'AKIABOB']);
});

test('what others do, what services do, and what asks for nothing of AWS is no use', () => {
  const other: Caller = { ...BOB, account: '444455556666' };
  const service: Caller = { kind: 'service', id: 'iam', account: ACCOUNT };
  const none = used(
    record(1, { caller: other }),
    record(2, { caller: service }),
    record(3, { words: [] }),
    record(4, { words: ['aws-usage.keep'] }),
    record(5, { cloud: 'ibm' }),
  );
  assert.deepEqual(none, {});
});

test('use is reported for 400 days', () => {
  const day = 24 * 3600_000;
  assert.equal(withinPeriod({ at: day, region: '' }, 401 * day), true);
  assert.equal(withinPeriod({ at: day, region: '' }, 401 * day + 1), false);
});
