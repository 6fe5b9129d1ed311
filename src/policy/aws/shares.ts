/**
 * RAM shares as resource policies: the consumers may do what the share's permission lists, once it is in effect.
 * https://docs.aws.amazon.com/ram/latest/userguide/security-iam-policies.html
 */
import type { PrincipalPattern, Statement } from '../model.ts';
import { parsePrincipal } from '../names.ts';

export interface ResourceShare {
  readonly id?: string;
  readonly resource: string;
  /** Account ids, role or user ARNs; organizations and units are given by `organization`. */
  readonly principals: readonly string[];
  readonly permission: { readonly name: string; readonly actions: readonly string[] };
  /** In effect only as `ASSOCIATED`, `ACTIVE` or `ACCEPTED`. */
  readonly status?: string;
}

const IN_EFFECT = new Set(['ASSOCIATED', 'ACTIVE', 'ACCEPTED']);

/** The statements of the shares of resources that `account` owns. */
export function shareStatements(shares: readonly ResourceShare[], account: string): readonly Statement[] {
  return shares
    .filter((share) => IN_EFFECT.has((share.status ?? 'ASSOCIATED').toUpperCase()))
    .map((share, n) => ({
      effect: 'allow',
      principals: { kind: 'any-of', of: share.principals.map(consumerOf) },
      actions: { kind: 'wildcard', patterns: share.permission.actions.map((action) => action.toLowerCase()) },
      resources: { kind: 'names', patterns: [share.resource] },
      conditions: [],
      origin: {
        account,
        policy: share.id ?? 'share',
        statement: share.permission.name || String(n),
        text: JSON.stringify(share),
      },
    }));
}

function consumerOf(principal: string): PrincipalPattern {
  if (/^\d{12}$/.test(principal)) return { kind: 'account', account: principal };
  const named = parsePrincipal(principal);
  if (named?.kind === 'root') return { kind: 'account', account: named.account };
  return { kind: named?.kind === 'role' ? 'role' : 'exact', id: principal };
}
