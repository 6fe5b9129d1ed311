import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reason } from '../policy/model.ts';
import { namesIn, reasonWithNames } from './names.ts';

const ANA = 'arn:aws:iam::111122223333:user/ana';
const ROLE = 'arn:aws:iam::111122223333:role/reader';
const names = new Map([
  ['AIDAANA', ANA],
  ['AROAREADER', ROLE],
]);
const reason = (text: object, failed?: Reason['failed']): Reason => ({
  origin: { account: 'a', policy: 'p', statement: '0', text: JSON.stringify(text) },
  effect: 'allow',
  matched: failed === undefined,
  ...(failed ? { failed } : {}),
});
const textOf = (text: object): unknown => JSON.parse(reasonWithNames(reason(text), names).origin.text);

test('the ids that occur are looked up, each once', async () => {
  const asked: string[] = [];
  const found = await namesIn({ a: 'user AIDAANA', b: ['AIDAANA', 'AROAGONE:session', 'AKIANOID'] }, async (id) => {
    asked.push(id);
    return names.get(id);
  });
  assert.deepEqual(asked, ['AIDAANA', 'AROAGONE']);
  assert.deepEqual([...found], [['AIDAANA', ANA]]);
});

test('principals of statements and grants are named, nothing else of them', () => {
  const rest = { Effect: 'Allow', Resource: 'AIDAANA', Condition: { StringEquals: { 'aws:userid': 'AIDAANA' } } };
  assert.deepEqual(textOf({ ...rest, Principal: { AWS: ['AIDAANA', 'AROAGONE', '111122223333'] } }), {
    ...rest,
    Principal: { AWS: [ANA, 'AROAGONE', '111122223333'] },
  });
  assert.deepEqual(textOf({ ...rest, NotPrincipal: { AWS: 'AROAREADER' } }), {
    ...rest,
    NotPrincipal: { AWS: ROLE },
  });
  const grant = { id: 'AIDAANA', operations: ['Encrypt'] };
  assert.deepEqual(textOf({ ...grant, grantee: 'AIDAANA', retiring: 'AROAREADER' }), {
    ...grant,
    grantee: ANA,
    retiring: ROLE,
  });
});

test('a text that is no JSON stays as it is', () => {
  const told = { ...reason({}), origin: { account: 'a', policy: 'p', statement: '0', text: 'AIDAANA may do this' } };
  assert.deepEqual(reasonWithNames(told, names), told);
});

const failedWith = (expected: string[], got: string[]) =>
  reasonWithNames(reason({}, { element: 'principal', expected, got }), names).failed;

test('whom a statement means is named, and so is who asked', () => {
  const session = 'arn:aws:sts::111122223333:assumed-role/reader/s';
  assert.deepEqual(failedWith(['not user AIDAANA'], [session, 'AROAREADER']), {
    element: 'principal',
    expected: [`not ${ANA}`],
    got: [session, ROLE],
  });
  assert.deepEqual(failedWith(['role AROAREADER'], [ANA, 'AIDAANA'])?.got, [ANA]);
});

test('where someone is meant who is gone, the id of who asked stays', () => {
  assert.deepEqual(failedWith(['user AIDAGONE', 'role AROAREADER'], [ANA, 'AIDAANA']), {
    element: 'principal',
    expected: ['user AIDAGONE', ROLE],
    got: [ANA, 'AIDAANA'],
  });
});
