import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApiVersion, type IbmPolicy, pathsOf } from './document.ts';
import { fromV1, fromV2 } from './read.ts';
import { validate } from './validate.ts';

const A = '4f1d0c6e8b2a47d39e5f60718293a4b5';
const B = '0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f6';
const READER = 'crn:v1:bluemix:public:iam::::serviceRole:Reader';
const DELEGATOR = 'crn:v1:bluemix:public:iam::::role:AuthorizationDelegator';
const RESTORER = 'crn:v1:bluemix:public:is::::serviceRole:SnapshotRemoteAccountRestorer';

function read(body: unknown, version: ApiVersion): IbmPolicy {
  const { policy, problems } = version === 'v1' ? fromV1(body) : fromV2(body);
  assert.deepEqual(problems, []);
  assert.ok(policy);
  return policy;
}

const faults = (body: unknown, version: ApiVersion = 'v1') => validate(read(body, version), version);
const pathsIn = (body: unknown, version: ApiVersion = 'v1') => faults(body, version).map((p) => p.path);

/** The problem at a path names what was typed and carries what was meant. */
function hints(body: unknown, path: string, typed: string, meant: string): void {
  const all = faults(body);
  const found = all.filter((p) => p.path === path && p.meant === meant);
  assert.equal(found.length, 1, `one problem at ${path} meaning ${meant} in ${JSON.stringify(all, null, 1)}`);
  assert.equal(found[0]?.code, 'invalid_body');
  assert.ok(found[0]?.message.includes(`\`${typed}\``), found[0]?.message);
  assert.ok(found[0]?.message.includes(meant), found[0]?.message);
}

interface Printed {
  readonly where: string;
  readonly body: unknown;
  readonly hints: readonly (readonly [path: string, typed: string, meant: string])[];
}

const roles = [{ role_id: DELEGATOR }, { role_id: READER }];
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

/** `fix` replaces the printed names and placeholders by what the hints say. */
const kmsBody = (subject: object[], resource: object[], given: object[] = roles, type = 'authorization') => ({
  type,
  subjects: [{ attributes: subject }],
  roles: given,
  resources: [{ attributes: resource }],
});
const source = [
  { name: 'serviceName', value: 'server-protect' },
  { name: 'accountId', value: B },
];
const target = [
  { name: 'accountId', operator: 'stringEquals', value: A },
  { name: 'serviceName', operator: 'stringEquals', value: 'kms' },
];

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

test('unknown attributes are recognised by rule, not from a list', () => {
  const resource = (name: string, value: string) => kmsBody(source, [{ name, value }, target[1]!]);
  for (const name of ['Account-Z', 'accountID', 'account_id', 'acountId', 'My owner Account']) {
    hints(resource(name, A), 'resources[0].attributes[0].name', name, 'accountId');
  }
  hints(resource('Owner', A), 'resources[0].attributes[0].name', 'Owner', 'accountId');
  const service = (name: string, value: string) => kmsBody(source, [target[0]!, { name, value }]);
  for (const name of ['service_name', 'servicename', 'sevriceName', 'Key Management Service', 'Key Protec']) {
    hints(service(name, 'kms'), 'resources[0].attributes[1].name', name, 'serviceName');
  }
  hints(
    kmsBody(source, [...target, { name: 'serviceInstnace', value: 'x' }]),
    'resources[0].attributes[2].name',
    'serviceInstnace',
    'serviceInstance',
  );
  const [unknown] = faults(kmsBody(source, [...target, { name: 'colour', value: 'red' }]));
  assert.equal(unknown?.meant, undefined);
  assert.match(unknown?.message ?? '', /`colour`.*accountId, serviceName/);
});

test('accountId is a bare account id', () => {
  const body = (value: string) => kmsBody(source, [{ name: 'accountId', value }, target[1]!]);
  for (const value of ['123456789012', A.toUpperCase(), `${A}0`, '<CRK-Account-A-ID>']) {
    assert.deepEqual(pathsIn(body(value)), ['resources[0].attributes[0].value'], value);
  }
  hints(body(`crn:v1:bluemix:public:kms:us-south:a/${A}:x:key:y`), 'resources[0].attributes[0].value', 'accountId', A);
  const matched = [{ name: 'accountId', operator: 'stringMatch', value: '*' }, target[1]!];
  assert.deepEqual(pathsIn(kmsBody(source, matched)), ['resources[0].attributes[0].operator']);
});

test('both sides of an authorization name their account and service', () => {
  assert.deepEqual(pathsIn(kmsBody([source[0]!], target)), ['subjects[0].attributes']);
  assert.deepEqual(pathsIn(kmsBody([source[1]!], target)), ['subjects[0].attributes']);
  assert.deepEqual(pathsIn(kmsBody(source, [target[1]!])), ['resources[0].attributes']);
  assert.deepEqual(pathsIn(kmsBody(source, [target[0]!])), ['resources[0].attributes']);
  const group = [{ name: 'resourceGroupId', value: 'aa11' }, source[1]!];
  const cos = [target[0]!, { name: 'serviceName', value: 'cloud-object-storage' }];
  assert.deepEqual(faults(kmsBody(group, cos, [{ role_id: READER }])), []);
});

test('an attribute may be given once, with a value of 1 to 1000 characters', () => {
  assert.deepEqual(pathsIn(kmsBody(source, [...target, target[1]!])), ['resources[0].attributes[2].name']);
  const long = (n: number) => kmsBody(source, [...target, { name: 'keyRing', value: 'r'.repeat(n) }]);
  assert.deepEqual(faults(long(1000)), []);
  assert.deepEqual(pathsIn(long(1001)), ['resources[0].attributes[2].value']);
  assert.deepEqual(pathsIn(long(0)), ['resources[0].attributes[2].value']);
});

test('an attribute must be supported by the service', () => {
  const ring = [target[0]!, { name: 'serviceName', value: 'is' }, { name: 'keyRing', value: 'r' }];
  const volume = [{ name: 'serviceName', value: 'is' }, source[1]!];
  assert.deepEqual(pathsIn(kmsBody(volume, ring, [{ role_id: RESTORER }])), ['resources[0].attributes[2].name']);
  assert.deepEqual(faults(kmsBody(source, [...target, { name: 'keyRing', value: 'r' }])), []);
});

test('stringExists is for v2; v1 subjects have no operators', () => {
  const exists = [...target, { name: 'keyRing', operator: 'stringExists', value: 'true' }];
  assert.deepEqual(pathsIn(kmsBody(source, exists)), ['resources[0].attributes[2].operator']);
  const v2 = (value: string | boolean) => ({
    type: 'authorization',
    subject: { attributes: source.map(({ name, value: v }) => ({ key: name, operator: 'stringEquals', value: v })) },
    resource: {
      attributes: exists.map(({ name, operator, value: v }) => ({
        key: name,
        operator,
        value: name === 'keyRing' ? value : v,
      })),
    },
    control: { grant: { roles } },
  });
  assert.deepEqual(faults(v2(true), 'v2'), []);
  assert.deepEqual(faults(v2('true'), 'v2'), []);
  assert.deepEqual(pathsIn(v2('yes'), 'v2'), ['resource.attributes[2].value']);
  const matched = [{ ...source[0]!, operator: 'stringMatch' }, source[1]!];
  assert.deepEqual(pathsIn(kmsBody(matched, target)), ['subjects[0].attributes[0].operator']);
});

test('services are called by their API name', () => {
  const body = (value: string) => kmsBody([{ name: 'serviceName', value }, source[1]!], target);
  for (const [typed, meant] of [
    ['is.server-protect', 'server-protect'],
    ['Cloud Block Storage', 'server-protect'],
    ['server-protec', 'server-protect'],
  ] as const) {
    hints(body(typed), 'subjects[0].attributes[0].value', typed, meant);
  }
  const backup = [target[0]!, { name: 'serviceName', value: 'is.volume' }];
  hints(kmsBody(source, backup), 'resources[0].attributes[1].value', 'is.volume', 'is');
});

test('roles are those offered for source and target', () => {
  const given = (...crns: string[]) =>
    kmsBody(
      source,
      target,
      crns.map((role_id) => ({ role_id })),
    );
  const writer = 'crn:v1:bluemix:public:iam::::serviceRole:Writer';
  assert.match(faults(given(writer))[0]?.message ?? '', /not offered.*`Reader`, `Authorization Delegator`/);
  for (const [typed, meant] of [
    ['Reader', READER],
    ['Authorization Delegator', DELEGATOR],
    ['crn:v1:bluemix:public:kms::::serviceRole:Reader', READER],
    ['crn:v1:bluemix:public:iam::::role:Raeder', READER],
  ] as const) {
    hints(given(typed), 'roles[0].role_id', typed, meant);
  }
  assert.deepEqual(pathsIn(given(READER, READER)), ['roles[1].role_id']);
  // Cloud Object Storage declares no dependents: nothing can be delegated.
  const cos = [{ name: 'serviceName', value: 'cloud-object-storage' }, source[1]!];
  assert.deepEqual(pathsIn(kmsBody(cos, target)), ['roles[0].role_id']);
  assert.deepEqual(faults(kmsBody(cos, target, [{ role_id: READER }])), []);
  // No page documents this pair.
  const dns = [{ name: 'serviceName', value: 'dns-svcs' }, source[1]!];
  assert.match(faults(kmsBody(dns, target, [{ role_id: READER }]))[0]?.message ?? '', /valid roles are none/);
});

test('an access policy is for one identity, with roles of the service', () => {
  const access = (subject: object[], role: string, resource: object[] = target) =>
    kmsBody(subject, resource, [{ role_id: role }], 'access');
  const user = { name: 'iam_id', value: 'IBMid-270006V8HR' };
  const group = { name: 'access_group_id', value: 'AccessGroupId-1a2b' };
  assert.deepEqual(faults(access([user], READER)), []);
  assert.deepEqual(faults(access([group], READER)), []);
  assert.deepEqual(pathsIn(access([user, group], READER)), ['subjects[0].attributes']);
  assert.deepEqual(pathsIn(access([user], DELEGATOR)), ['roles[0].role_id']);
  assert.deepEqual(pathsIn(access([user], RESTORER)), ['roles[0].role_id']);
  assert.deepEqual(pathsIn(access([{ name: 'iam_id', value: 'ops@main.example' }], READER)), [
    'subjects[0].attributes[0].value',
  ]);
  hints(
    access([{ name: 'iam_id', value: 'ServiceId-1' }], READER),
    'subjects[0].attributes[0].value',
    'ServiceId-1',
    'iam-ServiceId-1',
  );
  assert.deepEqual(pathsIn(kmsBody([user], target, [{ role_id: READER }])), ['type']);
  const families = [
    { name: 'serviceType', value: 'service' },
    { name: 'resourceGroupId', value: 'aa11' },
    { name: 'resourceType', value: 'resource-group' },
  ];
  const viewer = 'crn:v1:bluemix:public:iam::::role:Viewer';
  for (const family of families) assert.deepEqual(faults(access([user], viewer, [target[0]!, family])), []);
  assert.deepEqual(pathsIn(access([user], viewer, [target[0]!])), ['resources[0].attributes']);
});

function timed(rule: unknown, pattern?: string, type = 'access') {
  const subject =
    type === 'access'
      ? [{ key: 'iam_id', operator: 'stringEquals', value: 'IBMid-1' }]
      : source.map(({ name, value }) => ({ key: name, operator: 'stringEquals', value }));
  return {
    type,
    subject: { attributes: subject },
    resource: { attributes: target.map(({ name, operator, value }) => ({ key: name, operator, value })) },
    control: { grant: { roles: [{ role_id: READER }] } },
    rule,
    ...(pattern === undefined ? {} : { pattern }),
  };
}

const time = (operator: string, value: string) => ({ key: '{{environment.attributes.current_time}}', operator, value });
const days = {
  key: '{{environment.attributes.day_of_week}}',
  operator: 'dayOfWeekAnyOf',
  value: ['1+00:00', '5+00:00'],
};
const weekly = 'time-based-conditions:weekly:custom-hours';
const hours = {
  operator: 'and',
  conditions: [days, time('timeGreaterThanOrEquals', '09:00:00+00:00'), time('timeLessThanOrEquals', '17:00:00+00:00')],
};

test('rules have a pattern, known keys and operators, and times with an offset', () => {
  assert.deepEqual(faults(timed(hours, weekly), 'v2'), []);
  assert.deepEqual(pathsIn(timed(hours), 'v2'), ['pattern']);
  assert.deepEqual(pathsIn(timed(hours, 'weekly'), 'v2'), ['pattern']);
  for (const value of ['9:00:00+00:00', '25:00:00+00:00', '09:00:00', '09:00:00+25:00', 'noon']) {
    assert.deepEqual(pathsIn(timed(time('timeLessThan', value), weekly), 'v2'), ['rule.value'], value);
  }
  assert.deepEqual(pathsIn(timed(time('timeEquals', '09:00:00+00:00'), weekly), 'v2').at(-1), 'rule.operator');
  assert.deepEqual(pathsIn(timed({ ...days, value: '1+00:00' }, weekly), 'v2'), ['rule.value']);
  assert.deepEqual(pathsIn(timed({ ...days, value: ['8+00:00'] }, weekly), 'v2'), ['rule.value']);
  assert.deepEqual(pathsIn(timed({ ...days, key: '{{environment.attributes.weekday}}' }, weekly), 'v2'), ['rule.key']);
  const once = { key: '{{environment.attributes.current_date_time}}', operator: 'dateTimeLessThan' };
  const oncePattern = 'time-based-conditions:once';
  assert.deepEqual(faults(timed({ ...once, value: '2026-11-22T09:00:00+01:00' }, oncePattern), 'v2'), []);
  assert.deepEqual(pathsIn(timed({ ...once, value: '2026-02-30T09:00:00+01:00' }, oncePattern), 'v2'), ['rule.value']);
  assert.deepEqual(pathsIn({ ...timed(undefined, weekly) }, 'v2'), ['pattern']);
});

test('time conditions are for access policies', () => {
  const found = pathsIn(timed(hours, weekly, 'authorization'), 'v2');
  assert.deepEqual(found, ['rule.conditions[0]', 'rule.conditions[1]', 'rule.conditions[2]']);
});

test('a rule has at most ten conditions, and an any-of at most ten values', () => {
  const prefix = (value: unknown, operator = 'stringMatch') => ({
    key: '{{resource.attributes.prefix}}',
    operator,
    value,
  });
  const literal = 'attribute-based-condition:resource:literal-and-wildcard';
  const many = (n: number) => ({ operator: 'or', conditions: Array.from({ length: n }, (_, i) => prefix(`p${i}/*`)) });
  assert.deepEqual(faults(timed(many(10), literal), 'v2'), []);
  assert.deepEqual(pathsIn(timed(many(11), literal), 'v2'), ['rule']);
  const values = (n: number) =>
    prefix(
      Array.from({ length: n }, (_, i) => `p${i}/*`),
      'stringMatchAnyOf',
    );
  assert.deepEqual(faults(timed(values(10), literal), 'v2'), []);
  assert.deepEqual(pathsIn(timed(values(11), literal), 'v2'), ['rule.value']);
  assert.deepEqual(pathsIn(timed(prefix('a/*'), weekly), 'v2'), ['rule.operator']);
});

test('paths point into the body of either version', () => {
  assert.equal(pathsOf('v1').resourceAttribute(1, 'name'), 'resources[0].attributes[1].name');
  assert.equal(pathsOf('v2').resourceAttribute(1, 'name'), 'resource.attributes[1].key');
  assert.equal(pathsOf('v2').role(0), 'control.grant.roles[0].role_id');
});
