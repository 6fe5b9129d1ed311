/**
 * Texts of a policy that may hold wildcards and policy variables: `${key}`, `${key, 'default'}`, and `${*}`, `${?}`,
 * `${$}` for the characters themselves.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import { ANY_ONE, ANY_RUN, addPiece, type Piece, piecesOf } from './glob.ts';
import type { ContextValue } from './model.ts';

/** A value as an operator sees it: variables are resolved, and what they stood for is literal in `pieces`. */
export interface Value {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

interface Variable {
  /** Lower case. */
  readonly key: string;
  readonly fallback?: string;
}

/** A text with at least one variable that only a request can resolve. */
export interface Template {
  readonly parts: readonly (Piece | Variable)[];
}

export type Context = Readonly<Record<string, ContextValue>>;

export function plainValue(text: string): Value {
  return { text, pieces: piecesOf(text) };
}

const VARIABLE = /\$\{(?:([*?$])|([^{},]+?)(?:\s*,\s*'([^']*)')?)\}/g;

/** Reads a text in which variables count from offset `from` on. Without variables left, it is a plain value. */
export function templateOf(text: string, from = 0): Value | Template {
  const parts: (Piece | Variable)[] = [...piecesOf(text.slice(0, from))];
  let open = false;
  let at = from;
  for (const found of text.slice(from).matchAll(VARIABLE)) {
    const [whole, literal, key, fallback] = found;
    parts.push(...piecesOf(text.slice(at, from + found.index)));
    if (literal !== undefined) parts.push(literal);
    else {
      open = true;
      parts.push({ key: key!.trim().toLowerCase(), ...(fallback === undefined ? {} : { fallback }) });
    }
    at = from + found.index + whole.length;
  }
  parts.push(...piecesOf(text.slice(at)));
  return open ? { parts } : fromParts(parts as Piece[]);
}

export function isTemplate(value: Value | Template): value is Template {
  return 'parts' in value;
}

/** Puts the request's values in. Undefined when a variable has no single value and no default. */
export function resolve(template: Template, context: Context): Value | undefined {
  const parts: Piece[] = [];
  for (const part of template.parts) {
    if (typeof part !== 'object') parts.push(part);
    else {
      const value = contextValue(context, part.key) ?? part.fallback;
      if (typeof value !== 'string') return undefined;
      parts.push(value);
    }
  }
  return fromParts(parts);
}

/** The keys of the variables in a template. */
export function variableKeys(template: Template): readonly string[] {
  return template.parts.filter((part) => typeof part === 'object').map((part) => part.key);
}

/** The literal text that every resolution begins with. */
export function templatePrefix(template: Template): string {
  const first = template.parts[0];
  return typeof first === 'string' ? first : '';
}

/** A key of the request; a key inherited from a prototype is none. */
export function contextValue(context: Context, key: string): ContextValue | undefined {
  return Object.hasOwn(context, key) ? context[key] : undefined;
}

function fromParts(parts: readonly Piece[]): Value {
  const pieces: Piece[] = [];
  let text = '';
  for (const part of parts) {
    addPiece(pieces, part);
    text += part === ANY_RUN ? '*' : part === ANY_ONE ? '?' : part;
  }
  return { text, pieces };
}
