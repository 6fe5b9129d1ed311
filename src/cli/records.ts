/** `easement records`: follows what is recorded, and verifies that nobody has changed it. */
import { setTimeout } from 'node:timers/promises';
import type { ShownCall } from '../why/record.ts';
import { callerWords } from '../why/words.ts';
import { type Client, openClient } from './client.ts';
import { CLIENT_FLAGS, nearest, type Run, readArguments, type Terminal, UsageError } from './command.ts';
import { jsonText, painter, printable, type Style } from './output.ts';

export const help = `easement records tail           the newest records, oldest first
  --follow                     go on with what is recorded from now on
  --limit N                    how many [20]
  --account ACCOUNT            those of one account, as its administrators see them
easement records verify        recompute every chain and compare it with the newest checkpoint
  --api-key KEY                as an administrator of the key's account; without it, as the operator
  --home DIR, --url URL        which plane
  --json                       for machines: one record a line
`;

type ShownRecord = ShownCall & {
  readonly asked: readonly { readonly words: string; readonly resource: string }[];
  readonly commit: number;
};

interface Checked {
  readonly accounts: number;
  readonly records: number;
  readonly problems: readonly { readonly account: string; readonly sequence: number; readonly problem: string }[];
}

const FOLLOW_EVERY = 500;

export const run: Run = async (args, terminal) => {
  const options = {
    ...CLIENT_FLAGS,
    follow: { type: 'boolean' },
    account: { type: 'string' },
    limit: { type: 'string' },
  } as const;
  const { values, positionals } = readArguments(args, options, 'easement records --help');
  const [verb = 'tail', ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`\`easement records ${verb}\` takes no more arguments`);
  const client = await openClient(values, terminal);
  if (verb === 'verify') return verify(client, terminal, values.json === true);
  if (verb !== 'tail') {
    const meant = nearest(verb, ['tail', 'verify']) ?? 'tail';
    throw new UsageError(`there is no \`easement records ${verb}\`: did you mean \`${meant}\`?`);
  }
  const query = { account: values.account, limit: values.limit ?? '20' };
  const print = values.json
    ? (record: ShownRecord) => terminal.out(`${JSON.stringify(record)}\n`)
    : (record: ShownRecord) => terminal.out(`${lineOf(record, terminal)}\n`);
  let seen = await printRecords(client, query, print);
  while (values.follow) {
    await setTimeout(FOLLOW_EVERY);
    seen = await printRecords(client, { account: values.account, limit: '1000', after: String(seen) }, print, seen);
  }
  return 0;
};

/** Prints a page, oldest first; resolves to the newest commit that has been printed. */
async function printRecords(
  client: Client,
  query: Readonly<Record<string, string | undefined>>,
  print: (record: ShownRecord) => void,
  seen = 0,
): Promise<number> {
  const { records } = await client.get<{ records: ShownRecord[] }>('/api/records', query);
  // A crossing is in the chains of both accounts.
  const once = new Map(records.map((record) => [record.id, record]));
  for (const record of [...once.values()].reverse()) print(record);
  return Math.max(seen, ...records.map(({ commit }) => commit));
}

const STYLES: Readonly<Record<string, Style>> = { done: 'green', denied: 'red', refused: 'red', failed: 'yellow' };

function lineOf(record: ShownRecord, { colour }: Terminal): string {
  const paint = painter(colour);
  const outcome = record.outcome ?? 'asked';
  const what = record.asked.map(({ words, resource }) => `${words} on ${resource}`).join(', ');
  const text = `${record.operation}  ${callerWords(record.caller)}${what === '' ? '' : `: ${what}`}`;
  const when = paint('dim', `${record.at}  ${record.id}`);
  return `${when}  ${paint(STYLES[outcome] ?? 'dim', outcome.padEnd(7))}  ${printable(text)}`;
}

async function verify(client: Client, terminal: Terminal, json: boolean): Promise<number> {
  const checked = await client.post<Checked>('/api/records/verify');
  const { accounts, records, problems } = checked;
  if (json) terminal.out(jsonText(checked));
  else {
    for (const { account, sequence, problem } of problems) terminal.out(`${account} #${sequence}: ${problem}\n`);
    const verdict = problems.length === 0 ? 'every chain holds' : `${problems.length} problems`;
    terminal.out(`${records} records in the chains of ${accounts} accounts: ${verdict}\n`);
  }
  return problems.length === 0 ? 0 : 1;
}
