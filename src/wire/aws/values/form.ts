/** Forms of the query protocols: `Tags.member.1.Key=a` as a tree of names. */
import { MAX_DEPTH } from './depth.ts';
import { malformedQuery, parsePairs } from './pairs.ts';

export interface FormNode {
  /** What is set under exactly this name. */
  value: string | undefined;
  readonly parts: Map<string, FormNode>;
}

/**
 * `text`: a query string or a body of type `application/x-www-form-urlencoded`. A parameter that is there twice has its
 * last value. Throws `MalformedQueryString`.
 */
export function parseForm(text: string): FormNode {
  const root: FormNode = { value: undefined, parts: new Map() };
  for (const [name, value] of parsePairs(text)) nodeAt(root, name).value = value;
  return root;
}

function nodeAt(root: FormNode, name: string): FormNode {
  const names = name.split('.', MAX_DEPTH + 1);
  if (names.length > MAX_DEPTH) throw malformedQuery('The name of a parameter has too many parts');
  let node = root;
  for (const part of names) {
    let next = node.parts.get(part);
    if (!next) {
      next = { value: undefined, parts: new Map() };
      node.parts.set(part, next);
    }
    node = next;
  }
  return node;
}
