/** Tests of attributes: how IBM Cloud policies name resources and services. */
import { addPiece, matcherOf, type Piece, piecesOf } from './glob.ts';
import type { AttributeTest } from './model.ts';

export type Attributes = Readonly<Record<string, string>>;

/** The value of an attribute; one inherited from a prototype is none. */
export function attributeOf(attributes: Attributes, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/**
 * All tests must hold. An absent attribute passes `stringExists` of `false` and nothing else. Equality, by far the most
 * usual test, is compared in one loop: a hundred thousand policies are then not a hundred thousand times five closures.
 */
export function attributesMatcher(tests: readonly AttributeTest[]): (attributes: Attributes) => boolean {
  const equal = tests.filter((test) => test.operator === 'stringEquals');
  const others = tests.filter((test) => test.operator !== 'stringEquals').map(attributeMatcher);
  if (others.length === 0) return (attributes) => allEqual(equal, attributes);
  return (attributes) => allEqual(equal, attributes) && others.every((matches) => matches(attributes));
}

function allEqual(tests: readonly AttributeTest[], attributes: Attributes): boolean {
  for (const { name, value } of tests) {
    if (attributes[name] !== value || !Object.hasOwn(attributes, name)) return false;
  }
  return true;
}

export function attributeMatcher(test: AttributeTest): (attributes: Attributes) => boolean {
  const { name, value } = test;
  if (test.operator === 'stringExists') {
    const wanted = value === 'true';
    return (attributes) => (attributeOf(attributes, name) !== undefined) === wanted;
  }
  if (test.operator === 'stringEquals') return (attributes) => attributeOf(attributes, name) === value;
  const matches = matcherOf(patternPieces(value));
  return (attributes) => {
    const got = attributeOf(attributes, name);
    return got !== undefined && matches(got);
  };
}

/** `*` and `?` are wildcards; `{{*}}` and `{{?}}` stand for the characters themselves. */
export function patternPieces(pattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const part of pattern.split(/(\{\{[*?]\}\})/)) {
    if (/^\{\{[*?]\}\}$/.test(part)) addPiece(pieces, part[2]!);
    else for (const piece of piecesOf(part)) addPiece(pieces, piece);
  }
  return pieces;
}
