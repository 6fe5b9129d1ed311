import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { awsResource, ibmRef } from '../policy/names.ts';
import type { StoredRecord } from '../store/store.ts';
import { type AskedRecord, isParty, isUntold, type RecordBody, showCall, type Viewer } from './record.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const C = 'c'.repeat(32);
const admin = (account: string): Viewer => ({ kind: 'administrator', account });
const operator: Viewer = { kind: 'operator' };

function asked(account: string, type: string, outcome: AskedRecord['outcome'], existed = true): AskedRecord {
  const ref = ibmRef({ account, service: 's', type, id: 'x' });
  return { action: `${type}.use`, words: 'w', outcome, existed, resource: { ref, name: 'n', attributes: {} } };
}

function body(questions: readonly AskedRecord[], fault?: { kind: string; reason: string }): RecordBody {
  return {
    operation: 'o',
    outcome: fault === undefined ? 'done' : fault.kind === 'denied' ? 'denied' : 'failed',
    caller: { kind: 'user', id: 'IBMid-B', account: B, groups: ['AccessGroupId-1'] },
    name: 'someone@b.example',
    credential: { kind: 'bearer', id: 'session-1' },
    context: { 'environment.attributes.ip_address': '127.0.0.1' },
    asOf: 7,
    asked: questions,
    input: { secretly: 'named' },
    ...(fault ? { fault: { ...fault, message: 'm' } } : {}),
    wire: { call: 'POST /x', from: '127.0.0.1' },
  };
}

const denied = { kind: 'denied', reason: 'denied' };
const keyNotFound = { kind: 'not-found', reason: 'key-not-found' };
const disabled = { kind: 'state', reason: 'key-disabled' };

describe('what B may not be told of a call of its own', () => {
  const cases: [what: string, body: RecordBody, untold: boolean][] = [
    ['refused by A', body([asked(A, 'key', 'implicit-deny')], denied), true],
    ['refused by A, and nothing is there', body([asked(A, 'key', 'implicit-deny', false)], denied), true],
    ['allowed by A, but nothing is there', body([asked(A, 'key', 'allow', false)], keyNotFound), true],
    ['allowed by A, in the wrong state', body([asked(A, 'key', 'allow')], disabled), false],
    ['refused by B itself', body([asked(B, 'volume', 'implicit-deny')], denied), false],
    ['absent in B itself', body([asked(B, 'key', 'allow', false)], keyNotFound), false],
    ['the refusal of a nested call', body([asked(B, 'volume', 'allow', false)], denied), true],
    ['what a nested call did not find', body([asked(B, 'volume', 'allow', false)], keyNotFound), true],
    ['done', body([asked(A, 'key', 'allow')]), false],
  ];
  for (const [what, call, untold] of cases) {
    test(what, () => {
      assert.equal(isUntold(admin(B), call), untold);
      assert.equal(isUntold(operator, call), false);
    });
  }
});

describe('what B may not be told of calls on resources of AWS', () => {
  const aws = (account: string, service: string): AskedRecord => {
    const resource = { ref: awsResource({ account, service, type: 't', id: 'x' }), name: 'n', attributes: {} };
    return { action: `${service}-t.use`, words: 'w', outcome: 'allow', existed: false, resource };
  };
  const absent = (reason: string) => ({ kind: 'not-found', reason });
  const absences = { iam: 'NoSuchEntity', kms: 'NotFoundException', logs: 'ResourceNotFoundException' };
  for (const [service, reason] of Object.entries(absences)) {
    test(`of ${service}: whether there is one in another account, but not its own`, () => {
      assert.equal(isUntold(admin(B), body([aws(A, service)], absent(reason))), true);
      assert.equal(isUntold(admin(B), body([aws(B, service)], absent(reason))), false);
    });
  }
  const refused = body([aws(B, 'logs')], absent('NotFoundException'));
  test('what another service did not find, unless that is known to have been its own too', () => {
    assert.equal(isUntold(admin(B), refused), true);
    assert.equal(isUntold(admin(B), refused, [body([aws(B, 'kms')], absent('NotFoundException'))]), false);
    assert.equal(isUntold(admin(B), refused, [body([aws(A, 'kms')], absent('NotFoundException'))]), true);
    const both = body([aws(A, 'kms'), aws(B, 'logs')], absent('NotFoundException'));
    assert.equal(isUntold(admin(B), both, [body([aws(B, 'kms')])]), true);
  });
});

describe('a call that B makes on a key of A', () => {
  const record = (content: RecordBody): StoredRecord => ({
    id: 'call-1',
    at: 0,
    account: B,
    sequence: 1,
    commit: 8,
    body: content as never,
    hash: '',
  });
  const refused = record(body([asked(A, 'key', 'implicit-deny')], denied));

  test('concerns both, and nobody else', () => {
    const content = body([asked(A, 'key', 'allow')]);
    assert.deepEqual(
      [A, B, C].map((account) => isParty(admin(account), content)),
      [true, true, false],
    );
  });

  test('shows A who asked, and nothing of how', () => {
    const { caller, ...rest } = showCall(refused, admin(A));
    assert.deepEqual(caller, { kind: 'user', id: 'IBMid-B', account: B });
    assert.deepEqual(Object.keys(rest).sort(), ['at', 'fault', 'id', 'operation', 'outcome']);
    assert.equal(rest.outcome, 'denied');
  });

  test('shows B how it asked, and one text for forbidden and absent', () => {
    const forbidden = showCall(refused, admin(B));
    const absent = showCall(record(body([asked(A, 'key', 'allow', false)], keyNotFound)), admin(B));
    assert.deepEqual(absent, forbidden);
    assert.equal(forbidden.outcome, 'refused');
    assert.equal(forbidden.caller.name, 'someone@b.example');
    assert.equal(forbidden.wire?.call, 'POST /x');
  });

  test('does not tell A how it ended when others had a say', () => {
    const mixed = record(body([asked(A, 'key', 'allow'), asked(C, 'bucket', 'implicit-deny')], denied));
    const shown = showCall(mixed, admin(A));
    assert.deepEqual([shown.outcome, shown.fault], [undefined, undefined]);
  });
});
