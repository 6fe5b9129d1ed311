/** `easement what-can`: everything that somebody can do to the resources of an account. */
import type { Granted, Reach, WhatCan } from '../questions/what-can.ts';
import { callerWords } from '../why/words.ts';
import { openClient } from './client.ts';
import { CLIENT_FLAGS, type Run, readArguments, UsageError } from './command.ts';
import { pairs } from './decide.ts';
import { jsonText, painter, printableIn } from './output.ts';
import { everyPage, grantWords } from './who-can.ts';

export const help = `easement what-can PRINCIPAL    the policies about somebody, and what he can do to each resource that is there
  PRINCIPAL                    IAM_ID@ACCOUNT or E-MAIL@ACCOUNT (the account may be left out with an API key); a service
                               as SERVICE@ACCOUNT, or the CRN of the resource for which it acts
  --account ACCOUNT            on resources of this account; for a service, of every account by default
  --context KEY=VALUE          what is known of the request: current_date_time=2026-11-22T09:30:00Z; all else is open
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
    context: { type: 'string', multiple: true },
  } as const;
  const { values, positionals } = readArguments(args, options, 'easement what-can --help');
  const [principal, ...rest] = positionals;
  if (principal === undefined || rest.length > 0) throw new UsageError('who? write `easement what-can PRINCIPAL`');
  pairs(values.context ?? [], '--context');
  const client = await openClient(values, terminal);
  const all = await everyPage<WhatCan>(client, '/api/what-can', [
    ['principal', principal],
    ...(values.account === undefined ? [] : [['account', values.account] as const]),
    ...(values.as === undefined ? [] : [['as', values.as] as const]),
    ...(values.context ?? []).map((pair) => ['context', pair] as const),
  ]);
  terminal.out(values.json ? jsonText(all) : whatCanText(printableIn(all), terminal.colour));
  return 0;
};

function whatCanText({ caller, grants, found }: Omit<WhatCan, 'next'>, colour: boolean): string {
  const paint = painter(colour);
  const lines = [
    paint('bold', callerWords(caller)),
    ...grants.map((grant) => paint('dim', `  ${grantedWords(grant)}`)),
  ];
  if (found.length === 0) lines.push('can do nothing to any resource that is there');
  for (const { resource, can, depends } of found) {
    lines.push(resource);
    if (can.length > 0) lines.push(`  ${paint('green', 'yes    ')} ${can.join(', ')}`);
    for (const [by, actions] of grouped(depends)) {
      lines.push(
        `  ${paint('yellow', 'depends')} ${actions.join(', ')}`,
        ...by.map((text) => paint('dim', `            ${text}`)),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function grantedWords({ account, policy, to, roles, on, when }: Granted): string {
  const provided = when.length === 0 ? '' : `, when ${when.join(' and ')}`;
  return `${policy} of account ${account} gives ${roles.join(', ')} to ${to.join(', ')} on ${on.join(', ')}${provided}`;
}

/** Actions that depend on the same. */
function grouped(depends: Reach['depends']): ReadonlyMap<readonly string[], readonly string[]> {
  const groups = new Map<string, { by: readonly string[]; actions: string[] }>();
  for (const { action, by } of depends) {
    const words = by.map(grantWords);
    const group = groups.get(words.join('\n')) ?? { by: words, actions: [] };
    group.actions.push(action);
    groups.set(words.join('\n'), group);
  }
  return new Map([...groups.values()].map(({ by, actions }) => [by, actions]));
}
