/**
 * One edit for each rule of the evaluator that takes the rule away. `from` stands exactly once in the file, so a
 * mutation that no longer fits the code is reported instead of being skipped.
 */
export interface Mutation {
  /** Rule ids of the evaluation reference, or the operator. */
  readonly rule: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const at =
  (file: string) =>
  (rule: string, from: string, to: string): Mutation => ({ rule, file, from, to });

const rules = at('aws/rules.ts');
const exceptions = at('aws/exceptions.ts');
const compile = at('aws/compile.ts');
const publicAccess = at('aws/public.ts');
const grants = at('aws/grants.ts');
const acl = at('aws/acl.ts');
const shares = at('aws/shares.ts');
const principal = at('principal.ts');
const match = at('match.ts');
const condition = at('condition.ts');
const value = at('value.ts');
const glob = at('glob.ts');
const decide = at('decide.ts');
const layers = at('layers.ts');
const need = at('need.ts');
const operator = at('operator.ts');
const string = at('aws/operators/string.ts');
const numeric = at('aws/operators/numeric.ts');
const date = at('aws/operators/date.ts');
const address = at('aws/operators/address.ts');
const arn = at('aws/operators/arn.ts');
const other = at('aws/operators/other.ts');

export const mutations: readonly Mutation[] = [
  // combination within an account
  decide('E2 a deny wins', "return 'explicit-deny';", 'continue;'),
  decide('E1 nothing allows', "return 'implicit-deny';", "return 'allow';"),
  rules(
    'E3 identity policies allow',
    "session, anyOf(grant('identity'), byResource(ROLE)",
    'session, anyOf(byResource(ROLE)',
  ),
  rules(
    'E5 a role arn counts as identity',
    "anyOf(grant('identity'), byResource(ROLE)",
    "anyOf(grant('identity'), byResource(CALLER)",
  ),
  rules(
    'E9 an account only delegates',
    "anyOf(grant('identity'), byResource(ROLE)",
    "anyOf(grant('identity'), byResource(ACCOUNT)",
  ),
  rules(
    'E4 E6 E7 the caller itself',
    "      byResource(CALLER),\n      grant('grant', CALLER),\n    ),\n  );\n\n/** T1",
    '    ),\n  );\n\n/** T1',
  ),
  rules('E10 federated users need a session policy', "{ ...limit('session'), optional: false }", "limit('session')"),
  rules('E11 the boundary limits', "allOf(limit('boundary'), session, anyOf", 'allOf(session, anyOf'),
  rules('E12 the session policy limits', "allOf(limit('boundary'), session, anyOf", "allOf(limit('boundary'), anyOf"),
  rules('E14 root needs no policy', 'strict ? SAME_STRICT_ROOT : SAME_ROOT', 'strict ? SAME_STRICT_ROOT : SAME'),
  rules(
    'E14 root has no boundary',
    "if (caller.kind === 'root' && layer.kind !== 'session')",
    "if (caller.kind === 'root' && layer.kind === 'session')",
  ),
  rules(
    'O1 levels within an account',
    "const sameAccount = (session: Need): Need =>\n  allOf(\n    limit('guardrail'),",
    'const sameAccount = (session: Need): Need =>\n  allOf(',
  ),
  rules('O4 SCPs bind root', "const rootSameAccount = allOf(limit('guardrail'), ", 'const rootSameAccount = allOf('),
  rules(
    'L1 the endpoint limits',
    "const sameAccount = (session: Need): Need =>\n  allOf(\n    limit('guardrail'),\n    limit('endpoint'),",
    "const sameAccount = (session: Need): Need =>\n  allOf(\n    limit('guardrail'),",
  ),
  layers('O1 every level must allow', 'Math.min : Math.max', 'Math.max : Math.max'),
  need(
    'a branch of all-of is enough',
    'for (const one of need.of) if (!met(one, tally)) return false;',
    'for (const one of need.of) if (met(one, tally)) return true;',
  ),
  // across accounts
  rules('X1 the principal side must allow', "{ role: 'principal', need, layers: PRINCIPAL_LAYERS },", ''),
  rules(
    'X1 the resource side must allow',
    "{ role: 'resource', need: coveredByResource, layers: RESOURCE_LAYERS },",
    '',
  ),
  rules(
    'X2 naming the caller replaces no identity policy',
    "session, grant('identity')), grant('grant', ROLE)),",
    "session, grant('identity')), byResource(CALLER), grant('grant', ROLE)),",
  ),
  rules(
    'X3 an account may be trusted',
    "anyOf(byResource(ACCOUNT), grant('acl')",
    "anyOf(byResource(ROLE), grant('acl')",
  ),
  rules('X4 SCPs bind their own account', 'if (layer.account !== caller.account)', 'if (layer.account === "")'),
  rules('X5 RCPs bind their own account', 'if (layer.account !== resource.ref.account)', 'if (layer.account === "")'),
  rules(
    'X7 the boundary limits across accounts',
    "anyOf(allOf(limit('boundary'), session, grant('identity'))",
    "anyOf(allOf(session, grant('identity'))",
  ),
  rules(
    'X7 the session policy limits across accounts',
    "anyOf(allOf(limit('boundary'), session, grant('identity'))",
    "anyOf(allOf(limit('boundary'), grant('identity'))",
  ),
  rules('X1 root of the trusted account', 'CROSS_ROOT : federated', 'CROSS : federated'),
  // organizations
  rules(
    'O2 the management account',
    'if (facts.principalAccountIsManagement) return',
    'if (facts === undefined) return',
  ),
  rules(
    'O3 service-linked roles and SCPs',
    "if (facts.principalIsServiceLinkedRole) return 'service control",
    "if (facts === undefined) return 'service control",
  ),
  rules(
    'O3 service-linked roles and RCPs',
    "if (facts.principalIsServiceLinkedRole) return 'resource control",
    "if (facts === undefined) return 'resource control",
  ),
  rules(
    'O5 RCPs never need to allow',
    "if (layer.kind === 'resource-guardrail') return 'the policy",
    "if (layer.kind === 'share') return 'the policy",
  ),
  rules(
    'O6 resources of the management account',
    'if (facts.resourceAccountIsManagement) return',
    'if (facts === undefined) return',
  ),
  rules(
    'O9 services are not bound by SCPs',
    "if (!hasAccount(question)) return 'service control",
    "if (caller.kind === 'anonymous') return 'service control",
  ),
  exceptions('O7 services outside the list', 'return rcpServices.has(service) ?', 'return service !== "" ?'),
  exceptions('O8 single permissions', 'if (rcpExemptActions.has(action))', 'if (action === "")'),
  // strict resources
  exceptions('K1 key policies must allow', 'actions: /^kms:/', 'actions: /^nothing:/'),
  exceptions('K1 actions that name no key', ' && row.type === type', ''),
  exceptions('T2 trust policies must allow', '/^sts:(assumerole|', '/^sts:('),
  exceptions('T6 tags of a session', '|tagsession|', '|'),
  rules(
    'T2 K1 delegation needs the identity policy',
    "anyOf(allOf(byResource(ACCOUNT), grant('identity')), byResource(ROLE)",
    'anyOf(byResource(ACCOUNT), byResource(ROLE)',
  ),
  rules(
    'K1 delegation counts',
    "anyOf(allOf(byResource(ACCOUNT), grant('identity')), byResource(ROLE)",
    'anyOf(byResource(ROLE)',
  ),
  rules(
    'K2 a role named by the key policy',
    "grant('identity')), byResource(ROLE), grant('grant', ROLE)),",
    "grant('identity')), grant('grant', ROLE)),",
  ),
  rules(
    'K2 a user named by the key policy',
    "      byResource(CALLER),\n      grant('grant', CALLER),\n    ),\n  );\n\n/**\n * E14",
    "      grant('grant', CALLER),\n    ),\n  );\n\n/**\n * E14",
  ),
  rules('K5 root needs the key policy', 'strict ? SAME_STRICT_ROOT : SAME_ROOT', 'strict ? SAME_ROOT : SAME_ROOT'),
  rules(
    'K6 a grant to a role',
    "grant('identity')), byResource(ROLE), grant('grant', ROLE)),",
    "grant('identity')), byResource(ROLE)),",
  ),
  grants('K6 the grantee', 'principals: principalOf(who)', "principals: { kind: 'anyone' }"),
  grants('K6 the constraints', 'const context = contextOf(constraints);', 'const context: Condition[] = [];'),
  grants('K6 an equal encryption context', 'if (!exact) return conditions;', 'return conditions;'),
  grants('K6 the operations', 'names.map((name) =>', "['Decrypt'].map((name) =>"),
  exceptions(
    'T9 the caller identity',
    "applies: (action) => action === 'sts:getcalleridentity'",
    "applies: (action) => action === ''",
  ),
  exceptions(
    'T9 federated users and IAM',
    "caller.kind === 'federated-session' && action.startsWith('iam:')",
    "caller.kind === 'anonymous' && action.startsWith('iam:')",
  ),
  exceptions(
    'T9 temporary credentials get no further ones',
    '/^sts:get(session|federation)token$/.test(action) && isSession(question)',
    "action === ''",
  ),
  exceptions(
    'T9 session tokens need no permission',
    "applies: (action) => action === 'sts:getsessiontoken'",
    "applies: (action) => action === ''",
  ),
  exceptions(
    'T9 session tokens and STS',
    '!OF_USER_SESSIONS.test(action) && isSessionOfUser(question)',
    "action === '' && isSessionOfUser(question)",
  ),
  exceptions(
    'T9 session tokens and IAM',
    "['aws:multifactorauthpresent'] !== 'true'",
    "['aws:multifactorauthpresent'] === ''",
  ),
  exceptions(
    'E14 sessions of AssumeRoot',
    "context['aws:assumedroot'] !== 'true'",
    "context['aws:assumedroot'] !== ''",
  ),
  exceptions('E14 AssumeRoot', 'actions: /^sts:assumeroot$/', 'actions: /^nothing:/'),
  rules(
    'E14 the session policy of the root user',
    "allOf(limit('guardrail'), limit('endpoint'), limit('session'))",
    "allOf(limit('guardrail'), limit('endpoint'))",
  ),
  exceptions(
    'root cannot assume roles',
    "caller.kind === 'root' && action === 'sts:assumerole'",
    "caller.kind === 'anonymous' && action === 'sts:assumerole'",
  ),
  // S3, RAM
  rules(
    'S1 restricted public buckets',
    "if (layer.kind === 'resource' && s3.restrictPublicBuckets",
    "if (layer.kind === 'share' && s3.restrictPublicBuckets",
  ),
  rules('S1 services pass', "return caller.kind !== 'service' && caller.account", 'return caller.account'),
  rules(
    'S1 the own account passes',
    "return caller.kind !== 'service' && caller.account !== resource.ref.account",
    "return caller.kind !== 'service' && resource.ref.account !== ''",
  ),
  publicAccess('S1 conditions limit', '&& !statement.conditions.some(limits)', ''),
  publicAccess('S1 values must be fixed', '&& values.every((value) => isFixed(key, value))', ''),
  publicAccess('S1 ranges must be narrow', 'return values.every(isNarrow)', 'return values.length > 0'),
  rules('S4 ACLs grant', "grant('acl'), ", ''),
  rules('S5 ownership', 'if (facts.s3?.bucketOwnerEnforced)', 'if (facts === undefined)'),
  rules(
    'S7 public ACLs',
    "layer.kind === 'acl' && s3.ignorePublicAcls",
    "layer.kind === 'share' && s3.ignorePublicAcls",
  ),
  acl(
    'S7 authenticated users',
    "return { kind: 'not', of: { kind: 'exact', id: 'anonymous' } };",
    "return { kind: 'anyone' };",
  ),
  rules(
    'S8 access points',
    "allOf(grant('resource', at), { ...limit('access-point'), at, repair: 'allow' })",
    "allOf(grant('resource', at))",
  ),
  rules('R1 shares grant', ", grant('share'))", ')'),
  shares('R3 shares in effect', ".filter((share) => IN_EFFECT.has((share.status ?? 'ASSOCIATED').toUpperCase()))", ''),
  shares(
    'R2 the shared resource',
    "resources: { kind: 'names', patterns: [share.resource] }",
    "resources: { kind: 'any' }",
  ),
  // principals
  principal('P2 sessions of a role', 'caller.role === pattern.id ? ROLE', "caller.role === '' ? ROLE"),
  principal('P3 everyone of an account', 'caller.account === pattern.account && belongsToAccount(caller)', 'false'),
  principal('P9 the service that is named', '&& name === caller.id &&', '&&'),
  principal(
    'T8 the provider',
    "caller.kind === 'federated' && caller.id === pattern.provider",
    "caller.kind === 'federated'",
  ),
  principal('E8 the closest name counts', 'if (coverage > best) best = coverage;', 'best = coverage;'),
  principal(
    'N4 not',
    'matcher(caller, bounded) === NONE ? CALLER : NONE',
    'matcher(caller, bounded) === NONE ? NONE : CALLER',
  ),
  compile('N5 boundaries', ", { kind: 'bounded' }]", ']'),
  principal('P7 ids of deleted principals', 'caller.uniqueId !== id ||', ''),
  principal('P7 sessions of who has an id', 'role === undefined || role === id ? CALLER : ROLE', 'CALLER'),
  compile('N4 an id and its account', 'return [{ ...pattern, within: accounts }];', 'return [pattern];'),
  // statements
  compile('W6 the effect', "if (effect !== 'Allow' && effect !== 'Deny')", "if (effect === '')"),
  compile('N1 NotAction', "return found?.negated ? { kind: 'not', of } : of;", 'return of;'),
  compile('N3 NotResource', "return found.negated ? { kind: 'not', of } : of;", 'return of;'),
  compile('W1 actions ignore case', '.map((name) => name.toLowerCase())', ''),
  compile('W4 incomplete ARNs', '.map(completeArn)', ''),
  compile('V3 the version', "variables: version === '2012-10-17',", 'variables: true,'),
  compile('C5 IfExists is read', '...(ifExists ? { ifExists: true } : {}),', ''),
  compile('C9 keys ignore case', 'key: key.toLowerCase(),', 'key,'),
  match(
    'V2 variables without value',
    'resolved !== undefined && matcherOf(resolved.pieces)(name)',
    'resolved === undefined || matcherOf(resolved.pieces)(name)',
  ),
  match(
    'V11 variables behind the fifth colon',
    'templateOf(text, resourceOffset(text))',
    'templateOf(text, text.length)',
  ),
  // conditions
  match(
    'C6 every condition must hold',
    'if (!condition.holds(ask.context)) return NONE;',
    'if (condition.holds(ask.context)) return coverage;',
  ),
  condition('C2 C3 missing keys', "return condition.quantifier === 'any' ? false : test.missing;", 'return false;'),
  condition('C5 IfExists', 'if (condition.ifExists) return true;', ''),
  condition(
    'C15 ForAllValues of nothing',
    "if (condition.quantifier === 'all' || condition.quantifier === 'none') return true;",
    '',
  ),
  condition(
    'C15 ForAnyValue of nothing',
    "return condition.quantifier === 'any' ? false : test.missing;",
    "return condition.quantifier === 'any' ? true : test.missing;",
  ),
  condition(
    'C15 ForAllValues',
    'return got.every(test.matches);\n    case',
    'return got.some(test.matches);\n    case',
  ),
  condition(
    'C15 ForAnyValue',
    "case 'any':\n      return got.some(test.matches);",
    "case 'any':\n      return got.every(test.matches);",
  ),
  condition(
    'V6 values without a variable',
    '.filter((value) => value !== undefined)',
    ".map((value) => value ?? { text: 'ana', pieces: ['ana'] })",
  ),
  value('V4 defaults', '?? part.fallback', ''),
  value(
    'V8 characters',
    'if (literal !== undefined) parts.push(literal);',
    'if (literal !== undefined) parts.push(...piecesOf(literal));',
  ),
  value('V10 lists', "if (typeof value !== 'string') return undefined;", 'if (value === undefined) return undefined;'),
  glob('W2 the whole text', 'return start >= at && endOf(last, text, start) === text.length;', 'return start >= at;'),
  // operators
  operator(
    'negation',
    'return { matches: (got) => !matches(got), missing: true };',
    'return { matches, missing: true };',
  ),
  operator('a missing key and a negated operator', '!matches(got), missing: true }', '!matches(got), missing: false }'),
  operator(
    'a missing key and a positive operator',
    'prepare: (values) => ({ matches: positive(values), missing: false })',
    'prepare: (values) => ({ matches: positive(values), missing: true })',
  ),
  string(
    'StringEquals',
    'matches: (got) => wanted.has(fold(got)), missing: false',
    'matches: () => true, missing: false',
  ),
  string(
    'StringNotEquals',
    'matches: (got) => !unwanted.has(fold(got)), missing: true',
    'matches: () => true, missing: true',
  ),
  string(
    'StringNotEquals of a missing key',
    '!unwanted.has(fold(got)), missing: true',
    '!unwanted.has(fold(got)), missing: false',
  ),
  string('StringEqualsIgnoreCase', '(text) => text.toLowerCase()', '(text) => text'),
  string('StringLike', 'matcherOf(value.pieces)', '(got) => got === value.text'),
  ...['order === 0', 'order < 0', 'order <= 0', 'order > 0', 'order >= 0'].map((test) =>
    numeric(`Numeric ${test}`, `(order) => ${test}`, '(order) => order === 2'),
  ),
  numeric(
    'numbers by value',
    'holds(compareDecimals(number, limit))',
    'holds(got < value.text ? -1 : got > value.text ? 1 : 0)',
  ),
  ...['===', '<', '<=', '>', '>='].map((sign) =>
    date(`Date ${sign}`, `(got, limit) => got ${sign} limit`, '(got, limit) => got === limit + 1'),
  ),
  date('instants have an offset', "- (zone.startsWith('-') ? -offset : offset) * 60_000", ''),
  address('IpAddress', 'if (address[n] !== range.bytes[n]) return false;', ''),
  address('the prefix', 'return { bytes, bits: Number(prefix) };', 'return { bytes, bits: bytes.length * 8 };'),
  address('families', 'if (address.length !== range.bytes.length) return false;', ''),
  arn(
    'the components',
    'components.every((matches, n) => matches(parts[n]!))',
    'components.some((matches, n) => matches(parts[n]!))',
  ),
  other('Bool', 'got.toLowerCase() === wanted', 'true'),
  other('BinaryEquals', 'decode(got) === wanted', 'true'),
  other('Null of an absent key', "missing: wanted.includes('true')", 'missing: false'),
  other('Null of a present key', 'matches: () => present', 'matches: () => false'),
];
