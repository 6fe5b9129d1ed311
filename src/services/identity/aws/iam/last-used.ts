/** When access keys were last used. */
import type { AccessKeyLastUsed } from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';

/** Of a key whose use nothing is known of, the vendor says `N/A`. */
export async function lastUsedOf(_cx: Context, _accessKeyId: string): Promise<AccessKeyLastUsed> {
  return { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' };
}
