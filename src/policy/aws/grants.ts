/** KMS grants as statements. https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
import type { Condition, PrincipalPattern, Statement } from '../model.ts';
import { parsePrincipal } from '../names.ts';

/** A grant as the API returns it, as far as decisions need it. */
export interface KeyGrant {
  readonly id?: string;
  /** ARN of a user, role, session or account, or a service principal. */
  readonly grantee: string;
  /** `Decrypt`, `GenerateDataKey`, ... */
  readonly operations: readonly string[];
  readonly constraints?: {
    readonly EncryptionContextSubset?: Readonly<Record<string, string>>;
    readonly EncryptionContextEquals?: Readonly<Record<string, string>>;
  };
}

/** The statements of the grants on one key, which `account` owns. */
export function grantStatements(grants: readonly KeyGrant[], account: string): readonly Statement[] {
  return grants.map((grant, n) => ({
    effect: 'allow',
    principals: granteeOf(grant.grantee),
    actions: { kind: 'exact', names: new Set(grant.operations.map((operation) => `kms:${operation.toLowerCase()}`)) },
    resources: { kind: 'attached' },
    conditions: constraintsOf(grant.constraints ?? {}),
    origin: { account, policy: 'grants', statement: grant.id ?? String(n), text: JSON.stringify(grant) },
  }));
}

function granteeOf(grantee: string): PrincipalPattern {
  const named = parsePrincipal(grantee);
  if (!named) return { kind: 'service', name: grantee, tests: [] };
  if (named.kind === 'root') return { kind: 'account', account: named.account };
  return { kind: named.kind === 'role' ? 'role' : 'exact', id: grantee };
}

const PREFIX = 'kms:encryptioncontext:';

/** Every pair must be in the request's encryption context; `Equals` allows no other pair. Case counts. */
function constraintsOf(constraints: NonNullable<KeyGrant['constraints']>): readonly Condition[] {
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
