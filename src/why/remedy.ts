/** What would change a refusal. */
import type { AwsGrant } from '../policy/aws/repair.ts';
import { type SmallestGrant, smallestGrant } from '../policy/ibm/repair.ts';
import type { Layer, Missing, Question, Verdict } from '../policy/model.ts';
import { opensBesides } from './change.ts';
import { awsRemedyForAsker } from './remedy-aws.ts';

export interface Remedy {
  readonly says: string;
  readonly grant?: Omit<SmallestGrant, 'policy'>;
  /** Neighbouring requests that the grant allows besides, in words: roles and attributes go no narrower. */
  readonly opens?: readonly string[];
  /** AWS: statements to add, each with where it has to go. */
  readonly statements?: readonly AwsGrant[];
}

/** For those who decide over the resource: the smallest policy that allows exactly this, or why no policy does. */
export function remedyForOwner(question: Question, verdict: Verdict, layers: readonly Layer[]): Remedy | undefined {
  if (verdict.missing === undefined) return undefined;
  const grant = smallestGrant(question, verdict);
  if (grant) {
    const says = `an administrator of account ${grant.account} can allow this`;
    return { says, ...shown(grant, question, layers) };
  }
  if (isBlocked(verdict.missing)) {
    return { says: 'a statement denies this: as long as it stands, no further policy allows it' };
  }
  return { says: 'no role that the cloud offers for this caller and service holds this action' };
}

/**
 * For those who asked across an account's boundary: what they may hand to its owner. Made from their own request alone,
 * so that it is the same whether the resource exists, is forbidden, or is allowed to others.
 */
export function remedyForAsker(question: Question, verdict?: Verdict): Remedy {
  if (question.resource.ref.cloud === 'aws') return awsRemedyForAsker(question, verdict);
  const account = question.resource.ref.account;
  const layer = question.caller.kind === 'service' ? 'authorization' : 'access';
  const missing: Missing = { kind: 'allow', account, layer };
  const grant = smallestGrant(question, { outcome: 'implicit-deny', sides: [], notes: [], missing });
  return {
    says: `only account ${account} can allow this: ask its administrator, who finds the reasons on his side under this id`,
    ...(grant ? shown(grant, question, []) : {}),
  };
}

function shown(found: SmallestGrant, question: Question, layers: readonly Layer[]): Pick<Remedy, 'grant' | 'opens'> {
  const { policy, account, v1, v2, cli, file } = found;
  const grant = { account, v1, v2, cli, ...(file ? { file } : {}) };
  return { grant, opens: opensBesides(policy, question, layers) };
}

function isBlocked(missing: Missing): boolean {
  if (missing.kind === 'blocked') return true;
  if (missing.kind === 'allow') return false;
  return missing.kind === 'all-of' ? missing.of.some(isBlocked) : missing.of.every(isBlocked);
}
