/**
 * The context keys that policies refer to, in conditions and as policy variables, as GetContextKeysForCustomPolicy and
 * GetContextKeysForPrincipalPolicy list them.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html
 */
import { type Fields, isFields, list } from '../fields.ts';
import { parseJson } from '../json.ts';

/** `${key}` and `${key, 'default'}`, but not `${*}`, `${?}` and `${$}`, which stand for the characters themselves. */
const VARIABLE = /\$\{\s*([^{},*?$]+?)\s*(?:,[^{}]*)?\}/g;

/** The keys in the spelling and order in which they first appear. Texts that are no JSON refer to none. */
export function contextKeysIn(documents: readonly string[]): readonly string[] {
  const found = new Map<string, string>();
  for (const key of documents.flatMap(keysOfDocument)) {
    const known = key.toLowerCase();
    if (!found.has(known)) found.set(known, key);
  }
  return [...found.values()];
}

function keysOfDocument(text: string): readonly string[] {
  const parsed = parseJson(text);
  if ('message' in parsed || !isFields(parsed.value)) return [];
  const document: Fields = parsed.value;
  const variables = document['Version'] === '2012-10-17';
  return list(document['Statement'])
    .filter(isFields)
    .flatMap((statement) =>
      Object.entries(statement).flatMap(([name, value]) => keysOfElement(name, value, variables)),
    );
}

function keysOfElement(name: string, value: unknown, variables: boolean): readonly string[] {
  if (name === 'Condition' && isFields(value)) {
    return Object.values(value)
      .filter(isFields)
      .flatMap((tests) => Object.entries(tests))
      .flatMap(([key, values]) => [key, ...(variables ? variablesIn(values) : [])]);
  }
  return variables && (name === 'Resource' || name === 'NotResource') ? variablesIn(value) : [];
}

function variablesIn(values: unknown): readonly string[] {
  return list(values)
    .filter((value) => typeof value === 'string')
    .flatMap((value) => [...value.matchAll(VARIABLE)].map((match) => match[1]!));
}
