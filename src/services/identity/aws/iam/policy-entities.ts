/** Who has a managed policy, or is bounded by it. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import { type AnyAllowed, operation } from '../../../../operation.ts';
import type { Collection } from '../../../../store/store.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { type EntityDocument, groups, roles, users } from '../documents.ts';
import { documentsOf, type EntriesAfter, oneAfterAnother, pageOf } from './listing.ts';
import { readPolicy } from './policy-view.ts';

interface Holder {
  readonly kind: 'Group' | 'User' | 'Role';
  readonly name: string;
  readonly id: string;
}

type Filters = Input<Iam.ListEntitiesForPolicyCommandInput>;

export const listEntitiesForPolicy = operation(
  'iam.ListEntitiesForPolicy',
  async (
    cx,
    input: Input<Iam.ListEntitiesForPolicyCommandInput>,
  ): Promise<Output<Iam.ListEntitiesForPolicyCommandOutput>> => {
    const { allowed, policy } = await readPolicy(cx, 'listEntitiesForPolicy', input.PolicyArn);
    const { EntityFilter, PathPrefix, PolicyUsageFilter } = input;
    const scope = ['ListEntitiesForPolicy', policy.arn, EntityFilter, PathPrefix, PolicyUsageFilter];
    const { items, rest } = await pageOf(cx, scope, input, holdersOf(cx, allowed, policy.arn, input));
    const of = (kind: Holder['kind']) => items.filter((holder) => holder.kind === kind);
    return {
      PolicyGroups: of('Group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: of('User').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: of('Role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...rest,
    };
  },
  { recorded: ({ PolicyArn }) => ({ PolicyArn }) },
);

/** Each holder once, whether it has the policy, is bounded by it, or both. */
function holdersOf(
  cx: Context,
  allowed: AnyAllowed,
  arn: string,
  { EntityFilter, PathPrefix = '/', PolicyUsageFilter }: Filters,
): EntriesAfter<Holder> {
  const wants = (kind: Holder['kind']): boolean => EntityFilter === undefined || EntityFilter === kind;
  const attached = <D extends EntityDocument>(kind: Holder['kind'], of: Collection<D>) => {
    const isShown = wants(kind) && PolicyUsageFilter !== 'PermissionsBoundary';
    const keep = (value: Readonly<D>): boolean => isShown && value.path.startsWith(PathPrefix);
    return holders(kind, documentsOf(cx, allowed, of, { index: 'attached', key: arn, keep }));
  };
  const bounded = <D extends EntityDocument>(kind: Holder['kind'], of: Collection<D>) => {
    const isShown = wants(kind) && PolicyUsageFilter !== 'PermissionsPolicy';
    const isShownBefore = (value: Readonly<D>): boolean =>
      PolicyUsageFilter === undefined && value.attached.includes(arn);
    const keep = (value: Readonly<D>): boolean => isShown && value.path.startsWith(PathPrefix) && !isShownBefore(value);
    return holders(kind, documentsOf(cx, allowed, of, { index: 'boundary', key: arn, keep }));
  };
  return oneAfterAnother([
    ['groups', attached('Group', groups)],
    ['users', attached('User', users)],
    ['bounded-users', bounded('User', users)],
    ['roles', attached('Role', roles)],
    ['bounded-roles', bounded('Role', roles)],
  ]);
}

function holders(
  kind: Holder['kind'],
  documents: EntriesAfter<{ readonly value: EntityDocument }>,
): EntriesAfter<Holder> {
  return async function* (after) {
    for await (const [position, { value }] of documents(after)) {
      yield [position, { kind, name: value.name, id: value.id }];
    }
  };
}

export const policyEntityOperations = {
  ListEntitiesForPolicy: listEntitiesForPolicy,
} satisfies Answered<typeof Iam>;
