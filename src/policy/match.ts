/**
 * A statement compiled to tests of a question. Deciding asks the tests in the order of their cost; explaining asks the
 * same tests in the order people read a statement, and tells which of them failed.
 */
import { attributeMatcher, attributeOf, attributesMatcher } from './attributes.ts';
import { type CompiledCondition, compileCondition } from './condition.ts';
import { matcherOf, piecesOf } from './glob.ts';
import type {
  ActionPattern,
  Caller,
  Condition,
  Failure,
  Question,
  Reason,
  ResourcePattern,
  Statement,
  Target,
} from './model.ts';
import { resourceOffset } from './names.ts';
import { type Coverage, describePrincipal, NONE, type PrincipalMatcher, principalMatcher } from './principal.ts';
import { type Context, contextValue, isTemplate, resolve, templateOf } from './value.ts';

/** A question with what is worked out once for all statements. */
export interface Ask {
  readonly question: Question;
  readonly caller: Caller;
  /** Lower case. */
  readonly action: string;
  /** What stands before the action's colon, lower case. */
  readonly service: string;
  readonly resource: Target;
  readonly context: Context;
  /** The caller has a permissions boundary. */
  readonly bounded: boolean;
}

export interface CompiledStatement {
  readonly statement: Statement;
  readonly principal: PrincipalMatcher;
  readonly action: (action: string) => boolean;
  readonly resource: (resource: Target, context: Context) => boolean;
  readonly conditions: readonly CompiledCondition[];
}

/** Statements never change, so each is compiled once, in however many layers it stands. */
const compiled = new WeakMap<Statement, CompiledStatement>();

export function compileStatement(statement: Statement): CompiledStatement {
  const known = compiled.get(statement);
  if (known) return known;
  const variables = statement.variables ?? false;
  const made: CompiledStatement = {
    statement,
    principal: principalMatcher(statement.principals),
    action: actionMatcher(statement.actions),
    resource: resourceMatcher(statement.resources, variables),
    conditions: statement.conditions.map((condition) => compileCondition(condition, variables)),
  };
  compiled.set(statement, made);
  return made;
}

/** How the statement covers the caller if it applies to the question, else `NONE`. */
export function matchStatement(compiled: CompiledStatement, ask: Ask): Coverage {
  if (!compiled.action(ask.action)) return NONE;
  const coverage = compiled.principal(ask.caller, ask.bounded);
  if (coverage === NONE || !compiled.resource(ask.resource, ask.context)) return NONE;
  for (const condition of compiled.conditions) if (!condition.holds(ask.context)) return NONE;
  return coverage;
}

/** Policies with the same roles share one pattern, and so one test. */
const actionMatchers = new WeakMap<ActionPattern, (action: string) => boolean>();

function actionMatcher(pattern: ActionPattern): (action: string) => boolean {
  let matcher = actionMatchers.get(pattern);
  if (!matcher) {
    matcher = makeActionMatcher(pattern);
    actionMatchers.set(pattern, matcher);
  }
  return matcher;
}

function makeActionMatcher(pattern: ActionPattern): (action: string) => boolean {
  switch (pattern.kind) {
    case 'exact':
      return (action) => pattern.names.has(action);
    case 'wildcard':
      return anyOf(pattern.patterns.map((text) => matcherOf(piecesOf(text))));
    case 'any-of':
      return anyOf(pattern.of.map(actionMatcher));
    case 'not': {
      const matches = actionMatcher(pattern.of);
      return (action) => !matches(action);
    }
  }
}

function anyOf(tests: readonly ((text: string) => boolean)[]): (text: string) => boolean {
  const [only] = tests;
  if (tests.length === 1 && only) return only;
  return (text) => {
    for (const test of tests) if (test(text)) return true;
    return false;
  };
}

function resourceMatcher(pattern: ResourcePattern, variables: boolean): CompiledStatement['resource'] {
  switch (pattern.kind) {
    case 'any':
    case 'attached':
      return () => true;
    case 'attributes': {
      const holds = attributesMatcher(pattern.tests);
      return (resource) => holds(resource.attributes);
    }
    case 'names': {
      const matchers = pattern.patterns.map((text) => nameMatcher(text, variables));
      return (resource, context) => {
        for (const matches of matchers) if (matches(resource.name, context)) return true;
        return false;
      };
    }
    case 'not': {
      const matches = resourceMatcher(pattern.of, variables);
      return (resource, context) => !matches(resource, context);
    }
  }
}

/** Variables count behind the fifth colon only; a name whose variable the request cannot fill matches nothing. */
function nameMatcher(text: string, variables: boolean): (name: string, context: Context) => boolean {
  const value = variables ? templateOf(text, resourceOffset(text)) : { text, pieces: piecesOf(text) };
  if (!isTemplate(value)) return matcherOf(value.pieces);
  return (name, context) => {
    const resolved = resolve(value, context);
    return resolved !== undefined && matcherOf(resolved.pieces)(name);
  };
}

/** Why a statement matched, or the elements that failed. `failures` counts them, to rank near misses. */
export function explainStatement(
  compiled: CompiledStatement,
  ask: Ask,
): { reason: Reason; failures: number; coverage: Coverage } {
  const { statement } = compiled;
  const coverage = compiled.principal(ask.caller, ask.bounded);
  const failures: Failure[] = [];
  if (coverage === NONE) {
    const { id, uniqueId } = ask.caller;
    const got = uniqueId === undefined ? [id] : [id, uniqueId];
    failures.push({ element: 'principal', expected: describePrincipal(statement.principals), got });
  }
  if (!compiled.action(ask.action)) {
    failures.push({ element: 'action', expected: describeActions(statement.actions), got: [ask.question.action] });
  }
  if (!compiled.resource(ask.resource, ask.context)) failures.push(resourceFailure(statement.resources, ask.resource));
  for (const { condition, holds } of compiled.conditions) {
    if (!holds(ask.context)) failures.push(conditionFailure(condition, ask.context));
  }
  const [failed, ...alsoFailed] = failures;
  const reason: Reason = {
    origin: statement.origin,
    effect: statement.effect,
    matched: !failed,
    ...(failed ? { failed } : {}),
    ...(alsoFailed.length > 0 ? { alsoFailed } : {}),
  };
  return { reason, failures: failures.length, coverage: failed ? NONE : coverage };
}

function describeActions(pattern: ActionPattern): readonly string[] {
  switch (pattern.kind) {
    case 'exact':
      return pattern.roles ?? [...pattern.names];
    case 'wildcard':
      return pattern.patterns;
    case 'any-of':
      return pattern.of.flatMap(describeActions);
    case 'not':
      return describeActions(pattern.of).map((text) => `not ${text}`);
  }
}

function resourceFailure(pattern: ResourcePattern, resource: Target): Failure {
  if (pattern.kind !== 'attributes') {
    return { element: 'resource', expected: describeResources(pattern), got: [resource.name] };
  }
  const failed = pattern.tests.find((test) => !attributeMatcher(test)(resource.attributes));
  const got = failed && attributeOf(resource.attributes, failed.name);
  return {
    element: 'resource',
    ...(failed ? { key: failed.name, operator: failed.operator } : {}),
    expected: failed ? [failed.value] : [],
    ...(got === undefined ? {} : { got: [got] }),
  };
}

function describeResources(pattern: ResourcePattern): readonly string[] {
  switch (pattern.kind) {
    case 'any':
      return ['*'];
    case 'attached':
      return ['the resource that the policy is attached to'];
    case 'names':
      return pattern.patterns;
    case 'attributes':
      return pattern.tests.map((test) => `${test.name} ${test.operator} ${test.value}`);
    case 'not':
      return describeResources(pattern.of).map((text) => `not ${text}`);
  }
}

function conditionFailure(condition: Condition, context: Context): Failure {
  if (condition.kind === 'no-other-keys') {
    const others = Object.keys(context).filter(
      (key) => key.startsWith(condition.prefix) && !condition.keys.includes(key),
    );
    return {
      element: 'condition',
      key: condition.prefix,
      operator: 'no other keys',
      expected: condition.keys,
      got: others,
    };
  }
  if (condition.kind === 'any-of') {
    return { element: 'condition', operator: 'any of', expected: condition.of.map(describeCondition) };
  }
  if (condition.kind === 'all-of') {
    return { element: 'condition', operator: 'all of', expected: condition.of.map(describeCondition) };
  }
  const got = contextValue(context, condition.key);
  return {
    element: 'condition',
    key: condition.key,
    operator: operatorName(condition),
    expected: condition.values,
    ...(got === undefined ? {} : { got: typeof got === 'string' ? [got] : got }),
  };
}

function operatorName(condition: Extract<Condition, { kind: 'test' }>): string {
  const quantifier = { all: 'ForAllValues:', any: 'ForAnyValue:', none: 'ForNoValue:' }[condition.quantifier ?? 'none'];
  return `${condition.quantifier ? quantifier : ''}${condition.operator}${condition.ifExists ? 'IfExists' : ''}`;
}

function describeCondition(condition: Condition): string {
  if (condition.kind === 'test') return `${condition.key} ${operatorName(condition)} ${condition.values.join(', ')}`;
  if (condition.kind === 'no-other-keys') return `no other key ${condition.prefix}*`;
  return condition.of.map(describeCondition).join(condition.kind === 'any-of' ? ' or ' : ' and ');
}
