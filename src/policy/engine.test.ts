/** The engine and the plain evaluator answer alike, and the engine does with changed policies what it must. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadCase } from './case.ts';
import { decide } from './decide.ts';
import { explain } from './explain.ts';
import type { Outcome } from './model.ts';
import { evaluate } from './plain/evaluate.ts';
import { uniqueIdOf, world } from './plain/generate.ts';
import type { PlainDocument, PlainStatement, PlainWorld } from './plain/world.ts';

const RUNS = Number(process.env['POLICY_RUNS'] ?? 2000);

const caseOf = (given: PlainWorld) => loadCase({ name: 'generated', ...given });

function outcomeOf(given: PlainWorld): Outcome {
  const { question, layers, facts } = caseOf(given);
  return decide(question, layers, facts);
}

test('the engine answers as the plain evaluator does, and explains what it answers', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.boolean().chain(world), (given) => {
      const { question, layers, facts, problems } = caseOf(given);
      assert.deepEqual(problems, []);
      const expected = evaluate(given);
      seen.set(expected, (seen.get(expected) ?? 0) + 1);
      const first = decide(question, layers, facts);
      assert.equal(first, expected);
      // The second time the statements are filed in an index.
      assert.equal(decide(question, layers, facts), expected);
      assert.equal(explain(question, layers, facts).outcome, expected);
    }),
    { numRuns: RUNS },
  );
  for (const outcome of ['allow', 'implicit-deny', 'explicit-deny']) {
    assert.ok((seen.get(outcome) ?? 0) > RUNS / 50, `too few worlds answer ${outcome}: ${seen.get(outcome) ?? 0}`);
  }
});

const without = (given: PlainWorld, field: 'boundary' | 'session' | 'vpce') => ({
  ...given,
  policies: { ...given.policies, [field]: null },
});

/** Worlds in which the same change is made; `check` compares the outcomes before and after. */
function holds(
  name: string,
  change: (given: PlainWorld, extra: PlainWorld) => PlainWorld,
  check: (before: Outcome, after: Outcome, given: PlainWorld) => void,
) {
  test(name, () => {
    fc.assert(
      fc.property(fc.boolean().chain(world), world(), (given, extra) => {
        check(outcomeOf(given), outcomeOf(change(given, extra)), given);
      }),
      { numRuns: RUNS / 2 },
    );
  });
}

const neverTo = (from: 'allow' | 'deny') => (before: Outcome, after: Outcome) => {
  if (from === 'allow') assert.ok(before !== 'allow' || after === 'allow', `an allow became ${after}`);
  else assert.ok(before === 'allow' || after !== 'allow', `a ${before} became an allow`);
};
const same = (before: Outcome, after: Outcome) => assert.equal(after, before);

holds(
  'a deny added never turns deny to allow',
  (given, extra) => {
    const denies = extra.policies.identity.map((document) =>
      withStatements(document, (s) => ({ ...s, Effect: 'Deny' })),
    );
    return { ...given, policies: { ...given.policies, identity: [...given.policies.identity, ...denies] } };
  },
  neverTo('deny'),
);

const allowsOnly = (document: PlainDocument): PlainDocument =>
  withStatements(document, (s) => ({ ...s, Effect: 'Allow' }));

holds(
  'an allow added to identity, resource or grants never turns allow to deny',
  (given, extra) => {
    const { identity, resource, grants } = extra.policies;
    const added =
      resource && given.policies.resource?.Version === resource.Version ? allowsOnly(resource).Statement : [];
    return {
      ...given,
      policies: {
        ...given.policies,
        identity: [...given.policies.identity, ...identity.map(allowsOnly)],
        resource: given.policies.resource
          ? {
              ...given.policies.resource,
              Statement: [...given.policies.resource.Statement, ...added],
            }
          : null,
        grants: [...(given.policies.grants ?? []), ...(grants ?? [])],
      },
    };
  },
  neverTo('allow'),
);

const accountIn = (arn: string) => arn.split(':')[4] ?? '';

/** The id of the user or role with this ARN in every world; other names stay as they are. */
function idOf(name: string): string {
  if (name.endsWith(':user/ana')) return uniqueIdOf('user/ana', accountIn(name));
  return name.endsWith(':role/reader') ? uniqueIdOf('assumed-role/reader/ci', accountIn(name)) : name;
}

const withIds = <T>(principal: T): T =>
  JSON.parse(JSON.stringify(principal), (_, value: unknown) => (typeof value === 'string' ? idOf(value) : value));

const bound: Change = (statement) => ({
  ...statement,
  ...(statement.Principal === undefined ? {} : { Principal: withIds(statement.Principal) }),
  ...(statement.NotPrincipal === undefined ? {} : { NotPrincipal: withIds(statement.NotPrincipal) }),
});

holds(
  'a policy means the same when it names users and roles by their ids',
  (given) => {
    const { resource } = given.policies;
    return resource ? { ...given, policies: { ...given.policies, resource: withStatements(resource, bound) } } : given;
  },
  same,
);

for (const field of ['boundary', 'vpce'] as const) {
  holds(`removing the ${field} policy never turns allow to deny`, (given) => without(given, field), neverTo('allow'));
}
holds(
  "removing a role's session policy never turns allow to deny",
  (given) => (given.request.principal.includes('federated-user') ? given : without(given, 'session')),
  neverTo('allow'),
);
holds(
  'removing a level of guardrails never turns allow to deny',
  (given) => ({ ...given, policies: { ...given.policies, scps: (given.policies.scps ?? []).slice(1) } }),
  neverTo('allow'),
);
holds('order never matters', reversed, same);
holds('splitting statements changes nothing', split, same);
holds(
  'an account id and its root ARN mean the same',
  (given) => {
    const swapped = JSON.stringify(given.policies).replace(/"(\d{12})"/g, '"arn:aws:iam::$1:root"');
    return { ...given, policies: JSON.parse(swapped) as PlainWorld['policies'] };
  },
  same,
);
/** Without one side's policies, a call across accounts that was allowed no longer is. */
const crossing = (before: Outcome, after: Outcome, given: PlainWorld) => {
  const account = given.request.principal.split(':')[4];
  if (account === undefined || account === given.request.resourceAccount || /:root$/.test(given.request.principal))
    return;
  if (before === 'allow' && !/getcalleridentity/i.test(given.request.action)) assert.notEqual(after, 'allow');
};
holds(
  "a cross-account allow needs the resource's side",
  (given) => ({ ...given, policies: { ...given.policies, resource: null, grants: [] } }),
  crossing,
);
holds(
  "a cross-account allow needs the principal's side",
  (given) => ({ ...given, policies: { ...given.policies, identity: [], grants: [] } }),
  crossing,
);

type Change = (statement: PlainStatement) => PlainStatement;
const withStatements = (document: PlainDocument, change: Change): PlainDocument => ({
  ...document,
  Statement: document.Statement.map(change),
});

function everyDocument(given: PlainWorld, change: (document: PlainDocument) => PlainDocument): PlainWorld {
  const { policies } = given;
  const one = (document: PlainDocument | null | undefined) => (document ? change(document) : null);
  const levels = (of: PlainWorld['policies']['scps']) => (of ?? []).map((level) => level.map(change));
  return {
    ...given,
    policies: {
      identity: policies.identity.map(change),
      resource: one(policies.resource),
      boundary: one(policies.boundary),
      session: one(policies.session),
      vpce: one(policies.vpce),
      scps: levels(policies.scps),
      rcps: levels(policies.rcps),
      grants: policies.grants ?? [],
    },
  };
}

function reversed(given: PlainWorld): PlainWorld {
  const turned = everyDocument(given, (document) => ({ ...document, Statement: document.Statement.toReversed() }));
  return {
    ...turned,
    policies: {
      ...turned.policies,
      identity: turned.policies.identity.toReversed(),
      scps: (turned.policies.scps ?? []).toReversed(),
    },
  };
}

/** One statement for each action and resource. */
function split(given: PlainWorld): PlainWorld {
  return everyDocument(given, (document) => ({
    ...document,
    Statement: document.Statement.flatMap((statement) =>
      splitBy(statement, 'Action').flatMap((one) => splitBy(one, 'Resource')),
    ),
  }));
}

function splitBy(statement: PlainStatement, element: 'Action' | 'Resource'): readonly PlainStatement[] {
  const value = statement[element];
  return Array.isArray(value) ? value.map((one: string) => ({ ...statement, [element]: one })) : [statement];
}
