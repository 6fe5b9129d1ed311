import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  A,
  DELEGATOR,
  faults,
  hints,
  kmsBody,
  pathsIn,
  READER,
  RESTORER,
  roles,
  source,
  target,
} from '../../../test/policy-ibm/bodies.ts';
import { pathsOf } from './document.ts';
import { fromV1 } from './read.ts';
import { validate } from './validate.ts';

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

test('custom roles are for access policies of the account that made them', () => {
  const crn = `crn:v1:bluemix:public:iam-access-management::a/${A}::customRole:Unwrapper`;
  const custom = new Map([[crn, { crn, display_name: 'Unwrapper', actions: ['kms.secrets.unwrap'] }]]);
  const judged = (type: 'access' | 'authorization', known = custom) => {
    const subject = type === 'access' ? [{ name: 'iam_id', value: 'IBMid-1' }] : source;
    const { policy } = fromV1(kmsBody(subject, target, [{ role_id: crn }], type));
    assert.ok(policy);
    return validate(policy, 'v1', known).map((p) => p.path);
  };
  assert.deepEqual(judged('access'), []);
  assert.deepEqual(judged('access', new Map()), ['roles[0].role_id']);
  assert.deepEqual(judged('authorization'), ['roles[0].role_id']);
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
  assert.deepEqual(faults(timed({ ...days, value: '1+00:00' }, weekly), 'v2'), []);
  const two = { ...time('timeLessThan', ''), value: ['09:00:00Z', '10:00:00Z'] };
  assert.deepEqual(pathsIn(timed(two, weekly), 'v2'), ['rule.value']);
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
  assert.deepEqual(faults(timed(prefix(''), literal), 'v2'), [], 'an empty prefix is one');
  assert.deepEqual(pathsIn(timed(prefix('x'.repeat(1001)), literal), 'v2'), ['rule.value']);
  assert.deepEqual(pathsIn(timed(values(11), literal), 'v2'), ['rule.value']);
  assert.deepEqual(pathsIn(timed(prefix('a/*'), weekly), 'v2'), ['rule.operator']);
});

test('paths point into the body of either version', () => {
  assert.equal(pathsOf('v1').resourceAttribute(1, 'name'), 'resources[0].attributes[1].name');
  assert.equal(pathsOf('v2').resourceAttribute(1, 'name'), 'resource.attributes[1].key');
  assert.equal(pathsOf('v2').role(0), 'control.grant.roles[0].role_id');
});
