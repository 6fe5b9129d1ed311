/** KMS grants as statements. https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
import type { Condition, PrincipalPattern, Statement } from '../model.ts';
import { parsePrincipal } from '../names.ts';

/** A grant as the API returns it, as far as decisions need it. */
export interface KeyGrant {
  readonly id?: string;
  /** ARN of a user, role, session or account, the unique id of a user or role, or a service principal. */
  readonly grantee: string;
  /** The same of who may retire this grant. */
  readonly retiring?: string;
  /** `Decrypt`, `GenerateDataKey`, ... */
  readonly operations: readonly string[];
  readonly constraints?: GrantConstraints;
}

export interface GrantConstraints {
  readonly EncryptionContextSubset?: Readonly<Record<string, string>>;
  readonly EncryptionContextEquals?: Readonly<Record<string, string>>;
  readonly SourceArn?: string;
}

/** The context key of a question about retiring: the id of the grant that is to go. No policy of AWS knows it. */
export const GRANT_ID = 'easement:grantid';

/** The statements of the grants on one key, which `account` owns. */
export function grantStatements(grants: readonly KeyGrant[], account: string): readonly Statement[] {
  return grants.flatMap((grant, n) => statementsOf(grant, { account, id: grant.id ?? String(n) }));
}

/** Constraints on the encryption context leave alone what has none. */
const WITHOUT_CONTEXT: ReadonlySet<string> = new Set(['DescribeKey', 'GetPublicKey']);
/** The other ones have rules of their own. */
const PASSING_ON = 'CreateGrant';
const RETIRING = 'RetireGrant';

function statementsOf(grant: KeyGrant, at: { readonly account: string; readonly id: string }): readonly Statement[] {
  const { grantee, retiring, operations, constraints = {} } = grant;
  const origin = { account: at.account, policy: 'grants', statement: at.id, text: JSON.stringify(grant) };
  const statement = (who: string, names: readonly string[], conditions: readonly Condition[]): Statement[] =>
    names.length === 0
      ? []
      : [
          {
            effect: 'allow',
            principals: principalOf(who),
            actions: { kind: 'exact', names: new Set(names.map((name) => `kms:${name.toLowerCase()}`)) },
            resources: { kind: 'attached' },
            conditions,
            origin,
          },
        ];
  const source = sourceOf(constraints);
  const context = contextOf(constraints);
  const used = operations.filter((name) => name !== PASSING_ON && name !== RETIRING);
  const thisGrant: Condition = { kind: 'test', operator: 'StringEquals', key: GRANT_ID, values: [at.id] };
  return [
    ...statement(
      grantee,
      used.filter((name) => !WITHOUT_CONTEXT.has(name)),
      [...source, ...context],
    ),
    ...statement(
      grantee,
      used.filter((name) => WITHOUT_CONTEXT.has(name)),
      source,
    ),
    ...(operations.includes(PASSING_ON)
      ? statement(grantee, [PASSING_ON], [...source, ...context, ...noMoreThan(grant)])
      : []),
    ...(operations.includes(RETIRING) ? statement(grantee, [RETIRING], [thisGrant]) : []),
    ...(retiring === undefined ? [] : statement(retiring, [RETIRING], [thisGrant])),
  ];
}

const UNIQUE_ID = /^A(IDA|ROA)[A-Z0-9]+$/;

function principalOf(name: string): PrincipalPattern {
  if (UNIQUE_ID.test(name)) return { kind: 'unique', id: name };
  const named = parsePrincipal(name);
  if (!named) return { kind: 'service', name, tests: [] };
  if (named.kind === 'root') return { kind: 'account', account: named.account };
  return { kind: named.kind === 'role' ? 'role' : 'exact', id: name };
}

/**
 * A grant that is made by right of a grant gives none but its operations, and is constrained at least as strictly. What
 * the new one is constrained to stands in the question where that of other operations has the encryption context.
 * https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html
 */
function noMoreThan({ operations, constraints = {} }: KeyGrant): readonly Condition[] {
  const given: Condition = {
    kind: 'test',
    operator: 'StringEquals',
    key: 'kms:grantoperations',
    values: operations,
    quantifier: 'all',
  };
  if (constraints.EncryptionContextEquals === undefined) return [given];
  return [
    given,
    {
      kind: 'test',
      operator: 'StringEquals',
      key: 'kms:grantconstrainttype',
      values: ['EncryptionContextEquals'],
    },
  ];
}

function sourceOf({ SourceArn: arn }: GrantConstraints): readonly Condition[] {
  return arn === undefined ? [] : [{ kind: 'test', operator: 'ArnEquals', key: 'aws:sourcearn', values: [arn] }];
}

const PREFIX = 'kms:encryptioncontext:';

/**
 * Every pair must be in the request's encryption context; `Equals` allows no other pair. The case of values counts, that
 * of keys does not.
 */
function contextOf(constraints: GrantConstraints): readonly Condition[] {
  const pairs = Object.entries({ ...constraints.EncryptionContextSubset, ...constraints.EncryptionContextEquals });
  const conditions = pairs.map(
    ([key, value]): Condition => ({
      kind: 'test',
      operator: 'StringEquals',
      key: `${PREFIX}${key.toLowerCase()}`,
      values: [value],
    }),
  );
  const exact = constraints.EncryptionContextEquals;
  if (!exact) return conditions;
  const keys = Object.keys(exact).map((key) => `${PREFIX}${key.toLowerCase()}`);
  return [...conditions, { kind: 'no-other-keys', prefix: PREFIX, keys }];
}
