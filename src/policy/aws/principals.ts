/** The principals that stand in the text of a policy, and the text with others in their places. */
import { isFields } from '../fields.ts';
import { parseJson } from '../json.ts';

export interface PrincipalInText {
  /** `AWS`, `Service`, `Federated` or `CanonicalUser`; a bare `*` is of type `AWS`. */
  readonly type: string;
  readonly name: string;
  /** Where the name stands in the text, its quotes included. */
  readonly from: number;
  readonly to: number;
}

/** Under `Principal` and `NotPrincipal` of every statement, in the order of the text. None when it is no JSON. */
export function principalsIn(text: string): readonly PrincipalInText[] {
  const parsed = parseJson(text);
  if ('message' in parsed || !isFields(parsed.value)) return [];
  const found: PrincipalInText[] = [];
  const add = (type: string, name: unknown, path: string) => {
    const from = parsed.offsetOf(path);
    if (typeof name !== 'string' || from === undefined) return;
    const to = endOfString(text, from);
    // A key that looks like a path leads elsewhere; no policy that was checked has one.
    if (to !== undefined && JSON.parse(text.slice(from, to)) === name) found.push({ type, name, from, to });
  };
  for (const [statement, at] of each(parsed.value['Statement'], 'Statement')) {
    if (!isFields(statement)) continue;
    for (const element of ['Principal', 'NotPrincipal']) {
      const principal = statement[element];
      const path = `${at}.${element}`;
      add('AWS', principal, path);
      for (const [type, names] of isFields(principal) ? Object.entries(principal) : []) {
        for (const [name, where] of each(names, `${path}.${type}`)) add(type, name, where);
      }
    }
  }
  return found.sort((a, b) => a.from - b.from);
}

/** The items of what may be one or a list, with their paths. */
function each(value: unknown, path: string): readonly (readonly [unknown, string])[] {
  return Array.isArray(value) ? value.map((item, n) => [item, `${path}[${n}]`] as const) : [[value, path]];
}

function endOfString(text: string, from: number): number | undefined {
  const quoted = /"(?:[^"\\]|\\.)*"/y;
  quoted.lastIndex = from;
  return quoted.test(text) ? quoted.lastIndex : undefined;
}

/** The text with other names for some of its principals; all else stays as it was written. */
export function withPrincipals(text: string, named: readonly (PrincipalInText & { readonly as: string })[]): string {
  let written = '';
  let at = 0;
  for (const { from, to, as } of named) {
    written += `${text.slice(at, from)}${JSON.stringify(as)}`;
    at = to;
  }
  return written + text.slice(at);
}
