/** Generated IBM Cloud policies and questions. Both draw from the same few names, so that they meet often. */
import fc from 'fast-check';
import {
  accessRoles,
  actionsOf,
  authorizationRoles,
  DELEGATOR,
  grants,
  serviceNamed,
} from '../../src/policy/ibm/catalogue/catalogue.ts';
import type { IbmPolicy, PolicyAttribute, Rule } from '../../src/policy/ibm/document.ts';
import { questionOf, targetOf } from '../../src/policy/ibm/question.ts';
import type { Caller, Question } from '../../src/policy/model.ts';
import { ibmRef } from '../../src/policy/names.ts';

export const accounts = ['a', 'b', 'c'].map((digit) => digit.repeat(32));
const services = ['kms', 'hs-crypto', 'is', 'cloud-object-storage', 'iam-identity', 'resource-controller'];
const sources = ['server-protect', 'is', 'cloud-object-storage', 'databases-for-redis', 'project'];
const users = ['IBMid-1', 'IBMid-2', 'iam-ServiceId-1'];
const groups = ['AccessGroupId-1', 'AccessGroupId-2'];
const types: Readonly<Record<string, readonly string[]>> = {
  kms: ['key', ''],
  'hs-crypto': ['key'],
  is: ['volume', 'snapshot', 'share'],
  'cloud-object-storage': ['bucket', ''],
  'iam-identity': ['serviceid', ''],
  'resource-controller': ['resource-group'],
};
const instances = ['i1', 'i2', ''];
const ids = ['r1', 'r2', ''];

const one = (values: readonly string[]) => fc.constantFrom(...values);

/** A test of a value that questions have: equal, by wildcard, or by presence. */
const tested = (name: string, values: readonly string[]): fc.Arbitrary<PolicyAttribute> =>
  fc.oneof(
    { weight: 5, arbitrary: one(values).map((value) => ({ name, operator: 'stringEquals', value: value || '*' })) },
    {
      weight: 2,
      arbitrary: one(['*', '?1', 'i?', 'r*', '{{*}}', '*1*', 'kms', ...values.map((v) => v || '*')]).map((value) => ({
        name,
        operator: 'stringMatch',
        value,
      })),
    },
    { weight: 1, arbitrary: fc.boolean().map((value) => ({ name, operator: 'stringExists', value })) },
  );

const literalOf = (name: string, values: readonly string[]): fc.Arbitrary<PolicyAttribute> =>
  one(values).map((value) => ({ name, operator: 'stringEquals', value }));

const some = (parts: readonly fc.Arbitrary<PolicyAttribute>[]): fc.Arbitrary<PolicyAttribute[]> =>
  fc
    .tuple(...parts.map((part) => fc.option(part, { nil: undefined, freq: 2 })))
    .map((found) => found.filter((a) => a !== undefined));

const resource: fc.Arbitrary<PolicyAttribute[]> = fc
  .tuple(
    literalOf('accountId', accounts),
    fc.oneof(
      { weight: 6, arbitrary: literalOf('serviceName', services) },
      { weight: 1, arbitrary: literalOf('serviceType', ['service', 'platform_service']) },
      { weight: 1, arbitrary: literalOf('service_group_id', ['IAM']) },
      { weight: 1, arbitrary: tested('resourceGroupId', ['g1', 'g2']) },
      { weight: 1, arbitrary: literalOf('resourceType', ['resource-group']) },
    ),
    some([
      tested('serviceInstance', ['i1', 'i2']),
      tested('resource', ['r1', 'r2']),
      tested('keyRing', ['team', '']),
      tested('volumeId', ['r1', '']),
      tested('snapshotId', ['r2', '']),
      tested('region', ['us-south']),
    ]),
  )
  .chain(([account, family, others]) =>
    fc.shuffledSubarray([account, family, ...others.slice(0, 2)], { minLength: Math.min(2 + others.length, 4) }),
  );

const environment = (key: string) => `{{environment.attributes.${key}}}`;
const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc
    .tuple(
      one(['timeLessThan', 'timeGreaterThanOrEquals']),
      one(['09:00:00+00:00', '23:30:00-05:00', '12:00:00+05:30']),
    )
    .map(([operator, value]) => ({ key: environment('current_time'), operator, value })),
  fc
    .subarray(['1+00:00', '3-05:00', '7+12:00'], { minLength: 1 })
    .map((value) => ({ key: environment('day_of_week'), operator: 'dayOfWeekAnyOf', value })),
  one(['2026-11-22T12:00:00+01:00', '2026-11-25T00:00:00Z']).map((value) => ({
    key: environment('current_date_time'),
    operator: 'dateTimeLessThanOrEquals',
    value,
  })),
  one(['r1', 'r*', '*']).map((value) => ({ key: '{{resource.attributes.resource}}', operator: 'stringMatch', value })),
);
const rules: fc.Arbitrary<Rule> = fc.oneof(
  rule,
  fc
    .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(rule, { minLength: 1, maxLength: 3 }))
    .map(([operator, conditions]) => ({ operator, conditions })),
);

const rolesOf = (type: IbmPolicy['type']): fc.Arbitrary<string[]> => {
  const offered =
    type === 'access' ? services.flatMap((s) => accessRoles(s)) : services.flatMap((s) => authorizationRoles(s));
  return fc.subarray([...new Set([...offered.map((r) => r.crn), DELEGATOR])], { minLength: 1, maxLength: 2 });
};

const build = (
  type: IbmPolicy['type'],
  subject: fc.Arbitrary<PolicyAttribute[]>,
  target = resource,
  given = rolesOf(type),
): fc.Arbitrary<IbmPolicy> =>
  fc.tuple(subject, target, given, fc.option(rules, { nil: undefined, freq: 3 })).map(([who, what, roles, when]) => ({
    type,
    subject: who,
    resource: what,
    tags: [],
    roles,
    ...(when === undefined ? {} : { rule: when, pattern: 'time-based-conditions:once' }),
  }));

const identity = fc.oneof(literalOf('iam_id', users), literalOf('access_group_id', groups)).map((a) => [a]);
const source = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: literalOf('serviceName', sources) },
      { weight: 1, arbitrary: tested('serviceName', sources) },
    ),
    fc.option(literalOf('accountId', accounts), { nil: undefined, freq: 5 }),
    some([tested('serviceInstance', ['i1', 'i2']), tested('resourceType', ['volume'])]),
  )
  .map(([service, account, others]) => [service, ...(account ? [account] : []), ...others]);

export const policy: fc.Arbitrary<IbmPolicy> = fc.oneof(build('access', identity), build('authorization', source));

const person: fc.Arbitrary<Caller> = fc
  .tuple(one(users), one(accounts), fc.subarray(groups))
  .map(([id, account, of]) => ({
    kind: id.startsWith('iam-') ? ('service-id' as const) : ('user' as const),
    id,
    account,
    groups: of,
  }));

const service: fc.Arbitrary<Caller> = fc
  .tuple(one(sources), one(accounts), one(instances), one(['volume', '']))
  .map(([serviceName, accountId, serviceInstance, resourceType]) => ({
    kind: 'service',
    id: `crn-${serviceName}`,
    account: accountId,
    attributes: {
      serviceName,
      accountId,
      ...(serviceInstance ? { serviceInstance } : {}),
      ...(resourceType ? { resourceType } : {}),
    },
  }));

const moments = ['2026-11-22T07:30:00Z', '2026-11-23T04:10:00Z', '2026-11-24T23:45:00Z', '2026-11-26T12:00:00Z'];

/** Actions that roles commonly hold come up more often than the rest. */
const action = (name: string): fc.Arbitrary<string> => {
  const all = actionsOf(name);
  const usual = all.filter((a) => /\.(read|unwrap|create|get|restore|retrieve)$|allow-remote/.test(a));
  return fc.oneof(one(usual), one(all), fc.constant('iam.delegationPolicy.create'));
};

export const question: fc.Arbitrary<Question> = one(services).chain((name) =>
  fc
    .tuple(
      fc.oneof(person, service),
      action(name),
      one(accounts),
      one(instances),
      one(types[name] ?? ['']),
      one(ids),
      one(moments),
      fc.record({ keyRing: one(['team', 'other']), resourceGroupId: one(['g1', 'g2']) }, { requiredKeys: [] }),
      fc.boolean(),
    )
    .map(([caller, verb, account, instance, type, id, moment, own, at]) => {
      const ref = ibmRef({
        account: caller.kind !== 'service' && at ? caller.account : account,
        service: name,
        location: 'us-south',
        instance: serviceNamed(name)?.instances ? instance : '',
        type,
        id: type === '' ? '' : id,
      });
      return questionOf(caller, verb, targetOf(ref, own), new Date(moment));
    }),
);

/** A policy that matches the question in most of its parts. */
function aimedAt(asked: Question): fc.Arbitrary<IbmPolicy> {
  const { caller, resource: target, action: verb } = asked;
  const ofValues = (values: Readonly<Record<string, string>>, names: readonly string[]) =>
    names.filter((name) => values[name] !== undefined).map((name) => tested(name, [values[name] ?? '']));
  const own = target.attributes;
  const what = fc
    .tuple(
      literalOf('accountId', [own['accountId'] ?? '']),
      fc.oneof(
        { weight: 5, arbitrary: literalOf('serviceName', [own['serviceName'] ?? '']) },
        { weight: 1, arbitrary: literalOf('serviceType', [own['serviceType'] ?? '']) },
        { weight: 1, arbitrary: literalOf('resourceGroupId', [own['resourceGroupId'] ?? 'g1']) },
      ),
      some(
        ofValues(own, ['serviceInstance', 'resource', 'resourceType', 'keyRing', 'volumeId', 'snapshotId', 'region']),
      ),
    )
    .map(([account, family, others]) => [account, family, ...others]);
  const type = caller.kind === 'service' ? 'authorization' : 'access';
  const of = caller.attributes ?? {};
  const who =
    type === 'access'
      ? fc.constantFrom(...[caller.id, ...(caller.groups ?? [])]).map((id) => [
          {
            name: id.startsWith('AccessGroupId') ? 'access_group_id' : 'iam_id',
            operator: 'stringEquals',
            value: id,
          },
        ])
      : fc
          .tuple(
            tested('serviceName', [of['serviceName'] ?? '']),
            fc.option(literalOf('accountId', [of['accountId'] ?? '']), { nil: undefined, freq: 5 }),
            some(ofValues(of, ['serviceInstance', 'resourceType'])),
          )
          .map(([name, account, others]) => [name, ...(account ? [account] : []), ...others]);
  const every = [...accessRoles(target.ref.service), ...authorizationRoles(target.ref.service)].map((r) => r.crn);
  const holding = every.filter((crn) => grants(crn, target.ref.service).has(verb));
  const roles = fc.subarray([...new Set([...(holding.length > 0 ? holding : every), DELEGATOR])], {
    minLength: 1,
    maxLength: 2,
  });
  return build(type, who, what, roles);
}

export interface World {
  readonly asked: Question;
  readonly policies: readonly IbmPolicy[];
}

export const world: fc.Arbitrary<World> = question.chain((asked) =>
  fc.array(fc.oneof(policy, aimedAt(asked)), { maxLength: 12 }).map((policies) => ({ asked, policies })),
);
