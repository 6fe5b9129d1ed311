/** `easement clock`: shows the plane's clock, and advances it. */
import { durationOf } from '../api/duration.ts';
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
  if (span !== undefined && durationOf(span) === undefined) {
    throw new UsageError(`\`${span}\` is no span of time: write it like \`30s\`, \`10m\` or \`1h30m\``);
  }
  const client = await openClient(values, terminal);
  const clock =
    span === undefined
      ? await client.get<ClockReply>('/api/clock')
      : await client.post<ClockReply>('/api/clock', { advance: span });
  terminal.out(values.json ? jsonText(clock) : `${clock.now}  ${aheadWords(clock.ahead)}\n`);
  return 0;
};

function aheadWords(ahead: number): string {
  return ahead === 0 ? '(the machine’s time)' : `(${ahead / 1000} s ahead of the machine’s time)`;
}
