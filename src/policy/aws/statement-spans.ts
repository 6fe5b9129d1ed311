/**
 * Where the statements of a policy text begin and end, as the policy simulator reports it: a statement begins where
 * what stands before it ends (`[`, or the statement before), and a lone one behind its own brace.
 * https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html#examples
 */
import { type Position, parseJson } from '../json.ts';

export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/** One span for each statement, in order. None when the text is no JSON or has no statements. */
export function statementSpans(text: string): readonly Span[] {
  const parsed = parseJson(text);
  if ('message' in parsed) return [];
  const spans: Span[] = [];
  let from = offsetOf(text, parsed.locate('Statement')) + 1;
  const lone = text[from - 1] === '{';
  let at = lone ? from - 1 : text.indexOf('{', from);
  const last = lone ? from : endOfValue(text, from - 1);
  while (at >= 0 && at < last) {
    const end = endOfValue(text, at);
    spans.push({ start: positionOf(text, from), end: positionOf(text, end) });
    from = end;
    at = text.indexOf('{', from);
  }
  return spans;
}

/** The offset behind the object or list that begins at `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** The offset of the quote that ends the text that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function offsetOf(text: string, { line, column }: Position): number {
  let start = 0;
  for (let n = 1; n < line; n += 1) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
