import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allows } from '../../../test/policy-ibm/slow.ts';
import { accounts, policy, world } from '../../../test/policy-ibm/worlds.ts';
import { decide } from '../decide.ts';
import { explain } from '../explain.ts';
import type { Layer, Question } from '../model.ts';
import { bucketsFor, bucketsOf } from './buckets.ts';
import { accessRoles, authorizationRoles, grants } from './catalogue/catalogue.ts';
import { compile } from './compile.ts';
import type { IbmPolicy } from './document.ts';
import { fromBody, fromV1, fromV2 } from './read.ts';
import { smallestGrant } from './repair.ts';
import { fingerprint, sameGrant } from './same.ts';
import { validate } from './validate.ts';
import { isV2Only, toV1, toV2 } from './views.ts';

/** The policies of the resource's account; those for identities count where the identity acts. */
function layersOf(policies: readonly IbmPolicy[], { caller, resource }: Question): Layer[] {
  const { account } = resource.ref;
  const of = (type: IbmPolicy['type']) =>
    policies
      .flatMap((p, i) => (p.type === type ? compile(p, `p${i}`).statements : []))
      .filter((s) => s.origin.account === account);
  return [
    { kind: 'access', account, statements: caller.account === account ? of('access') : [], may: 'grant' },
    { kind: 'authorization', account, statements: of('authorization'), may: 'grant' },
  ];
}

const answer = (policies: readonly IbmPolicy[], asked: Question) => decide(asked, layersOf(policies, asked));

test('the engine answers as the slow evaluator does', () => {
  let allowed = 0;
  fc.assert(
    fc.property(world, ({ policies, asked }) => {
      const expected = policies.some((p) => allows(p, asked)) ? 'allow' : 'implicit-deny';
      if (expected === 'allow') allowed += 1;
      assert.equal(answer(policies, asked), expected);
      assert.equal(explain(asked, layersOf(policies, asked)).outcome, expected);
    }),
    { numRuns: 1500 },
  );
  assert.ok(allowed > 50, `only ${allowed} questions were allowed: the generators have drifted apart`);
});

test('a policy that matches a question is filed where the question looks', () => {
  let matched = 0;
  fc.assert(
    fc.property(world, ({ policies, asked }) => {
      const looked = bucketsFor(asked);
      const groups = asked.caller.groups?.length ?? 0;
      assert.ok(looked.length <= (asked.caller.kind === 'service' ? 64 : 4 * (1 + groups)), `${looked.length} keys`);
      for (const one of policies.filter((p) => allows(p, asked))) {
        matched += 1;
        const filed = bucketsOf(one);
        assert.ok(
          filed.some((key) => looked.includes(key)),
          `${filed} is not among\n${looked.join('\n')}`,
        );
      }
    }),
    { numRuns: 2000 },
  );
  assert.ok(matched > 100, `only ${matched} policies matched: the generators have drifted apart`);
});

test('asking only the policies of the buckets gives the same answer', () => {
  fc.assert(
    fc.property(world, ({ policies, asked }) => {
      const looked = new Set(bucketsFor(asked));
      const found = policies.filter((p) => bucketsOf(p).some((key) => looked.has(key)));
      assert.equal(answer(found, asked), answer(policies, asked));
    }),
    { numRuns: 500 },
  );
});

test('order never matters, and a policy more never takes a right away', () => {
  fc.assert(
    fc.property(world, policy, ({ policies, asked }, more) => {
      const before = answer(policies, asked);
      assert.equal(answer([...policies].reverse(), asked), before);
      if (before === 'allow') assert.equal(answer([more, ...policies], asked), 'allow');
    }),
    { numRuns: 500 },
  );
});

test('a policy reads back from its views as the same grant', () => {
  fc.assert(
    fc.property(policy, (one) => {
      const v2 = fromV2(JSON.parse(JSON.stringify(toV2(one))));
      assert.deepEqual(v2.problems, []);
      assert.deepEqual(v2.policy, one);
      const v1 = fromV1(JSON.parse(JSON.stringify(toV1(one))));
      if (!isV2Only(one)) assert.deepEqual(v1.policy, one);
    }),
  );
});

test('grants are the same in any order, and not when anything differs', () => {
  fc.assert(
    fc.property(policy, policy, (one, other) => {
      const turned = {
        ...one,
        description: 'x',
        resource: [...one.resource].reverse(),
        roles: [...one.roles].reverse(),
      };
      assert.ok(sameGrant(one, turned));
      assert.ok(!sameGrant(one, { ...one, roles: [...one.roles, 'another'] }));
      assert.ok(!sameGrant(one, { ...one, subject: one.subject.slice(1) }));
      const condition = { key: '{{resource.attributes.path}}', operator: 'stringEquals', value: 'x' };
      assert.ok(!sameGrant(one, { ...one, rule: condition }));
      const equal = JSON.stringify({ ...one }) === JSON.stringify({ ...other });
      if (equal) assert.equal(fingerprint(one), fingerprint(other));
    }),
  );
});

test('the smallest grant is valid, allows the question, and little else', () => {
  let repaired = 0;
  fc.assert(
    fc.property(world, ({ policies, asked }) => {
      const { account } = asked.resource.ref;
      const verdict = explain(asked, layersOf(policies, asked));
      const grant = smallestGrant(asked, verdict);
      if (verdict.outcome === 'allow') return assert.equal(grant, undefined);
      if (grant === undefined) return assert.ok(!offered(asked), 'a role that holds the action is offered');
      repaired += 1;
      assert.equal(grant.account, account);
      assert.deepEqual(validate(grant.policy, 'v1'), []);
      assert.deepEqual(validate(grant.policy, 'v2'), []);
      assert.deepEqual(fromV1(JSON.parse(JSON.stringify(grant.v1))).policy, grant.policy);
      assert.deepEqual(fromV2(JSON.parse(JSON.stringify(grant.v2))).policy, grant.policy);
      assert.equal(answer([...policies, grant.policy], asked), 'allow');
      assert.equal(answer([grant.policy], asked), 'allow');
      for (const other of neighbours(asked)) assert.equal(answer([grant.policy], other), 'implicit-deny');
    }),
    { numRuns: 1000 },
  );
  assert.ok(repaired > 100, `only ${repaired} questions could be repaired`);
});

/** Whether the vendor offers any role that would allow the question. */
function offered({ caller, resource, action }: Question): boolean {
  const service = resource.ref.service;
  if (caller.kind !== 'service' && caller.account !== resource.ref.account) return false;
  const roles =
    caller.kind === 'service' ? authorizationRoles(service, caller.attributes?.['serviceName']) : accessRoles(service);
  return roles.some((role) => grants(role.crn, service).has(action));
}

/** The same question from somebody else, of another resource, instance or account. */
function neighbours(asked: Question): Question[] {
  const { caller, resource } = asked;
  const { attributes } = resource;
  const at = (changed: Record<string, string>): Question => ({
    ...asked,
    resource: { ...resource, attributes: { ...attributes, ...changed } },
  });
  const elsewhere = accounts.find((account) => account !== resource.ref.account) ?? '';
  const own = Object.keys(attributes).filter((name) => name === 'resource' || /^(volume|snapshot|share)Id$/.test(name));
  const source = caller.attributes ?? {};
  const other = accounts.find((account) => account !== source['accountId']) ?? '';
  const callers =
    caller.kind === 'service'
      ? [
          { ...caller, account: other, attributes: { ...source, accountId: other } },
          { ...caller, attributes: { ...source, serviceName: 'toolchain' } },
          ...(source['serviceInstance'] ? [{ ...caller, attributes: { ...source, serviceInstance: 'i9' } }] : []),
        ]
      : [{ ...caller, id: 'IBMid-9' }];
  return [
    at({ accountId: elsewhere }),
    ...(attributes['serviceInstance'] ? [at({ serviceInstance: 'i9' })] : []),
    ...(attributes['resource'] ? [at(Object.fromEntries(own.map((name) => [name, 'r9'])))] : []),
    ...callers.map((c): Question => ({ ...asked, caller: c })),
  ];
}

test('nothing that is sent makes reading, judging, filing or compiling fail', () => {
  const attribute = fc.record(
    { name: fc.string(), key: fc.string(), operator: fc.anything(), value: fc.anything() },
    { requiredKeys: [] },
  );
  const list = fc.array(fc.record({ attributes: fc.oneof(fc.array(attribute), fc.anything()) }, { requiredKeys: [] }));
  const body = fc.oneof(
    fc.anything(),
    fc.record(
      {
        type: fc.constantFrom('access', 'authorization', '__proto__'),
        subjects: list,
        resources: list,
        subject: fc.record({ attributes: fc.array(attribute) }),
        resource: fc.record({ attributes: fc.array(attribute), tags: fc.array(attribute) }),
        roles: fc.array(fc.record({ role_id: fc.oneof(fc.string(), fc.anything()) })),
        control: fc.anything(),
        rule: fc.anything(),
        pattern: fc.anything(),
      },
      { requiredKeys: ['type'] },
    ),
  );
  fc.assert(
    fc.property(body, (sent) => {
      const { policy: read, problems } = fromBody(sent);
      assert.ok(read !== undefined || problems.length > 0);
      if (read === undefined) return;
      for (const version of ['v1', 'v2'] as const) validate(read, version);
      const { statements, skipped } = compile(read, 'x');
      assert.equal(statements.length === 0, skipped !== undefined);
      bucketsOf(read);
    }),
    { numRuns: 1000 },
  );
});
