/** Wildcards and policy variables by regular expressions: what the engine's own matcher is compared with. */
import type { PlainWorld } from './world.ts';

/** `*` and `?` as a regular expression over the whole text. */
export function like(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su').test(text);
}

/** Text and wildcards of a pattern, so that a value put in for a variable stays text. */
export type Part = { readonly literal: string } | 'one' | 'run';

export function literalParts(pattern: string): readonly Part[] {
  return [...pattern].map((character) =>
    character === '*' ? 'run' : character === '?' ? 'one' : { literal: character },
  );
}

/** A pattern with its variables filled in, or undefined when one has no value. */
export function fill(pattern: string, context: PlainWorld['request']['context']): readonly Part[] | undefined {
  const found = /\$\{([^}]*)\}/.exec(pattern);
  if (!found) return literalParts(pattern);
  const before = literalParts(pattern.slice(0, found.index));
  const rest = fill(pattern.slice(found.index + found[0].length), context);
  const inside = found[1]!;
  if (rest === undefined) return undefined;
  if (inside === '*' || inside === '?' || inside === '$') return [...before, { literal: inside }, ...rest];
  const [key, fallback] = inside.split(',');
  const given = Object.entries(context).find(([name]) => name.toLowerCase() === key!.trim().toLowerCase());
  const value = given ? given[1] : fallback?.trim().replace(/^'|'$/g, '');
  return typeof value === 'string' ? [...before, { literal: value }, ...rest] : undefined;
}

export function matchesParts(parts: readonly Part[], text: string): boolean {
  const source = parts.map((part) => {
    if (part === 'run') return '.*';
    return part === 'one' ? '.' : part.literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'su').test(text);
}
