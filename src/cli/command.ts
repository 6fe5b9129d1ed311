/** What a command is, and how it says that it was called wrongly or could not do its work. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The outside of a command: replaced in tests. */
export interface Terminal {
  /** Writes a text to standard output. */
  readonly out: (text: string) => void;
  /** Writes a text to standard error. */
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether standard output takes colours. */
  readonly colour: boolean;
}

/** Resolves to the exit code: 0, or 1 when what was asked for did not hold. Throws `UsageError` and `CommandError`. */
export type Run = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** Called wrongly: exit code 2. The message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Called rightly, but it cannot be done: exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Flags by which every command that talks to a plane finds it and says who asks. */
export const CLIENT_FLAGS = {
  home: { type: 'string' },
  url: { type: 'string' },
  'api-key': { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Options = NonNullable<ParseArgsConfig['options']>;

/** Flags and positional arguments; `help` names the command in errors. Throws `UsageError`. */
export function readArguments<const O extends Options>(args: readonly string[], options: O, help: string) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    const [said = ''] = (error as Error).message.split('. ');
    throw new UsageError(
      `${said.replaceAll("'", '`').replace(/^./, (letter) => letter.toLowerCase())}: see \`${help}\``,
    );
  }
}

/** The known word that is nearest to what was typed; undefined when none is near. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const ranked = known.map((word) => ({ word, distance: editDistance(typed, word) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(typed.length / 3)) ? best.word : undefined;
}

/** Levenshtein: insertions, deletions and replacements that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      next.push(Math.min(next[column]! + 1, row[column + 1]! + 1, row[column]! + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length]!;
}
