/** What would change an answer about an AWS resource, as far as the viewer's own account can change it. */
import { type AwsGrant, repair, whatStops } from '../policy/aws/repair.ts';
import type { Layer, Missing, Question, Verdict } from '../policy/model.ts';
import type { Stop } from './change.ts';
import type { Remedy } from './remedy.ts';
import { layerWords, sourceWords } from './words.ts';

/** Whether the viewer may know what an account says. */
export type Sees = (account: string) => boolean;

/**
 * For a viewer who sees the resource's account: the statements that are missing, or what stands in the way. Where he
 * does not see the caller's account, it is the same whatever that account says.
 */
export function awsRemedy(
  question: Question,
  verdict: Verdict,
  { sees, existed }: { readonly sees: Sees; readonly existed: boolean },
): Remedy | undefined {
  if (verdict.missing === undefined) return undefined;
  const missing = visibleMissing(verdict.missing, sees);
  if (missing === undefined) {
    return { says: 'what is missing is on the side of the caller: its account has to allow it too' };
  }
  const { blockers, grants, around } = repair(question, { ...verdict, missing });
  if (grants.length === 0) {
    const inTheWay = [...new Set(blockers.map(blockerWords))].join(', ');
    if (inTheWay !== '') return { says: `no grant helps as long as this stands in the way: ${inTheWay}` };
    return { says: 'no statement that could be added allows this' };
  }
  if (!existed && grants.some(({ layer }) => layer === 'resource')) {
    return { says: 'there is no such resource, and so no policy of it that could allow this' };
  }
  const { account, kind } = question.caller;
  const says = [
    `${grants.length === 1 ? 'this statement' : 'these statements together'} would allow it`,
    ...(around ? [', going around the limit that is in the way'] : []),
    ...(sees(account) || kind === 'service' || kind === 'anonymous' ? [] : [", if the caller's account allows it too"]),
  ].join('');
  return { says, statements: grants };
}

/** The kind of policy, and the statements that deny. */
function blockerWords({ layer, by }: Extract<Missing, { kind: 'blocked' }>): string {
  const denying = by.filter(({ matched, effect }) => matched && effect === 'deny').map((reason) => sourceWords(reason));
  return denying.length === 0 ? layerWords(layer) : `${layerWords(layer)} (${denying.join(', ')})`;
}

/** For the account that asked another: its own missing half, and what it may hand to the owner. */
export function awsRemedyForAsker(question: Question, verdict: Verdict | undefined): Remedy {
  const { account } = question.resource.ref;
  const own = verdict === undefined ? [] : missingOf(question, verdict, question.caller.account);
  const leaf: Missing = { kind: 'allow', account, layer: 'resource' };
  const theirs = repair(question, { outcome: 'implicit-deny', sides: [], notes: [], missing: leaf }).grants;
  const says =
    own.length > 0
      ? `your own account has to allow this, and account ${account} too: its administrator finds the reasons on his side under this id`
      : `only account ${account} can allow this: ask its administrator, who finds the reasons on his side under this id`;
  return { says, statements: [...own, ...theirs] };
}

/** The grants that an account's own side lacks. */
function missingOf(question: Question, { sides }: Verdict, account: string): readonly AwsGrant[] {
  const side = sides.find(({ role }) => role === 'principal');
  if (side === undefined || side.outcome === 'allow') return [];
  const missing: Missing = { kind: 'allow', account, layer: 'identity' };
  const blocked = side.layers.some(({ kind, outcome }) => kind !== 'identity' && outcome !== 'allow');
  if (blocked || side.outcome === 'explicit-deny') return [];
  return repair(question, { outcome: 'implicit-deny', sides: [], notes: [], missing }).grants;
}

/** What would end an allow, among the policies that the viewer sees. */
export function awsStop(question: Question, layers: readonly Layer[], verdict: Verdict, sees: Sees): Stop | undefined {
  if (verdict.outcome !== 'allow') return undefined;
  const stops = whatStops(question, layers, verdict).filter(({ account }) => sees(account));
  const [first] = stops;
  if (first === undefined)
    return { says: 'a statement that denies it: taking away what allows it on one side is not enough' };
  const policies = first.statements.map(({ account, policy, text }) => ({ account, policy, text }));
  if (first.layer === 'grant') {
    const ids = first.statements.map(({ statement }) => `\`${statement}\``);
    return { says: `revoking the grant${ids.length === 1 ? '' : 's'} ${ids.join(', ')}`, policies };
  }
  const names = policies.map(({ policy }) => `\`${policy}\``);
  return { says: `taking the statement${names.length === 1 ? '' : 's'} out of ${names.join(', ')}`, policies };
}

/** What is missing on the sides that the viewer sees; undefined when all of it is elsewhere. */
export function visibleMissing(missing: Missing, sees: Sees): Missing | undefined {
  if (missing.kind === 'allow' || missing.kind === 'blocked') return sees(missing.account) ? missing : undefined;
  const of = missing.of.map((one) => visibleMissing(one, sees)).filter((one) => one !== undefined);
  return of.length === 0 ? undefined : of.length === 1 ? of[0] : { ...missing, of };
}
