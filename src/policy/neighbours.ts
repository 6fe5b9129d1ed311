/** Requests next to one request: what a grant for it might open besides. */
import { decide } from './decide.ts';
import type { Facts, Layer, Question } from './model.ts';
import { siblingOf } from './names.ts';

export interface Neighbour {
  /** How it differs, in words. */
  readonly what: string;
  readonly question: Question;
}

/** The same request with another session, principal, resource, action or bare context. */
export function neighboursOf(question: Question, actions: readonly string[] = []): readonly Neighbour[] {
  const { caller, resource } = question;
  const neighbours: Neighbour[] = [];
  const add = (what: string, change: Partial<Question>) => {
    neighbours.push({ what, question: { ...question, ...change } });
  };
  const sibling = siblingOf(caller.id);
  if (sibling !== undefined) {
    const what =
      caller.role === undefined ? `another user of account ${caller.account}` : `another session of ${caller.role}`;
    add(what, { caller: { ...caller, id: sibling } });
  }
  if (caller.kind === 'service') add(`${caller.id} for another resource`, { context: {} });
  if (resource.name !== '*') {
    add('another resource', { resource: { ...resource, name: `${resource.name}-another` } });
  }
  for (const action of actions) {
    if (action.toLowerCase() !== question.action.toLowerCase()) add(`the action ${action}`, { action });
  }
  if (Object.keys(question.context).length > 0) add('the same without any context', { context: {} });
  return neighbours;
}

/** Of the neighbours those that were denied before and are allowed after. */
export function opened(
  neighbours: readonly Neighbour[],
  before: readonly Layer[],
  after: readonly Layer[],
  facts: Facts = {},
): readonly Neighbour[] {
  return neighbours.filter(
    ({ question }) => decide(question, before, facts) !== 'allow' && decide(question, after, facts) === 'allow',
  );
}
