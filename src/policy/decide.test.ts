/** What cases cannot say: layers as a plane makes them, indexes, hostile names, and what explanations hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from './decide.ts';
import { explain } from './explain.ts';
import { compileStatements } from './layers.ts';
import type { Caller, Layer, PrincipalPattern, Question, Statement } from './model.ts';
import { awsRef } from './names.ts';

const OWN = '111111111111';
const ANA: Caller = { kind: 'user', id: `arn:aws:iam::${OWN}:user/ana`, account: OWN };

function statement(fields: Partial<Statement> = {}): Statement {
  return {
    effect: 'allow',
    principals: { kind: 'anyone' },
    actions: { kind: 'exact', names: new Set(['s3:getobject']) },
    resources: { kind: 'any' },
    conditions: [],
    origin: { account: OWN, policy: 'p', statement: '0', text: '' },
    ...fields,
  };
}

const layer = (kind: Layer['kind'], statements: readonly Statement[], may: Layer['may'] = 'both'): Layer => ({
  kind,
  account: OWN,
  statements,
  may,
});

function question(fields: Partial<Question> = {}): Question {
  const name = 'arn:aws:s3:::box/a';
  return {
    caller: ANA,
    action: 's3:GetObject',
    resource: { ref: awsRef(name, OWN), name, attributes: {} },
    context: {},
    ...fields,
  };
}

test('of several layers that grant one is enough; of several that limit each must allow', () => {
  const other = statement({ actions: { kind: 'exact', names: new Set(['s3:putobject']) } });
  const identities = [layer('identity', [other]), layer('identity', [statement()])];
  assert.equal(decide(question(), identities), 'allow');
  assert.equal(decide(question(), identities.slice(0, 1)), 'implicit-deny');
  const boundary = layer('boundary', [statement()], 'limit');
  assert.equal(decide(question(), [...identities, boundary]), 'allow');
  assert.equal(decide(question(), [...identities, boundary, layer('boundary', [other], 'limit')]), 'implicit-deny');
});

test('a service that acts in an account is not a principal of that account', () => {
  const caller: Caller = { kind: 'service', id: 'logs.amazonaws.com', account: OWN };
  const named = (principals: PrincipalPattern) =>
    decide(question({ caller }), [layer('resource', [statement({ principals })])]);
  assert.equal(named({ kind: 'account', account: OWN }), 'implicit-deny');
  assert.equal(named({ kind: 'service', name: 'logs.amazonaws.com', tests: [] }), 'allow');
});

test('a statement is found in an index under whatever it requires', () => {
  const filler = Array.from({ length: 50 }, (_, n) =>
    statement({ principals: { kind: 'exact', id: `arn:aws:iam::${OWN}:user/u${n}` } }),
  );
  const wanted: readonly Partial<Statement>[] = [
    { principals: { kind: 'exact', id: ANA.id } },
    { principals: { kind: 'account', account: OWN } },
    {
      principals: {
        kind: 'any-of',
        of: [
          { kind: 'service', name: 'x', tests: [] },
          { kind: 'exact', id: ANA.id },
        ],
      },
    },
    { actions: { kind: 'wildcard', patterns: ['s3:get*', 'ec2:*'] } },
    { actions: { kind: 'not', of: { kind: 'exact', names: new Set(['s3:putobject']) } } },
    { resources: { kind: 'names', patterns: ['arn:aws:sqs:::q', 'arn:aws:s3:::box/a'] } },
    { resources: { kind: 'names', patterns: ['arn:aws:s3:::box/*'] } },
    { resources: { kind: 'not', of: { kind: 'names', patterns: ['arn:aws:s3:::other'] } } },
    {},
  ];
  for (const fields of wanted) {
    const layers = [layer('identity', [...filler, statement(fields)])];
    for (const time of ['listed', 'filed'])
      assert.equal(decide(question(), layers), 'allow', `${time}: ${JSON.stringify(fields)}`);
    assert.equal(decide(question(), [layer('identity', filler)]), 'implicit-deny');
  }
});

test('an index asks few of many statements', () => {
  const many = Array.from({ length: 1000 }, (_, n) =>
    statement({ resources: { kind: 'names', patterns: [`arn:aws:s3:::box-${n}/*`] } }),
  );
  compileStatements(many);
  const { allows } = compileStatements(many);
  assert.equal(allows.unfiled.length, 0);
  assert.equal(allows.prefixes?.entries.length, 1000);
});

test('names that every object has decide nothing', () => {
  const conditions: Statement['conditions'] = [{ kind: 'test', operator: 'Null', key: '__proto__', values: ['false'] }];
  assert.equal(decide(question(), [layer('identity', [statement({ conditions })])]), 'implicit-deny');
  const resources: Statement['resources'] = {
    kind: 'attributes',
    tests: [{ name: 'constructor', operator: 'stringExists', value: 'true' }],
  };
  assert.equal(decide(question(), [layer('identity', [statement({ resources })])]), 'implicit-deny');
});

test('an operator that nobody knows never holds', () => {
  const conditions: Statement['conditions'] = [
    { kind: 'test', operator: 'StringIs', key: 'aws:x', values: ['y'], ifExists: true },
  ];
  assert.equal(decide(question(), [layer('identity', [statement({ conditions })])]), 'implicit-deny');
  assert.equal(decide(question(), [layer('identity', [statement()])]), 'allow');
});

test('a near miss tells what else failed', () => {
  const conditions: Statement['conditions'] = ['aws:a', 'aws:b', 'aws:c'].map((key) => ({
    kind: 'test',
    operator: 'StringEquals',
    key,
    values: ['yes'],
  }));
  const because = (context: Record<string, string>) =>
    explain(question({ context }), [layer('resource', [statement({ conditions })])]).sides[0]?.layers[0]?.because[0];
  const one = because({ 'aws:a': 'no', 'aws:b': 'yes' });
  assert.deepEqual([one?.failed?.key, one?.alsoFailed?.map(({ key }) => key)], ['aws:a', ['aws:c']]);
  assert.equal(because({ 'aws:a': 'yes', 'aws:b': 'yes' })?.alsoFailed, undefined);
});

test('reasons come in the order of the policies, however often they are asked for', () => {
  const named = ['arn:aws:s3:::box/a', '*', 'arn:aws:s3:::box/*', '*', 'arn:*', '*', 'arn:aws:s3:::box/a', '*'];
  const statements = named.map((pattern, n) =>
    statement({
      resources: { kind: 'names', patterns: [pattern] },
      origin: { account: OWN, policy: 'p', statement: String(n), text: '' },
    }),
  );
  const layers = [layer('identity', statements)];
  const reasons = () => explain(question(), layers).sides[0]?.layers[0]?.because.map(({ origin }) => origin.statement);
  const origins = named.map((_, n) => String(n));
  for (const time of ['first', 'second', 'third']) assert.deepEqual(reasons(), origins, time);
});

test('a near miss tells the first element that failed, with what was expected and what was there', () => {
  const conditions: Statement['conditions'] = [
    { kind: 'test', operator: 'StringEquals', key: 'aws:username', values: ['bob'], quantifier: 'any', ifExists: true },
  ];
  const asked = question({ context: { 'aws:username': 'ana' } });
  const failed = (fields: Partial<Statement>) =>
    explain(asked, [layer('resource', [statement(fields)])]).sides[0]?.layers[0]?.because[0]?.failed;
  assert.deepEqual(failed({ conditions }), {
    element: 'condition',
    key: 'aws:username',
    operator: 'ForAnyValue:StringEqualsIfExists',
    expected: ['bob'],
    got: ['ana'],
  });
  const missing = failed({ conditions: [{ kind: 'test', operator: 'Bool', key: 'aws:mfa', values: ['true'] }] });
  assert.deepEqual(missing, { element: 'condition', key: 'aws:mfa', operator: 'Bool', expected: ['true'] });
  assert.equal(failed({ principals: { kind: 'exact', id: 'x' }, conditions })?.element, 'principal');
  assert.deepEqual(failed({ actions: { kind: 'wildcard', patterns: ['ec2:*'] } })?.expected, ['ec2:*']);
  assert.deepEqual(failed({ resources: { kind: 'names', patterns: ['arn:aws:s3:::other'] } })?.got, [
    'arn:aws:s3:::box/a',
  ]);
});

test('near misses come with the fewest failures first, and not all of them', () => {
  const far = Array.from({ length: 20 }, (_, n) =>
    statement({
      actions: { kind: 'exact', names: new Set(['ec2:run']) },
      resources: { kind: 'names', patterns: [`arn:aws:s3:::other-${n}`] },
      origin: { account: OWN, policy: 'far', statement: String(n), text: '' },
    }),
  );
  const near = statement({
    actions: { kind: 'exact', names: new Set(['s3:putobject']) },
    origin: { account: OWN, policy: 'near', statement: '0', text: '' },
  });
  const because = explain(question(), [layer('identity', [...far, near])]).sides[0]?.layers[0]?.because ?? [];
  assert.equal(because[0]?.origin.policy, 'near');
  assert.ok(because.length < 10);
});

test('a verdict names both sides, why a layer does not apply, and what is missing', () => {
  const asked = question({ caller: { ...ANA, id: 'arn:aws:iam::222222222222:user/ana', account: '222222222222' } });
  const foreign: Layer = { kind: 'guardrail', account: OWN, statements: [], may: 'limit' };
  const verdict = explain(asked, [layer('resource', [statement()]), foreign]);
  assert.deepEqual(
    verdict.sides.map((side) => [side.role, side.account, side.outcome]),
    [
      ['principal', '222222222222', 'implicit-deny'],
      ['resource', OWN, 'allow'],
    ],
  );
  assert.equal(verdict.sides[0]?.layers[0]?.outcome, 'not-applicable');
  assert.match(verdict.sides[0]?.layers[0]?.note ?? '', /principal's account only/);
  assert.deepEqual(verdict.missing, { kind: 'allow', account: '222222222222', layer: 'identity' });
});
