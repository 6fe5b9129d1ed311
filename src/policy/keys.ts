/** What a question must have for a statement to match: the keys under which an index may file the statement. */
import { literalPrefix, literalText, piecesOf } from './glob.ts';
import type { ActionPattern, AttributeTest, PrincipalPattern, Statement } from './model.ts';
import { resourceOffset } from './names.ts';
import { isTemplate, templateOf, templatePrefix } from './value.ts';

/** A statement can match only a question that has one of these values in this dimension. */
export interface Filing {
  /** `principal`, `action`, `service`, `name`, `prefix`, or an attribute: `resource keyRing`, `caller accountId`. */
  readonly dimension: string;
  readonly keys: readonly string[];
}

/** Every way in which a statement can be filed; none when it may match anything. */
export function filingsOf(statement: Statement): readonly Filing[] {
  const filings: Filing[] = [];
  const add = (dimension: string, keys: readonly string[] | undefined) => {
    if (keys) filings.push({ dimension, keys });
  };
  add('principal', principalKeys(statement.principals));
  add('action', actionKeys(statement.actions));
  add('service', serviceKeys(statement.actions));
  for (const test of callerTests(statement.principals)) add(`caller ${test.name}`, [test.value]);
  const { resources } = statement;
  if (resources.kind === 'attributes') {
    for (const test of resources.tests)
      if (test.operator === 'stringEquals') add(`resource ${test.name}`, [test.value]);
  }
  if (resources.kind === 'names') {
    add('name', nameKeys(resources.patterns, statement.variables ?? false));
    add('prefix', prefixKeys(resources.patterns, statement.variables ?? false));
  }
  return filings;
}

function principalKeys(pattern: PrincipalPattern): readonly string[] | undefined {
  switch (pattern.kind) {
    case 'account':
      return [pattern.account];
    case 'exact':
    case 'role':
    case 'unique':
    case 'group':
      return [pattern.id];
    case 'service':
      return pattern.name === undefined ? undefined : [pattern.name];
    case 'federated':
      return [pattern.provider];
    case 'any-of':
      return together(pattern.of.map(principalKeys));
    default:
      return undefined;
  }
}

function callerTests(pattern: PrincipalPattern): readonly AttributeTest[] {
  return pattern.kind === 'service' ? pattern.tests.filter((test) => test.operator === 'stringEquals') : [];
}

function actionKeys(pattern: ActionPattern): readonly string[] | undefined {
  switch (pattern.kind) {
    case 'exact':
      return [...pattern.names];
    case 'wildcard':
      return together(pattern.patterns.map((text) => (/[*?]/.test(text) ? undefined : [text])));
    case 'any-of':
      return together(pattern.of.map(actionKeys));
    case 'not':
      return undefined;
  }
}

/** The services of the actions: the text before a colon that stands before any wildcard. */
function serviceKeys(pattern: ActionPattern): readonly string[] | undefined {
  switch (pattern.kind) {
    case 'exact':
      return together([...pattern.names].map(serviceOf));
    case 'wildcard':
      return together(pattern.patterns.map(serviceOf));
    case 'any-of':
      return together(pattern.of.map(serviceKeys));
    case 'not':
      return undefined;
  }
}

function serviceOf(action: string): readonly string[] | undefined {
  const found = /^([^:*?]+):/.exec(action);
  return found ? [found[1]!] : undefined;
}

function nameKeys(patterns: readonly string[], variables: boolean): readonly string[] | undefined {
  return together(
    patterns.map((text) => {
      const value = variables ? templateOf(text, resourceOffset(text)) : { text, pieces: piecesOf(text) };
      const literal = isTemplate(value) ? undefined : literalText(value.pieces);
      return literal === undefined ? undefined : [literal];
    }),
  );
}

function prefixKeys(patterns: readonly string[], variables: boolean): readonly string[] | undefined {
  return together(
    patterns.map((text) => {
      const value = variables ? templateOf(text, resourceOffset(text)) : { text, pieces: piecesOf(text) };
      const prefix = isTemplate(value) ? templatePrefix(value) : literalPrefix(value.pieces);
      return prefix === '' ? undefined : [prefix];
    }),
  );
}

/** The union, when every alternative has keys. */
function together(alternatives: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const keys = alternatives.filter((one) => one !== undefined);
  return keys.length === alternatives.length ? [...new Set(keys.flat())] : undefined;
}
