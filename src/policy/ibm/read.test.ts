import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBody, fromV1, fromV2, versionOf } from './read.ts';
import { isV2Only, toV1, toV2 } from './views.ts';

const A = '4f1d0c6e8b2a47d39e5f60718293a4b5';
const READER = 'crn:v1:bluemix:public:iam::::serviceRole:Reader';
const DELEGATOR = 'crn:v1:bluemix:public:iam::::role:AuthorizationDelegator';

const v1 = {
  type: 'authorization',
  description: 'B may use the keys of A',
  subjects: [
    {
      attributes: [
        { name: 'serviceName', value: 'server-protect' },
        { name: 'accountId', value: A },
      ],
    },
  ],
  roles: [{ role_id: DELEGATOR }, { role_id: READER }],
  resources: [
    {
      attributes: [
        { name: 'serviceName', operator: 'stringEquals', value: 'kms' },
        { name: 'accountId', operator: 'stringEquals', value: A },
        { name: 'keyRing', operator: 'stringMatch', value: 'team-*' },
      ],
    },
  ],
};

const v2 = {
  type: 'authorization',
  description: 'B may use the keys of A',
  subject: {
    attributes: [
      { key: 'serviceName', operator: 'stringEquals', value: 'server-protect' },
      { key: 'accountId', operator: 'stringEquals', value: A },
    ],
  },
  resource: {
    attributes: [
      { key: 'serviceName', operator: 'stringEquals', value: 'kms' },
      { key: 'accountId', operator: 'stringEquals', value: A },
      { key: 'keyRing', operator: 'stringMatch', value: 'team-*' },
    ],
  },
  control: { grant: { roles: [{ role_id: DELEGATOR }, { role_id: READER }] } },
};

const policyOf = (parsed: ReturnType<typeof fromV1>) => {
  assert.deepEqual(parsed.problems, []);
  assert.ok(parsed.policy);
  return parsed.policy;
};
const pathsOf = (parsed: ReturnType<typeof fromV1>) => parsed.problems.map((p) => p.path);

test('both versions read to the same policy, and each is given back in the order it was sent', () => {
  assert.deepEqual(policyOf(fromV1(v1)), policyOf(fromV2(v2)));
  assert.deepEqual(toV2(policyOf(fromV1(v1))), v2);
  const back = toV1(policyOf(fromV2(v2)));
  assert.deepEqual(back.subjects, v1.subjects);
  assert.deepEqual(back.resources, v1.resources);
  assert.deepEqual(
    back.roles.map((r) => [r.role_id, r.display_name]),
    [
      [DELEGATOR, 'Authorization Delegator'],
      [READER, 'Reader'],
    ],
  );
});

test('v1 takes stringEquals where no operator is sent', () => {
  const [first] = v1.resources;
  const bare = {
    ...v1,
    resources: [{ attributes: first!.attributes.slice(0, 2).map(({ name, value }) => ({ name, value })) }],
  };
  assert.deepEqual(
    policyOf(fromV1(bare)).resource.map((a) => a.operator),
    ['stringEquals', 'stringEquals'],
  );
});

test('a policy that only v2 can express is a placeholder in v1', () => {
  const attributes = [...v2.resource.attributes.slice(0, 2), { key: 'keyRing', operator: 'stringExists', value: true }];
  const policy = policyOf(fromV2({ ...v2, resource: { attributes } }));
  assert.equal(isV2Only(policy), true);
  assert.equal(isV2Only(policyOf(fromV2(v2))), false);
  assert.deepEqual(
    toV1(policy).roles.map((r) => r.role_id),
    ['crn:v1:bluemix:public:iam::::role:UnsupportedVersion'],
  );
  assert.equal(toV2(policy).resource.attributes[2]?.value, true);
});

test('the version of a body is seen from its fields', () => {
  assert.equal(versionOf(v1), 'v1');
  assert.equal(versionOf(v2), 'v2');
  assert.deepEqual(fromBody(v1), fromV1(v1));
  assert.deepEqual(fromBody(v2), fromV2(v2));
});

test('what a reply adds may be sent back; what is unknown may not', () => {
  assert.deepEqual(pathsOf(fromV1({ ...v1, id: 'x', href: 'y', state: 'active', created_at: 'z' })), []);
  assert.deepEqual(pathsOf(fromV1({ ...v1, effect: 'deny' })), ['effect']);
  assert.deepEqual(pathsOf(fromV1({ ...v1, rule: {} })).includes('rule'), true);
});

test('wrong shapes are told by path', () => {
  const cases: readonly [unknown, string][] = [
    [[], ''],
    [null, ''],
    ['{}', ''],
    [{ ...v1, type: 'allow' }, 'type'],
    [{ ...v1, type: undefined }, 'type'],
    [{ ...v1, subjects: [] }, 'subjects'],
    [{ ...v1, subjects: { attributes: [] } }, 'subjects'],
    [{ ...v1, subjects: [...v1.subjects, ...v1.subjects] }, 'subjects'],
    [{ ...v1, resources: [{ attributes: [] }] }, 'resources[0].attributes'],
    [{ ...v1, resources: [{ attributes: [{ name: 'accountId' }] }] }, 'resources[0].attributes[0].value'],
    [{ ...v1, resources: [{ attributes: [{ name: 'accountId', value: 5 }] }] }, 'resources[0].attributes[0].value'],
    [{ ...v1, resources: [{ attributes: ['accountId'] }] }, 'resources[0].attributes[0]'],
    [
      { ...v1, resources: [{ attributes: Array(101).fill(v1.resources[0]!.attributes[0]) }] },
      'resources[0].attributes',
    ],
    [{ ...v1, roles: [] }, 'roles'],
    [{ ...v1, roles: ['Reader'] }, 'roles[0].role_id'],
    [{ ...v1, description: 7 }, 'description'],
  ];
  for (const [body, path] of cases) assert.equal(pathsOf(fromV1(body))[0], path, JSON.stringify(body));
  assert.deepEqual(pathsOf(fromV2({ ...v2, control: {} })), ['control.grant.roles']);
});

test('an attribute in the words of the other version is told apart', () => {
  const swapped = { ...v1, resources: [{ attributes: [{ key: 'accountId', value: A }] }] };
  assert.equal(fromV1(swapped).problems.find((p) => p.meant === 'name')?.path, 'resources[0].attributes[0].name');
});

test('a rule that cannot be read takes the policy with it: without the rule it would grant more', () => {
  for (const rule of [7, [], {}, { operator: 'xor', conditions: [] }, { operator: 'and', conditions: [] }]) {
    assert.equal(fromV2({ ...v2, rule }).policy, undefined, JSON.stringify(rule));
  }
  const leaf = { key: '{{resource.attributes.path}}', operator: 'stringEquals', value: 'x' };
  const nest = (rule: unknown, depth: number): unknown =>
    depth === 0 ? rule : { operator: 'and', conditions: [nest(rule, depth - 1)] };
  assert.ok(fromV2({ ...v2, rule: nest(leaf, 2) }).policy);
  assert.equal(fromV2({ ...v2, rule: nest(leaf, 3) }).policy, undefined);
  assert.equal(fromV2({ ...v2, rule: nest(leaf, 1000) }).policy, undefined);
});
