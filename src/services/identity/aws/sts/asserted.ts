/** What an identity provider has said of a caller. */
import type { Asserted, Identity } from '../../../../operation.ts';

/** Of callers that the face identifies by what a provider asserts. */
export function assertedBy({ asserted, caller }: Identity): Asserted {
  if (asserted === undefined) throw new Error(`nobody asserts anything of \`${caller.id}\``);
  return asserted;
}
