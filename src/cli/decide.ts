/** `easement decide`: whether somebody may do something in the live world, and why. */
import type { Decision } from '../questions/decide.ts';
import { callerWords } from '../why/words.ts';
import { openClient } from './client.ts';
import { CLIENT_FLAGS, type Run, readArguments, UsageError } from './command.ts';
import { jsonText, painter, printableIn } from './output.ts';
import { answerLines } from './why.ts';

export const help = `easement decide CALLER ACTION RESOURCE
                               whether the caller may do it now, and why; exit code 1 when he may not
  CALLER                       an iam_id or e-mail address, in the resource's account or as IAM_ID@ACCOUNT; a service as
                               SERVICE@ACCOUNT; or the CRN of the resource for which a service acts
  ACTION                       as the cloud names it: kms.secrets.wrap
  RESOURCE                     its CRN
  --context KEY=VALUE          what policies may test of the request: current_date_time=2026-11-22T09:30:00Z
  --attribute KEY=VALUE        what a resource will have that is not there yet: keyRing=payments
  --api-key KEY                ask as an administrator of the key's account (or EASEMENT_API_KEY)
  --as ACCOUNT                 as the operator, see what an administrator of the account would be told
  --home DIR, --url URL        which plane; without an API key, its operator asks
  --json                       for machines
`;

export const run: Run = async (args, terminal) => {
  const options = {
    ...CLIENT_FLAGS,
    as: { type: 'string' },
    context: { type: 'string', multiple: true },
    attribute: { type: 'string', multiple: true },
  } as const;
  const { values, positionals } = readArguments(args, options, 'easement decide --help');
  const [caller, action, resource, ...rest] = positionals;
  if (caller === undefined || action === undefined || resource === undefined || rest.length > 0) {
    throw new UsageError('who, what, on what? write `easement decide CALLER ACTION RESOURCE`');
  }
  const client = await openClient(values, terminal);
  const decision = await client.post<Decision>('/api/decide', {
    caller,
    action,
    resource,
    context: pairs(values.context ?? [], '--context'),
    attributes: pairs(values.attribute ?? [], '--attribute'),
    ...(values.as === undefined ? {} : { as: values.as }),
  });
  terminal.out(values.json ? jsonText(decision) : decisionText(printableIn(decision), terminal.colour));
  return decision.outcome === 'allowed' ? 0 : 1;
};

/** `KEY=VALUE` as an object. Throws `UsageError`. */
export function pairs(texts: readonly string[], flag: string): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      if (equals < 1) throw new UsageError(`\`${flag} ${text}\` names no value: write \`${flag} KEY=VALUE\``);
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

function decisionText(decision: Decision, colour: boolean): string {
  const paint = painter(colour);
  const { outcome, caller, words, resource, existed } = decision;
  const style = { allowed: 'green', denied: 'red', untold: 'yellow' } as const;
  const lines = [`${paint(style[outcome], outcome)} ${words} on ${resource.name} by ${callerWords(caller)}`];
  if (existed === false) lines.push('  the resource is not there');
  lines.push(...answerLines(decision, paint));
  return `${lines.join('\n')}\n`;
}
