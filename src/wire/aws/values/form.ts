/** Forms of the query protocols: `Tags.member.1.Key=a` as a tree of names. */
import { MAX_DEPTH } from './depth.ts';
import { malformedQuery, parsePairs } from './pairs.ts';

export interface FormNode {
  /** What is set under exactly this name. */
  readonly value: string | undefined;
  readonly parts: ReadonlyMap<string, FormNode>;
}

interface GrowingNode extends FormNode {
  value: string | undefined;
  parts: ReadonlyMap<string, GrowingNode>;
}

/** Most nodes are leaves: a map of its own is for those that are none. */
const NO_PARTS: ReadonlyMap<string, GrowingNode> = new Map();

/**
 * `text`: a query string or a body of type `application/x-www-form-urlencoded`. A parameter that is there twice has its
 * last value. Throws `MalformedQueryString`.
 */
export function parseForm(text: string): FormNode {
  const root: GrowingNode = { value: undefined, parts: NO_PARTS };
  for (const [name, value] of parsePairs(text)) nodeAt(root, name).value = value;
  return root;
}

function nodeAt(root: GrowingNode, name: string): GrowingNode {
  if (!name.includes('.')) return partOf(root, name);
  const names = name.split('.', MAX_DEPTH + 1);
  if (names.length > MAX_DEPTH) throw malformedQuery('The name of a parameter has too many parts');
  return names.reduce(partOf, root);
}

function partOf(node: GrowingNode, name: string): GrowingNode {
  const known = node.parts.get(name);
  if (known) return known;
  const part: GrowingNode = { value: undefined, parts: NO_PARTS };
  if (node.parts === NO_PARTS) node.parts = new Map([[name, part]]);
  else (node.parts as Map<string, GrowingNode>).set(name, part);
  return part;
}
