/** What an answer rests on: what a suggested grant would open besides, and what would stop what is allowed. */
import { compile } from '../policy/ibm/compile.ts';
import type { IbmPolicy } from '../policy/ibm/document.ts';
import { ibmNeighbours } from '../policy/ibm/neighbours.ts';
import type { Layer, Origin, Question, Verdict } from '../policy/model.ts';
import { opened } from '../policy/neighbours.ts';
import { layerWords } from './words.ts';

/** Requests next to the question that a policy allows besides, in words. `before`: what is allowed without it. */
export function opensBesides(policy: IbmPolicy, question: Question, before: readonly Layer[]): readonly string[] {
  const { account, statements } = compile(policy, 'the suggested policy');
  const kind = policy.type === 'access' ? 'access' : 'authorization';
  const after: readonly Layer[] = [...before, { kind, account, statements, may: 'grant' }];
  const [statement] = statements;
  const actions = statement?.actions.kind === 'exact' ? [...statement.actions.names].sort() : [];
  return opened(ibmNeighbours(question, actions), before, after).map(({ what }) => what);
}

/** What would end an allow. */
export interface Stop {
  readonly says: string;
  /** Policies that have to go, all of them. Absent when no policy can stop it. */
  readonly policies?: readonly Pick<Origin, 'account' | 'policy' | 'text'>[];
}

/** Of an allowed question, everything that allows it: any one of them is enough, so only without all of them is it denied. */
export function whatStops({ outcome, sides }: Verdict): Stop | undefined {
  if (outcome !== 'allow') return undefined;
  const allowing = sides.flatMap((side) => side.layers).filter((layer) => layer.outcome === 'allow');
  const fixed = allowing.find(({ kind }) => kind !== 'access' && kind !== 'authorization');
  if (fixed) return { says: `no change of a policy: it is allowed by ${layerWords(fixed.kind)}` };
  const origins = allowing.flatMap(({ because }) =>
    because.filter(({ matched, effect }) => matched && effect === 'allow').map(({ origin }) => origin),
  );
  const policies = origins.map(({ account, policy, text }) => ({ account, policy, text }));
  const ids = policies.map(({ policy }) => `\`${policy}\``);
  if (ids.length === 1) return { says: `deleting the policy ${ids[0]}, or narrowing it`, policies };
  return { says: `deleting all of the policies ${ids.join(', ')}: each of them is enough`, policies };
}
