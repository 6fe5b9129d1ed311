/**
 * S3 access control lists as statements. They grant to other accounts and to groups, never to principals of the
 * owner's own account. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
import type { PrincipalPattern, Statement } from '../model.ts';

export interface AclGrant {
  /** An account, a canonical id, or the group `AllUsers` or `AuthenticatedUsers`. */
  readonly grantee: { readonly account?: string; readonly canonicalId?: string; readonly group?: string };
  /** `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP` or `FULL_CONTROL`. */
  readonly permission: string;
}

/** The actions that a permission means, by whether the list is a bucket's or an object's. */
const BUCKET_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  READ: ['s3:listbucket', 's3:listbucketversions', 's3:listbucketmultipartuploads'],
  WRITE: ['s3:putobject', 's3:deleteobject', 's3:deleteobjectversion'],
  READ_ACP: ['s3:getbucketacl'],
  WRITE_ACP: ['s3:putbucketacl'],
};
const OBJECT_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  READ: ['s3:getobject', 's3:getobjectversion'],
  WRITE: [],
  READ_ACP: ['s3:getobjectacl', 's3:getobjectversionacl'],
  WRITE_ACP: ['s3:putobjectacl', 's3:putobjectversionacl'],
};

/** The statements of the list of a bucket or an object, which `account` owns. */
export function aclStatements(grants: readonly AclGrant[], account: string): readonly Statement[] {
  return grants.map((grant, n) => ({
    effect: 'allow',
    principals: granteeOf(grant.grantee),
    actions: { kind: 'exact', names: new Set(actionsOf(grant.permission)), roles: [grant.permission] },
    resources: { kind: 'attached' },
    conditions: [],
    origin: { account, policy: 'acl', statement: String(n), text: JSON.stringify(grant) },
  }));
}

function actionsOf(permission: string): readonly string[] {
  const permissions = permission === 'FULL_CONTROL' ? Object.keys(BUCKET_ACTIONS) : [permission];
  return permissions.flatMap((one) => [...(BUCKET_ACTIONS[one] ?? []), ...(OBJECT_ACTIONS[one] ?? [])]);
}

function granteeOf(grantee: AclGrant['grantee']): PrincipalPattern {
  if (grantee.account !== undefined) return { kind: 'account', account: grantee.account };
  if (grantee.canonicalId !== undefined) return { kind: 'canonical', id: grantee.canonicalId };
  // Whoever has an AWS account; only anonymous callers have none.
  if (grantee.group === 'AuthenticatedUsers') return { kind: 'not', of: { kind: 'exact', id: 'anonymous' } };
  return grantee.group === 'AllUsers' ? { kind: 'anyone' } : { kind: 'any-of', of: [] };
}
