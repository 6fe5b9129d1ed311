/** When access keys and roles were last used. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import type { Allowed } from '../../../../operation.ts';
import type { RoleDocument, UserDocument } from '../documents.ts';
import { type KnownUses, knownUses } from '../usage/kept.ts';
import { withinPeriod } from '../usage/uses.ts';

/** The last use of one of a user's access keys. Where nothing is known of any, the vendor says `N/A`. */
export async function lastUsedOf(
  cx: Context,
  user: Allowed<UserDocument>,
  accessKeyId: string,
): Promise<Iam.AccessKeyLastUsed> {
  const last = (await (await knownUses(cx, user)).of(accessKeyId))?.last;
  if (last === undefined) return { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' };
  return { LastUsedDate: new Date(last.at), ServiceName: last.service, Region: last.region };
}

/** The last use of a role within the period that is reported; `{}` when there is none. `known`: of the role's account. */
export async function roleLastUsed(
  cx: Context,
  role: Pick<RoleDocument, 'id'>,
  known: KnownUses,
): Promise<Iam.RoleLastUsed> {
  const last = (await known.of(role.id))?.last;
  if (last === undefined || !withinPeriod(last, cx.now)) return {};
  return { LastUsedDate: new Date(last.at), Region: last.region };
}
