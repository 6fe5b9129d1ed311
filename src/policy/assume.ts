/**
 * Questions whose context is not fully known. Conditions on open keys are taken once at their best and once at their
 * worst for the caller: if even the worst allows the answer is yes, if even the best denies it is no, and between
 * them it depends on the conditions that were left. Never guessed, and never a yes or no that a context could refute.
 */
import { compileCondition } from './condition.ts';
import { decide } from './decide.ts';
import { askOf, candidates } from './layers.ts';
import { type Ask, compileStatement, matchStatement } from './match.ts';
import type { Condition, Facts, Layer, Origin, Question, ResourcePattern, Statement } from './model.ts';
import { resourceOffset } from './names.ts';
import { NONE } from './principal.ts';
import { isTemplate, templateOf, variableKeys } from './value.ts';

/** A condition that decides, with the statement it belongs to. */
export interface Residual {
  readonly origin: Origin;
  readonly effect: Statement['effect'];
  readonly conditions: readonly Condition[];
}

export type Answer =
  | { readonly answer: 'yes' | 'no' }
  | { readonly answer: 'depends'; readonly on: readonly Residual[] };

/** Whether a context key (lower case) may have any value in the request. */
export type OpenKeys = (key: string) => boolean;

/** Answers a question whose `context` holds the known keys; keys that are neither known nor open are absent. */
export function answer(question: Question, layers: readonly Layer[], facts: Facts, open: OpenKeys): Answer {
  const residuals: Residual[] = [];
  const asked: Asked = { ask: askOf(question, layers), open, residuals };
  const under = (hope: Hope) => layers.map((layer) => assumed(layer, asked, hope));
  if (decide(question, under('best'), facts) !== 'allow') return { answer: 'no' };
  if (residuals.length === 0 || decide(question, under('worst'), facts) === 'allow') return { answer: 'yes' };
  return { answer: 'depends', on: distinct(residuals) };
}

type Hope = 'best' | 'worst';

interface Asked {
  readonly ask: Ask;
  readonly open: OpenKeys;
  /** Filled with the open conditions of statements that match otherwise. */
  readonly residuals: Residual[];
}

function assumed(layer: Layer, asked: Asked, hope: Hope): Layer {
  const statements = candidates(layer, asked.ask)
    .map((statement) => assumedStatement(statement, asked, hope))
    .filter((statement) => statement !== undefined);
  return { ...layer, statements };
}

/** The statement with its open conditions taken as met or as unmet; undefined when it then cannot match. */
function assumedStatement(statement: Statement, asked: Asked, hope: Hope): Statement | undefined {
  const { ask, open, residuals } = asked;
  const unknown: Condition[] = [];
  for (const condition of statement.conditions) {
    const truth = truthOf(condition, statement, ask.question, open);
    if (truth === 'no') return undefined;
    if (truth === 'unknown') unknown.push(condition);
  }
  const openName = hasOpenName(statement.resources, statement, open);
  if (unknown.length === 0 && !openName) return statement;
  const met: Statement = {
    ...statement,
    ...(openName ? { resources: { kind: 'any' } as const } : {}),
    conditions: statement.conditions.filter((condition) => !unknown.includes(condition)),
  };
  if (matchStatement(compileStatement(met), ask) === NONE) return undefined;
  residuals.push({ origin: statement.origin, effect: statement.effect, conditions: unknown });
  return (statement.effect === 'allow') === (hope === 'best') ? met : undefined;
}

type Truth = 'yes' | 'no' | 'unknown';

function truthOf(condition: Condition, statement: Statement, question: Question, open: OpenKeys): Truth {
  switch (condition.kind) {
    case 'any-of': {
      const truths = condition.of.map((one) => truthOf(one, statement, question, open));
      return truths.includes('yes') ? 'yes' : truths.includes('unknown') ? 'unknown' : 'no';
    }
    case 'all-of': {
      const truths = condition.of.map((one) => truthOf(one, statement, question, open));
      return truths.includes('no') ? 'no' : truths.includes('unknown') ? 'unknown' : 'yes';
    }
    case 'no-other-keys':
      return open(condition.prefix) ? 'unknown' : known(condition, statement, question);
    case 'test': {
      const keys = [condition.key, ...(statement.variables ? condition.values.flatMap((text) => keysIn(text, 0)) : [])];
      return keys.some(open) ? 'unknown' : known(condition, statement, question);
    }
  }
}

function known(condition: Condition, statement: Statement, question: Question): Truth {
  return compileCondition(condition, statement.variables ?? false).holds(question.context) ? 'yes' : 'no';
}

function hasOpenName(resources: ResourcePattern, statement: Statement, open: OpenKeys): boolean {
  if (resources.kind === 'not') return hasOpenName(resources.of, statement, open);
  if (resources.kind !== 'names' || !statement.variables) return false;
  return resources.patterns.some((text) => keysIn(text, resourceOffset(text)).some(open));
}

function keysIn(text: string, from: number): readonly string[] {
  if (!text.includes('$')) return [];
  const value = templateOf(text, from);
  return isTemplate(value) ? variableKeys(value) : [];
}

function distinct(residuals: readonly Residual[]): readonly Residual[] {
  return [...new Map(residuals.map((one) => [one.origin, one])).values()];
}
