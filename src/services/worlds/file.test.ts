import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadWorld, parseWorld } from './file.ts';

const A = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf';
const B = 'b0b1b2b3b4b5b6b7b8b9babbbcbdbebf';

test('the world of DESIGN.md section 6', () => {
  const world = parseWorld(
    `
accounts:
  - id: ${A}
    name: main
    owner: { email: ops@main.example, apiKey: main-owner-api-key-000000000000000001 }
  - id: "111122223333"
    name: prod
    owner: { accessKeyId: AKIAEXAMPLEPROD00001, secretAccessKey: prod-secret-0000000000000000000000000001 }
    users:
      - { name: admin, accessKeyId: AKIAEXAMPLEPROD00002, secretAccessKey: prod-secret-0000000000000000000000000002, policies: { admin: { Version: "2012-10-17", Statement: [] } } }
enterprises:
  - { name: acme, account: ${A}, children: [] }
organizations:
  - { id: o-exampleorgid, management: "111122223333", members: [] }
`,
    'world.yaml',
  );
  assert.deepEqual(world.ibm, [
    {
      id: A,
      name: 'main',
      owner: { email: 'ops@main.example', apiKey: 'main-owner-api-key-000000000000000001' },
      users: [],
      serviceIds: [],
    },
  ]);
  assert.equal(world.aws[0]!.users[0]!.name, 'admin');
  assert.deepEqual(world.aws[0]!.users[0]!.policies, { admin: { Version: '2012-10-17', Statement: [] } });
  assert.deepEqual(world.enterprises, [{ name: 'acme', account: A, children: [] }]);
  assert.deepEqual(world.organizations, [{ id: 'o-exampleorgid', management: '111122223333', members: [] }]);
});

test('a file without accounts is a world without accounts', () => {
  assert.deepEqual(parseWorld('', 'w').ibm, []);
  assert.deepEqual(parseWorld('accounts: []', 'w').aws, []);
});

test('users may have policies, by the names of roles', () => {
  const text = account(
    '    users:\n      - { email: c@d.example, policies: [{ roles: [Viewer, Manager], resource: { serviceName: kms } }] }\n',
  );
  assert.deepEqual(parseWorld(text, 'w').ibm[0]!.users[0]!.policies, [
    { roles: ['Viewer', 'Manager'], resource: { serviceName: 'kms' } },
  ]);
});

const account = (rest: string): string =>
  `accounts:\n  - id: ${A}\n    name: main\n    owner: { email: a@b.example }\n${rest}`;
const bad: readonly [string, string, RegExp][] = [
  ['broken YAML', 'accounts: [', /`w.yaml` line 1: /],
  ['an unknown field', account('    colour: red\n'), /line 5, `accounts\[0\].colour`: there is no such field/],
  ['an unknown top-level field', 'acounts: []\n', /line 1, `acounts`: there is no such field/],
  ['a missing name', `accounts:\n  - id: ${A}\n    owner: { email: a@b.example }\n`, /line 2, `accounts\[0\].name`/],
  [
    'no e-mail',
    `accounts:\n  - id: ${A}\n    name: x\n    owner: { email: me }\n`,
    /line 4, `accounts\[0\].owner.email`: must be an e-mail address/,
  ],
  [
    'an id of neither cloud',
    'accounts:\n  - id: abc\n    name: x\n    owner: {}\n',
    /line 2, `accounts\[0\].id`: must be 32 hex digits/,
  ],
  [
    'an id without quotes',
    'accounts:\n  - id: 111122223333\n    name: x\n    owner: {}\n',
    /line 2, `accounts\[0\].id`: must be text/,
  ],
  [
    'an id twice',
    `${account('')}  - id: ${A}\n    name: again\n    owner: { email: a@b.example }\n`,
    /line 5, `accounts\[1\].id`: .* twice/,
  ],
  [
    'a short API key',
    account('    users:\n      - email: c@d.example\n        apiKey: short\n'),
    /line 7, `accounts\[0\].users\[0\].apiKey`: must have at least 32/,
  ],
  [
    'a stranger in an enterprise',
    `${account('')}enterprises:\n  - name: e\n    account: ${B}\n`,
    /line 7, `enterprises\[0\].account`: .* not among/,
  ],
  [
    'an organization of IBM accounts',
    `${account('')}organizations:\n  - { id: o-exampleorgid, management: ${A} }\n`,
    /`organizations\[0\].management`: .* not an AWS account/,
  ],
  [
    'a role that there is not',
    account(
      '    users:\n      - email: c@d.example\n        policies:\n          - { roles: [King], resource: { serviceName: kms } }\n',
    ),
    /line 8, `accounts\[0\].users\[0\].policies\[0\]`: there is no role `King` here: use .*Viewer/,
  ],
  [
    'a policy for nothing',
    account('    users:\n      - { email: c@d.example, policies: [{ roles: [Viewer], resource: {} }] }\n'),
    /line 6, `accounts\[0\].users\[0\].policies\[0\]`/,
  ],
  ['a list instead of a mapping', '- a\n- b\n', /line 1/],
];
for (const [what, text, message] of bad) {
  test(`refused: ${what}`, () => {
    assert.throws(
      () => parseWorld(text, 'w.yaml'),
      (error: unknown) => error instanceof BadWorld && message.test(error.message),
    );
  });
}
