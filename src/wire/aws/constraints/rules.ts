/** What one value must satisfy, without regard to what it is made of. */
import { compilePattern } from './pattern.ts';
import type { ShapeRow } from './table.ts';

export interface Rule {
  /** In the vendor's words. */
  readonly text: string;
  holds(value: unknown): boolean;
}

/** In the order in which the services list them. Values of another type than the shape's are the codec's to refuse. */
export function rulesOf({ min, max, least, most, pattern, enum: values }: ShapeRow): readonly Rule[] {
  const rules: Rule[] = [];
  const add = (text: string, holds: (value: unknown) => boolean) => rules.push({ text: `Member must ${text}`, holds });
  if (max !== undefined) add(`have length less than or equal to ${max}`, (value) => lengthOf(value) <= max);
  if (min !== undefined) add(`have length greater than or equal to ${min}`, (value) => lengthOf(value) >= min);
  if (most !== undefined) add(`have value less than or equal to ${most}`, (value) => Number(value) <= most);
  if (least !== undefined) add(`have value greater than or equal to ${least}`, (value) => Number(value) >= least);
  if (pattern !== undefined) {
    const compiled = compilePattern(pattern);
    add(`satisfy regular expression pattern: ${pattern}`, (value) => typeof value === 'string' && compiled.test(value));
  }
  if (values !== undefined) {
    const known = new Set<unknown>(values);
    add(`satisfy enum value set: [${values.join(', ')}]`, (value) => known.has(value));
  }
  return rules;
}

export function satisfies(value: unknown, rules: readonly Rule[]): boolean {
  return rules.every((rule) => rule.holds(value));
}

/** `Member must satisfy constraint: [...]` and its like: all that each part must satisfy, whichever it is that does not. */
export function ofEach(what: string, rules: readonly Rule[]): string {
  return `${what} must satisfy constraint: [${rules.map(({ text }) => text).join(', ')}]`;
}

const SURROGATE = /[\ud800-\udbff]/;

/** Characters (not UTF-16 units) of a text, bytes of a blob, members of a list or map. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return SURROGATE.test(value) ? [...value].length : value.length;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return Object.keys(Object(value)).length;
}
