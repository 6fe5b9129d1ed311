/** `easement who-can`: everybody who can do something to a resource. */
import type { ShownWho, WhoCan } from '../questions/who-can.ts';
import type { ShownGrant } from '../questions/words.ts';
import { layerWords } from '../why/words.ts';
import { type Client, openClient } from './client.ts';
import { CLIENT_FLAGS, type Run, readArguments, UsageError } from './command.ts';
import { pairs } from './decide.ts';
import { jsonText, painter, printableIn } from './output.ts';

export const help = `easement who-can ACTION RESOURCE
                               every identity of the resource's account that can, and the services that its
                               authorizations name; those of accounts outside of its enterprise are marked
  ACTION                       as the cloud names it: kms.secrets.wrap
  RESOURCE                     its CRN
  --context KEY=VALUE          what is known of the request: current_date_time=2026-11-22T09:30:00Z; all else is open
  --api-key KEY                ask as an administrator of the key's account (or EASEMENT_API_KEY)
  --as ACCOUNT                 as the operator, see what an administrator of the account would be told
  --home DIR, --url URL        which plane; without an API key, its operator asks
  --json                       for machines
`;

export const run: Run = async (args, terminal) => {
  const options = { ...CLIENT_FLAGS, as: { type: 'string' }, context: { type: 'string', multiple: true } } as const;
  const { values, positionals } = readArguments(args, options, 'easement who-can --help');
  const [action, resource, ...rest] = positionals;
  if (action === undefined || resource === undefined || rest.length > 0) {
    throw new UsageError('who can what, on what? write `easement who-can ACTION RESOURCE`');
  }
  pairs(values.context ?? [], '--context');
  const client = await openClient(values, terminal);
  const all = await everyPage<WhoCan>(client, '/api/who-can', [
    ['action', action],
    ['resource', resource],
    ...(values.as === undefined ? [] : [['as', values.as] as const]),
    ...(values.context ?? []).map((pair) => ['context', pair] as const),
  ]);
  terminal.out(values.json ? jsonText(all) : whoCanText(printableIn(all), terminal.colour));
  return 0;
};

/** An answer with the `found` of all its pages. */
export async function everyPage<T extends { readonly found: readonly unknown[]; readonly next?: string }>(
  client: Client,
  path: string,
  query: readonly (readonly [string, string])[],
): Promise<Omit<T, 'next'>> {
  const ask = (more: readonly (readonly [string, string])[]) =>
    client.get<T>(
      `${path}?${new URLSearchParams([...query, ...more].map(([name, value]): [string, string] => [name, value]))}`,
    );
  const first = await ask([]);
  const found = [...first.found];
  for (let next = first.next; next !== undefined; ) {
    const page = await ask([['after', next]]);
    found.push(...page.found);
    next = page.next;
  }
  const { next: _next, ...rest } = first;
  return { ...rest, found };
}

function whoCanText({ words, resource, found, notes }: Omit<WhoCan, 'next'>, colour: boolean): string {
  const paint = painter(colour);
  const lines = [paint('bold', `${words} on ${resource.name}`)];
  if (found.length === 0) lines.push('nobody can');
  for (const one of found) {
    const mark = one.outside ? paint('yellow', ' (outside)') : '';
    const answer = one.answer === 'yes' ? paint('green', 'yes    ') : paint('yellow', 'depends');
    lines.push(
      `${answer} ${whoWords(one.who)}${mark}`,
      ...one.by.map((grant) => paint('dim', `          ${grantWords(grant)}`)),
    );
  }
  for (const note of notes) lines.push(paint('dim', note));
  return `${lines.join('\n')}\n`;
}

function whoWords(who: ShownWho): string {
  if (who.kind !== 'service') return who.name === who.iamId ? who.iamId : `${who.name} (${who.iamId})`;
  const { serviceName: _name, accountId, ...narrower } = who.attributes;
  const only = Object.entries(narrower).map(([name, value]) => `${name} ${value}`);
  const whose = accountId === undefined ? '' : ` of account ${accountId}`;
  return `the service ${who.name}${whose}${only.length === 0 ? '' : `, only ${only.join(', ')}`}`;
}

/** By which policy, through which group, under which conditions. */
export function grantWords({ layer, policy, group, when }: ShownGrant): string {
  const through = group === undefined ? '' : ` through ${group}`;
  const provided = when === undefined || when.length === 0 ? '' : `, when ${when.join(' and ')}`;
  return `by ${layerWords(layer)}: ${policy}${through}${provided}`;
}
