/** When a role was last used, and where. */
import type { RoleLastUsed } from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import type { Allowed } from '../../../../operation.ts';
import type { RoleDocument } from '../documents.ts';

/** Empty for a role that has not been used in the time that is kept. */
export async function roleLastUsed(_cx: Context, _role: Allowed<RoleDocument>): Promise<RoleLastUsed> {
  return {};
}
