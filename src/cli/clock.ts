/** `easement clock`: shows the plane's clock, and advances it. */
import { openClient } from './client.ts';
import { CLIENT_FLAGS, type Run, readArguments, UsageError } from './command.ts';
import { jsonText } from './output.ts';

export const help = `easement clock                 show the plane's clock
easement clock advance 30s     put it forward (ms, s, m, h, d)
  --home DIR, --url URL        which plane
  --json                       for machines
`;

interface ClockReply {
  readonly now: string;
  readonly ahead: number;
}

export const run: Run = async (args, terminal) => {
  const { values, positionals } = readArguments(args, CLIENT_FLAGS, 'easement clock --help');
  const [verb, span, ...rest] = positionals;
  if (rest.length > 0 || (verb !== undefined && verb !== 'advance') || (verb === 'advance' && span === undefined)) {
    throw new UsageError('write `easement clock` or `easement clock advance 30s`');
  }
  const milliseconds = span === undefined ? undefined : durationOf(span);
  const client = await openClient(values, terminal);
  const clock =
    milliseconds === undefined
      ? await client.get<ClockReply>('/api/clock')
      : await client.post<ClockReply>('/api/clock', { milliseconds });
  terminal.out(values.json ? jsonText(clock) : `${clock.now}  ${aheadWords(clock.ahead)}\n`);
  return 0;
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `1.5h`, `1h30m` in milliseconds. Throws `UsageError`. */
export function durationOf(text: string): number {
  const parts = [...text.matchAll(/([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new UsageError(`\`${text}\` is no span of time: write it like \`30s\`, \`10m\` or \`1h30m\``);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}

function aheadWords(ahead: number): string {
  return ahead === 0 ? '(the machine’s time)' : `(${ahead / 1000} s ahead of the machine’s time)`;
}
