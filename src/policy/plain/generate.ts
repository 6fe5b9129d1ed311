/**
 * Generated worlds. Policies and requests draw from the same few names, so that most statements come near to matching:
 * a random policy about a random resource would test only that nothing matches.
 */
import fc from 'fast-check';
import type { PlainDocument, PlainGrant, PlainStatement, PlainWorld } from './world.ts';

const OWN = '111111111111';
const OTHER = '222222222222';
const accounts = [OWN, OTHER, '333333333333'];

/** Every caller that a world may have. */
export const callers = [
  ...accounts
    .slice(0, 2)
    .flatMap((account) => [
      `arn:aws:iam::${account}:user/ana`,
      `arn:aws:iam::${account}:root`,
      `arn:aws:sts::${account}:assumed-role/reader/ci`,
      `arn:aws:sts::${account}:federated-user/fed`,
    ]),
  'logs.amazonaws.com',
  'anonymous',
];

/** The unique id that a user, or who is behind a session, has in every world; a root user has none. */
export function uniqueIdOf(name: string, account: string): string {
  return `${name.startsWith('assumed-role/') ? 'AROA' : 'AIDA'}EXAMPLE${account}`;
}

/** What Principal elements name: the callers, who is behind them, their accounts, and others. */
const principalNames = [
  ...accounts.flatMap((account) => [
    account,
    `arn:aws:iam::${account}:root`,
    `arn:aws:iam::${account}:user/ana`,
    `arn:aws:iam::${account}:user/bob`,
    `arn:aws:iam::${account}:role/reader`,
    `arn:aws:sts::${account}:assumed-role/reader/ci`,
    `arn:aws:sts::${account}:federated-user/fed`,
  ]),
  ...accounts.flatMap((account) => [uniqueIdOf('user/ana', account), uniqueIdOf('assumed-role/reader/ci', account)]),
  '*',
];

const resources = [
  'arn:aws:s3:::box',
  'arn:aws:s3:::box/a/1',
  'arn:aws:s3:::box/ana/x',
  'arn:aws:kms:eu-west-1:111111111111:key/k1',
  'arn:aws:iam::111111111111:role/reader',
  '*',
];

/** A policy variable as a policy writes it. */
const variable = (key: string) => `\${${key}}`;

const resourcePatterns = [
  '*',
  'arn:aws:s3:::box',
  'arn:aws:s3:::box/*',
  'arn:aws:s3:::box*',
  'arn:aws:s3:::b?x/a/*',
  'arn:aws:s3',
  `arn:aws:s3:::box/${variable('aws:username')}/*`,
  `arn:aws:s3:::box/${variable('aws:nothing')}/*`,
  `arn:aws:s3:::box/${variable("aws:nothing, 'a'")}/?`,
  'arn:aws:kms:*:111111111111:key/*',
  'arn:aws:kms:eu-west-1:111111111111:key/k1',
  'arn:aws:iam::111111111111:role/*',
];

const actions = [
  's3:GetObject',
  's3:PutObject',
  'kms:Decrypt',
  'sts:AssumeRole',
  'kms:RetireGrant',
  'sts:GetCallerIdentity',
];
const actionPatterns = [
  ...actions,
  '*',
  's3:*',
  's3:Get*',
  'S3:?etObject',
  'kms:*',
  'kms:De*',
  'sts:Assume*',
  'kms:ListKeys',
];

const contextValues: Readonly<Record<string, readonly string[]>> = {
  'aws:username': ['ana', 'bob'],
  'aws:SecureTransport': ['true', 'false'],
  'aws:SourceIp': ['10.1.2.3', '192.168.0.9'],
  'aws:PrincipalArn': ['arn:aws:iam::111111111111:role/reader', 'arn:aws:iam::222222222222:user/ana'],
  'aws:CurrentTime': ['2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z'],
  's3:max-keys': ['1', '10', '100'],
};
const tagKeys = ['team', 'cost', ''];

/** The keys that a request may carry, in lower case. */
export const contextKeys = [...Object.keys(contextValues), 'aws:TagKeys'].map((key) => key.toLowerCase());

const aValue = <T>(values: readonly T[]) => fc.constantFrom(...values);
const some = <T>(values: readonly T[], most: number) =>
  fc.uniqueArray(aValue(values), { minLength: 1, maxLength: most });
const oneOrMore = <T extends string>(values: readonly T[]) => fc.oneof(aValue(values), some(values, 3));

/** The operators that make sense for a key, each with the kind of values it compares with. */
const conditionsByKey: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    'aws:username',
    ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
    ['ana', 'ANA', 'bob'],
  ],
  [
    'AWS:userName',
    ['StringLike', 'StringNotLike'],
    ['a*', '?na', '*', variable('aws:username'), variable('aws:nothing')],
  ],
  ['aws:SecureTransport', ['Bool'], ['true', 'false']],
  ['aws:SourceIp', ['IpAddress', 'NotIpAddress'], ['10.0.0.0/8', '10.1.2.3', '192.168.0.0/16']],
  [
    'aws:PrincipalArn',
    ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    ['arn:aws:iam::111111111111:role/*', 'arn:aws:iam::*:user/ana'],
  ],
  [
    'aws:CurrentTime',
    ['DateLessThan', 'DateGreaterThanEquals', 'DateNotEquals'],
    ['2026-03-01T00:00:00Z', '2026-06-01T00:00:00Z'],
  ],
  [
    's3:max-keys',
    ['NumericLessThanEquals', 'NumericEquals', 'NumericNotEquals', 'NumericGreaterThan', 'NumericLessThan'],
    ['10', '10.0', '99'],
  ],
  ['aws:nothing', ['StringEquals', 'StringNotEquals', 'StringLike', 'Null'], ['true', 'false', 'x']],
  ['aws:username', ['Null'], ['true', 'false']],
];

const plainCondition = fc
  .tuple(aValue(conditionsByKey), fc.nat(), fc.boolean(), fc.infiniteStream(fc.nat()))
  .chain(([[key, operators, values], pick, ifExists]) => {
    const operator = operators[pick % operators.length]!;
    const name = operator === 'Null' || !ifExists ? operator : `${operator}IfExists`;
    return some(values, 2).map((chosen): [string, string, readonly string[]] => [name, key, chosen]);
  });

const setCondition = fc
  .tuple(
    aValue(['ForAllValues', 'ForAnyValue']),
    aValue(['StringEquals', 'StringNotEquals', 'StringLike']),
    some(tagKeys, 2),
  )
  .map(([set, operator, values]): [string, string, readonly string[]] => [`${set}:${operator}`, 'aws:TagKeys', values]);

const conditionBlock = fc
  .array(fc.oneof({ weight: 3, arbitrary: plainCondition }, { weight: 1, arbitrary: setCondition }), { maxLength: 2 })
  .map((tests) => {
    const block: Record<string, Record<string, readonly string[]>> = {};
    for (const [operator, key, values] of tests) block[operator] = { ...block[operator], [key]: values };
    return block;
  });

const effect = fc.oneof(
  { weight: 4, arbitrary: fc.constant('Allow' as const) },
  { weight: 1, arbitrary: fc.constant('Deny' as const) },
);
const mostly = <T, U>(usual: fc.Arbitrary<T>, seldom: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: seldom });

const body = fc.record({
  Effect: effect,
  actions: mostly(
    oneOrMore(actionPatterns).map((Action) => ({ Action })),
    oneOrMore(actionPatterns).map((NotAction) => ({ NotAction })),
  ),
  resources: mostly(
    oneOrMore(resourcePatterns).map((Resource) => ({ Resource })),
    oneOrMore(resourcePatterns).map((NotResource) => ({ NotResource })),
  ),
  condition: fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: conditionBlock.map((Condition) => ({ Condition })) },
  ),
});

export const identityStatement: fc.Arbitrary<PlainStatement> = body.map(
  ({ Effect, actions: a, resources: r, condition }) => ({
    Effect,
    ...a,
    ...r,
    ...condition,
  }),
);

const principal = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ Principal: '*' as const }) },
  { weight: 5, arbitrary: oneOrMore(principalNames).map((AWS) => ({ Principal: { AWS } })) },
  { weight: 1, arbitrary: fc.constant({ Principal: { Service: 'logs.amazonaws.com' } }) },
  { weight: 1, arbitrary: oneOrMore(principalNames).map((AWS) => ({ NotPrincipal: { AWS } })) },
);

export const resourceStatement: fc.Arbitrary<PlainStatement> = fc
  .tuple(identityStatement, principal, fc.boolean())
  .map(([statement, named, attached]) => {
    const { Resource, NotResource, ...rest } = statement;
    if (attached) return { ...rest, ...named };
    return { ...rest, ...named, ...(Resource ? { Resource } : {}), ...(NotResource ? { NotResource } : {}) };
  });

const documentOf = (statement: fc.Arbitrary<PlainStatement>, most: number): fc.Arbitrary<PlainDocument> =>
  fc.record({
    Version: fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17'),
    Statement: fc.array(statement, { minLength: 1, maxLength: most }),
  });

const optional = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
const FULL: PlainDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const level = fc.array(mostly(fc.constant(FULL), documentOf(identityStatement, 2)), { minLength: 1, maxLength: 2 });
const rcp = documentOf(identityStatement, 1).map((document) => ({
  ...document,
  Statement: document.Statement.map((statement) => ({
    ...statement,
    Effect: 'Deny' as const,
    Principal: '*' as const,
  })),
}));

const grants: fc.Arbitrary<readonly PlainGrant[]> = fc.array(
  fc.record({
    grantee: aValue(['logs.amazonaws.com', ...principalNames.filter((name) => name.startsWith('arn:'))]),
    operations: some(['Decrypt', 'Encrypt'], 2),
  }),
  { maxLength: 1 },
);

const context = fc
  .tuple(
    ...Object.entries(contextValues).map(([key, values]) =>
      fc.option(aValue(values)).map((value) => [key, value] as const),
    ),
    fc.option(fc.array(aValue(tagKeys), { maxLength: 2 })).map((value) => ['aws:TagKeys', value] as const),
  )
  .map((pairs) => {
    const given: Record<string, string | readonly string[]> = {};
    for (const [key, value] of pairs) if (value !== null) given[key] = value;
    return given;
  });

/** A whole decision case; `large` makes resource policies that are long enough to be filed in an index. */
export const world = (large = false): fc.Arbitrary<PlainWorld> =>
  fc
    .record({
      request: fc.record({
        principal: aValue(callers),
        action: aValue(actions),
        resource: aValue(resources),
        resourceAccount: aValue([OWN, OWN, OTHER]),
        context,
      }),
      policies: fc.record({
        identity: fc.array(documentOf(identityStatement, large ? 15 : 3), { maxLength: 2 }),
        resource: fc.oneof(fc.constant(null), documentOf(resourceStatement, large ? 30 : 3)),
        boundary: optional(documentOf(identityStatement, 2)),
        session: optional(documentOf(identityStatement, 2)),
        scps: fc.oneof(
          { weight: 2, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.array(level, { maxLength: 2 }) },
        ),
        rcps: optional(fc.array(fc.array(rcp, { maxLength: 1 }), { maxLength: 1 })).map((levels) => levels ?? []),
        vpce: optional(documentOf(resourceStatement, 2)),
        grants,
      }),
      facts: fc.record({
        principalAccountIsManagement: aValue([false, false, false, true]),
        resourceAccountIsManagement: aValue([false, false, false, true]),
        principalIsServiceLinkedRole: aValue([false, false, false, true]),
      }),
    })
    .map((given) => {
      const { principal: caller } = given.request;
      const [, , , , account = '', name = ''] = caller.split(':');
      const facts = { ...given.facts, federatingUser: userOf(caller), principalUniqueId: uniqueIdOf(name, account) };
      return { ...given, facts };
    });

/** A federated user's session is made by a user of the same account. */
const userOf = (caller: string) => `arn:aws:iam::${caller.split(':')[4] ?? ''}:user/ana`;
