/** `easement what-if`: which recorded calls would be answered otherwise under changed policies. */
import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import type { ChangedCall, WhatIf } from '../questions/what-if.ts';
import { callerWords } from '../why/words.ts';
import { openClient } from './client.ts';
import { CLIENT_FLAGS, CommandError, type Run, readArguments, type Terminal, UsageError } from './command.ts';
import { jsonText, painter, printableIn } from './output.ts';
import { grantWords } from './who-can.ts';

export const help = `easement what-if --change FILE  decide recorded calls again, as of when they were made, under changed policies, and
                               list each that would be answered otherwise; exit code 1 if there are any
  --change FILE                YAML or JSON: a list of \`add: POLICY\`, \`remove: ID\`, \`replace: { id: ID, policy: POLICY }\`,
                               with policies as POST /v1/policies or /v2/policies takes them
  --last N                     the newest N calls that asked for something of the account [1000]
  --since MOMENT, --until MOMENT
                               the calls of a range: 2026-11-22T09:30:00Z, or 7d for seven days ago
  --account ACCOUNT            whose policies; by default those of the policies in the file, or of the API key
  --api-key KEY                ask as an administrator of the key's account (or EASEMENT_API_KEY)
  --as ACCOUNT                 as the operator, see what an administrator of the account would be told
  --home DIR, --url URL        which plane; without an API key, its operator asks
  --json                       for machines
`;

export const run: Run = async (args, terminal) => {
  const options = {
    ...CLIENT_FLAGS,
    as: { type: 'string' },
    account: { type: 'string' },
    change: { type: 'string' },
    last: { type: 'string' },
    since: { type: 'string' },
    until: { type: 'string' },
  } as const;
  const { values, positionals } = readArguments(args, options, 'easement what-if --help');
  const { change, last, account, as, since, until } = values;
  if (change === undefined || positionals.length > 0) {
    throw new UsageError('what would change? write `easement what-if --change FILE`');
  }
  if (last !== undefined && !/^[1-9][0-9]*$/.test(last)) {
    throw new UsageError(`\`--last ${last}\`: write a whole number of calls`);
  }
  const changes = await readChangeFile(change);
  const client = await openClient(values, terminal);
  const foreseen = await client.post<WhatIf>('/api/what-if', {
    changes,
    account,
    as,
    since,
    until,
    ...(last === undefined ? {} : { last: Number(last) }),
  });
  terminal.out(values.json ? jsonText(foreseen) : whatIfText(printableIn(foreseen), terminal));
  return foreseen.changed.length === 0 ? 0 : 1;
};

async function readChangeFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new CommandError(`cannot read the changes \`${file}\`: ${cause.code}`, { cause });
  });
  try {
    return parse(text);
  } catch (cause) {
    if (cause instanceof YAMLParseError) throw new CommandError(`${file}: ${cause.message}`, { cause });
    throw cause;
  }
}

function whatIfText({ changed, calls, from, more }: WhatIf, { colour }: Terminal): string {
  const paint = painter(colour);
  const lines: string[] = [];
  for (const { caller, calls: own } of changed) {
    lines.push(paint('bold', callerWords(caller)));
    for (const call of own) lines.push(...callLines(call, paint));
  }
  const count = changed.reduce((sum, group) => sum + group.calls.length, 0);
  const since = from === undefined ? '' : ` since ${from}`;
  const older = more ? '; older ones were not looked at' : '';
  lines.push(`${count} of ${calls} calls${since} would be answered otherwise${older}`);
  return `${lines.join('\n')}\n`;
}

function callLines({ id, at, operation, questions }: ChangedCall, paint: ReturnType<typeof painter>): string[] {
  const lines = [`  ${paint('dim', at)}  ${id}  ${operation}`];
  for (const { words, resource, before, after, by } of questions) {
    const style = after === 'allowed' ? 'green' : 'red';
    lines.push(`    ${before} -> ${paint(style, after)}: ${words} on ${resource}`);
    lines.push(
      ...by.map((grant) =>
        paint('dim', `      ${after === 'denied' ? 'was' : 'would be'} allowed ${grantWords(grant)}`),
      ),
    );
  }
  return lines;
}
