import assert from 'node:assert/strict';
import { test } from 'node:test';
import { A, faults, hints, kmsBody, READER, RESTORER, roles, source, target } from '../../../test/policy-ibm/bodies.ts';

interface Printed {
  readonly where: string;
  readonly body: unknown;
  readonly hints: readonly (readonly [path: string, typed: string, meant: string])[];
}

const restorer = [{ role_id: 'crn:v1:bluemix:public:iam::::role:SnapshotRemoteAccountRestorer' }];
const restoreHints = (source: string) =>
  [
    ['subjects[0].attributes[0].name', source, 'serviceName'],
    ['subjects[0].attributes[1].name', 'Remote-restorer-account', 'accountId'],
    ['resources[0].attributes[0].name', 'Snaphot-owner-account', 'accountId'],
    ['roles[0].role_id', 'crn:v1:bluemix:public:iam::::role:SnapshotRemoteAccountRestorer', RESTORER],
  ] as const;

/** The bodies as two pages of the vendor print them; where their JSON is broken, the braces alone were mended. */
const printed: readonly Printed[] = [
  {
    where: 'cross-account encryption (003)',
    body: {
      roles,
      resources: [
        {
          attributes: [
            { name: 'Account-A', operator: 'stringEquals', value: '<CRK-Account-A-ID>' },
            { name: 'Key-Protect', operator: 'stringEquals', value: 'kms' },
          ],
        },
      ],
      type: 'authorization',
      description: 'Reader and Delegator role for KeyProtect Service instance',
      subjects: [
        {
          attributes: [
            { name: 'Key-Protect', value: 'server-protect' },
            { name: 'Account-B', value: '<Account-B-ID>' },
          ],
        },
      ],
    },
    hints: [
      ['subjects[0].attributes[0].name', 'Key-Protect', 'serviceName'],
      ['subjects[0].attributes[1].name', 'Account-B', 'accountId'],
      ['resources[0].attributes[0].name', 'Account-A', 'accountId'],
      ['resources[0].attributes[1].name', 'Key-Protect', 'serviceName'],
    ],
  },
  ...['cross-account encryption, cli (004)', 'cross-account encryption, api (004)'].map((where) => ({
    where,
    body: {
      description: 'Reader and Delegator role for KeyProtect service instance',
      resources: [
        {
          attributes: [
            { name: 'Account-A-CRK', operator: 'stringEquals', value: '<CRK-Account-A-ID>' },
            { name: 'Hyper-Protect-Crypto-Services', operator: 'stringEquals', value: 'kms' },
          ],
        },
      ],
      roles,
      subjects: [
        {
          attributes: [
            { name: 'Cloud Block Storage', value: 'server-protect' },
            { name: 'Account-B', value: '<Account-B-ID>' },
          ],
        },
      ],
      type: 'authorization',
    },
    hints: [
      ['subjects[0].attributes[0].name', 'Cloud Block Storage', 'serviceName'],
      ['subjects[0].attributes[1].name', 'Account-B', 'accountId'],
      ['resources[0].attributes[0].name', 'Account-A-CRK', 'accountId'],
      ['resources[0].attributes[1].name', 'Hyper-Protect-Crypto-Services', 'serviceName'],
      ['resources[0].attributes[1].value', 'Hyper-Protect-Crypto-Services', 'hs-crypto'],
    ] as const,
  })),
  {
    where: 'encryption in one account, api (004)',
    body: {
      type: 'access',
      description: 'Reader role for the Block service to interact with the KeyProtect service.',
      subjects: [{ attributes: [{ name: 'Cloud Block Storage', value: 'server-protect' }] }],
      roles: [{ role_id: 'crn:v1:bluemix:public:iam::::role:Reader' }],
      resources: [{ attributes: [{ name: 'KeyProtect', value: 'kms' }] }],
    },
    hints: [
      ['subjects[0].attributes[0].name', 'Cloud Block Storage', 'serviceName'],
      ['resources[0].attributes[0].name', 'KeyProtect', 'serviceName'],
      ['roles[0].role_id', 'crn:v1:bluemix:public:iam::::role:Reader', READER],
      ['type', 'authorization', 'authorization'],
    ],
  },
  ...[
    { where: 'cross-account restore, cli (004)', source: 'Block Storage for VPC' },
    { where: 'cross-account restore, api (004)', source: 'BCloud Block Storage' },
  ].map(({ where, source }) => ({
    where,
    body: {
      type: 'authorization',
      description: 'Providing the Block Storage service access to restore from a Snapshot of another account ',
      subjects: [
        {
          attributes: [
            { name: source, value: 'server-protect' },
            { name: 'Remote-restorer-account', value: '<Remote-Restorer-Account-ID>' },
          ],
        },
      ],
      roles: restorer,
      resources: [
        {
          attributes: [
            { name: 'Snaphot-owner-account', operator: 'stringEquals', value: '<Snapshot-Owner-Account-ID>' },
            { name: 'snapshotId', operator: 'stringEquals', value: '*' },
          ],
        },
      ],
    },
    hints: restoreHints(source),
  })),
];

for (const { where, body, hints: expected } of printed) {
  test(`the body printed for ${where} is refused by the names that were typed and meant`, () => {
    for (const [path, typed, meant] of expected) hints(body, path, typed, meant);
  });
}

test('the printed bodies are valid once corrected', () => {
  assert.deepEqual(faults(kmsBody(source, target)), []);
  const hpcs = [target[0]!, { name: 'serviceName', operator: 'stringEquals', value: 'hs-crypto' }];
  assert.deepEqual(faults(kmsBody(source, hpcs)), []);
  const own = [source[0]!, { name: 'accountId', value: A }];
  assert.deepEqual(faults(kmsBody(own, target, [{ role_id: READER }])), []);
  const volume = [{ name: 'serviceName', value: 'is' }, { name: 'resourceType', value: 'volume' }, source[1]!];
  const snapshot = (value: string) => [target[0]!, { name: 'serviceName', value: 'is' }, { name: 'snapshotId', value }];
  assert.deepEqual(faults(kmsBody(volume, snapshot('*'), [{ role_id: RESTORER }])), []);
  assert.deepEqual(faults(kmsBody(volume, snapshot('r006-77e21079'), [{ role_id: RESTORER }])), []);
});

test('the restore example lacks its target service, and snapshotId says which it is', () => {
  const body = kmsBody(source, [target[0]!, { name: 'snapshotId', value: '*' }], [{ role_id: RESTORER }]);
  const found = faults(body).find((p) => p.path === 'resources[0].attributes');
  assert.match(found?.message ?? '', /`snapshotId` is an attribute of `is`/);
});

test('a source under the name of its target is wrong in its name alone', () => {
  const { body } = printed[0]!;
  const about = faults(body).filter(({ path }) => path.startsWith('subjects[0].attributes[0]'));
  assert.deepEqual(
    about.map(({ path }) => path),
    ['subjects[0].attributes[0].name'],
  );
});
