/**
 * Wildcard patterns: `*` any run of characters, `?` exactly one. A pattern is a list of pieces, so that text which
 * stands for a policy variable can be told from a wildcard. Matching goes over the text once per literal piece and
 * never back, so `*a*a*a*a*b` costs no more than its length times the text's.
 */

export const ANY_ONE = 0;
export const ANY_RUN = 1;
export type Piece = string | typeof ANY_ONE | typeof ANY_RUN;

/** Takes a pattern apart; neighbouring literals and neighbouring `*` become one piece. */
export function piecesOf(pattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const part of pattern.split(/([*?])/)) addPiece(pieces, part === '*' ? ANY_RUN : part === '?' ? ANY_ONE : part);
  return pieces;
}

/** Appends a piece in the normal form that `matcherOf` expects. */
export function addPiece(pieces: Piece[], piece: Piece): void {
  const last = pieces.length - 1;
  const previous = pieces[last];
  if (piece === '') return;
  if (typeof piece === 'string' && typeof previous === 'string') pieces[last] = previous + piece;
  else if (piece !== ANY_RUN || previous !== ANY_RUN) pieces.push(piece);
}

/** The text that every match begins with. */
export function literalPrefix(pieces: readonly Piece[]): string {
  const first = pieces[0];
  return typeof first === 'string' ? first : '';
}

/** The only text that matches; undefined when the pattern has a wildcard. */
export function literalText(pieces: readonly Piece[]): string | undefined {
  if (pieces.length === 0) return '';
  return pieces.length === 1 && typeof pieces[0] === 'string' ? pieces[0] : undefined;
}

/** A test of whole texts against a pattern; case-sensitive. */
export function matcherOf(pieces: readonly Piece[]): (text: string) => boolean {
  const exact = literalText(pieces);
  if (exact !== undefined) return (text) => text === exact;
  const [first, second] = pieces;
  if (first === ANY_RUN && pieces.length === 1) return () => true;
  if (typeof first === 'string' && second === ANY_RUN && pieces.length === 2) return (text) => text.startsWith(first);
  const runs = splitAtRuns(pieces);
  return runs.length === 1 ? (text) => endOf(runs[0]!, text, 0) === text.length : (text) => matchesRuns(runs, text);
}

/** What stands between two `*`: literals and `?` only. */
type Run = readonly (string | typeof ANY_ONE)[];

function splitAtRuns(pieces: readonly Piece[]): readonly Run[] {
  const runs: (string | typeof ANY_ONE)[][] = [[]];
  for (const piece of pieces) {
    if (piece === ANY_RUN) runs.push([]);
    else runs[runs.length - 1]!.push(piece);
  }
  return runs;
}

/** First run at the start, last run at the end, those between leftmost in order: leftmost leaves the most text over. */
function matchesRuns(runs: readonly Run[], text: string): boolean {
  let at = endOf(runs[0]!, text, 0);
  for (let n = 1; n < runs.length - 1 && at >= 0; n += 1) at = findEnd(runs[n]!, text, at);
  if (at < 0) return false;
  const last = runs[runs.length - 1]!;
  const start = startBefore(last, text);
  return start >= at && endOf(last, text, start) === text.length;
}

/** Where a run that starts at `at` ends, or -1 when it does not match there. */
function endOf(run: Run, text: string, at: number): number {
  let position = at;
  for (const piece of run) {
    if (piece === ANY_ONE) {
      if (position >= text.length) return -1;
      position += widthAt(text, position);
    } else {
      if (!text.startsWith(piece, position)) return -1;
      position += piece.length;
    }
  }
  return position;
}

/** Where the leftmost match of a run at or after `at` ends, or -1. */
function findEnd(run: Run, text: string, at: number): number {
  const first = run[0];
  if (first === undefined) return at;
  for (let start = at; start <= text.length; start += widthAt(text, start)) {
    if (first !== ANY_ONE) {
      start = text.indexOf(first, start);
      if (start < 0) return -1;
    }
    const end = endOf(run, text, start);
    if (end >= 0) return end;
  }
  return -1;
}

/** Where a run would have to start to end with the text, or -1. */
function startBefore(run: Run, text: string): number {
  let position = text.length;
  for (let n = run.length - 1; n >= 0; n -= 1) {
    const piece = run[n]!;
    position -= piece === ANY_ONE ? widthBefore(text, position) : piece.length;
    if (position < 0) return -1;
  }
  return position;
}

/** `?` stands for a character, not for half of a surrogate pair. */
function widthAt(text: string, position: number): number {
  return (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
}

function widthBefore(text: string, position: number): number {
  return position >= 2 && (text.codePointAt(position - 2) ?? 0) > 0xffff ? 2 : 1;
}
