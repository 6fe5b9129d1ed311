/** Callers whom an identity provider vouches for, and what it has said of them. */
import { Fault } from '../../../../faults.ts';
import type { Asserted, Credential, Identity } from '../../../../operation.ts';
import type { Outbound } from '../../../../outbound.ts';
import type { Unit } from '../../../../store/store.ts';
import { identifyBySaml, type SamlAssertion } from './saml/identify.ts';
import { createWebIdentify, type WebIdentity } from './web-identity/identify.ts';

type Identify = (unit: Unit, credential: Credential, now: number) => Promise<Identity>;

/**
 * Makes the check of what identity providers assert. `identifyIbm`: whether a token of IBM Cloud, which is a provider
 * too, still speaks for somebody.
 */
export function createAssertedIdentify(outbound: Outbound, identifyIbm: Identify) {
  const byWeb = createWebIdentify(outbound, async (unit, token, now) => {
    try {
      await identifyIbm(unit, { kind: 'bearer', token }, now);
      return true;
    } catch (error) {
      if (error instanceof Fault) return false;
      throw error;
    }
  });
  return (unit: Unit, credential: WebIdentity | SamlAssertion, now: number): Promise<Identity> =>
    credential.kind === 'web-identity' ? byWeb(unit, credential, now) : identifyBySaml(unit, credential, now);
}

/** Of callers that the face identifies by what a provider asserts. */
export function assertedBy({ asserted, caller }: Identity): Asserted {
  if (asserted === undefined) throw new Error(`nobody asserts anything of \`${caller.id}\``);
  return asserted;
}
