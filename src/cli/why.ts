/** `easement why`: prints the explanation of a call as a tree. */

import type { ShownQuestion, ShownSide } from '../why/question.ts';
import type { ShownCall } from '../why/record.ts';
import type { Remedy } from '../why/remedy.ts';
import { callerWords, layerLine, questionLine, reasonLine } from '../why/words.ts';
import type { ExplainedCall, Explanation } from '../why.ts';
import { type Client, openClient } from './client.ts';
import { CLIENT_FLAGS, CommandError, type Run, readArguments, UsageError } from './command.ts';
import { compactJson, jsonText, painter, printableIn, type Style } from './output.ts';

export const help = `easement why ID                explain the call with this id: the header easement-request-id, or the request,
                               trace or correlation id of a vendor's error
easement why last              explain the newest call that was refused: some clients do not show ids
  --api-key KEY                ask as an administrator of the key's account (or EASEMENT_API_KEY)
  --as ACCOUNT                 as the operator, see what an administrator of the account would be told
  --home DIR, --url URL        which plane; without an API key, its operator asks
  --json                       for machines
`;

export const run: Run = async (args, terminal) => {
  const options = { ...CLIENT_FLAGS, as: { type: 'string' } } as const;
  const { values, positionals } = readArguments(args, options, 'easement why --help');
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0) {
    throw new UsageError('which call? write `easement why ID`, or `easement why last` for the newest refusal');
  }
  const client = await openClient(values, terminal);
  const wanted = id === 'last' ? await newestRefusal(client, values.as) : id;
  const path = `/api/decisions/${encodeURIComponent(wanted)}`;
  const explanation = await client.get<Explanation>(path, { as: values.as });
  terminal.out(values.json ? jsonText(explanation) : treeText(printableIn(explanation), terminal.colour));
  return 0;
};

/** How far back a refusal is looked for. */
const NEWEST = '1000';

async function newestRefusal(client: Client, account: string | undefined): Promise<string> {
  const { records } = await client.get<{ records: ShownCall[] }>('/api/records', { account, limit: NEWEST });
  const refused = records.find(({ outcome }) => outcome === 'denied' || outcome === 'refused');
  if (refused) return refused.id;
  throw new CommandError(`nothing was refused among the newest ${NEWEST} records: give the id of a call`);
}

type Paint = (style: Style, text: string) => string;

/** The explanation for people. */
export function treeText({ calls }: Explanation, colour: boolean): string {
  const paint = painter(colour);
  return calls.map((call) => `${callLines(call, paint).join('\n')}\n`).join('\n');
}

const OUTCOMES: Readonly<Record<string, Style>> = {
  done: 'green',
  allowed: 'green',
  failed: 'yellow',
  denied: 'red',
  refused: 'red',
};

function callLines(call: ExplainedCall, paint: Paint, isNested = false): string[] {
  const outcome = call.outcome ?? 'asked';
  const lines = [
    `${paint(OUTCOMES[outcome] ?? 'dim', outcome)} ${paint('bold', call.operation)} by ${callerWords(call.caller)}`,
    paint(
      'dim',
      `  ${call.at}  ${call.id}${call.wire && !isNested ? `  ${call.wire.call} from ${call.wire.from}` : ''}`,
    ),
  ];
  if (call.fault)
    lines.push(`  ${call.fault.message}${call.fault.kind === call.fault.reason ? '' : ` (${call.fault.reason})`}`);
  for (const question of call.questions) lines.push(...indented(questionLines(question, call, paint)));
  for (const inner of call.nested) {
    lines.push(`  ${paint('dim', `for this, the ${inner.caller.attributes?.['serviceName'] ?? ''} service asked:`)}`);
    lines.push(...indented(indented(callLines(inner, paint, true))));
  }
  return lines;
}

function questionLines(question: ShownQuestion, call: ExplainedCall, paint: Paint): string[] {
  const style = OUTCOMES[question.outcome] ?? 'dim';
  const lines = [`${paint(style, '•')} ${questionLine(question, call.caller)}`];
  // Of what is about to be made, everybody knows that it is not there yet.
  const missed = question.outcome === 'denied' || call.fault?.kind === 'not-found';
  if (missed && question.existed === false) lines.push('  the resource is not there');
  lines.push(...answerLines(question, paint));
  return lines;
}

/** Who says so and by what, and what would change it. */
export function answerLines(
  { resource, sides, notes, remedy, stop }: Pick<ShownQuestion, 'resource' | 'sides' | 'notes' | 'remedy' | 'stop'>,
  paint: Paint,
): string[] {
  const lines = sides.flatMap((side) => indented(sideLines(side, resource.name, paint)));
  for (const note of notes) lines.push(paint('dim', `  ${note}`));
  if (remedy) lines.push(...indented(remedyLines(remedy, paint)));
  if (stop) lines.push(`  ${paint('bold', 'what would stop it')}: ${stop.says}`);
  return lines;
}

function sideLines({ account, says, outcome: answer, layers = [] }: ShownSide, about: string, paint: Paint): string[] {
  if (says !== undefined) return [`account ${account}: ${says}`];
  // What gave the right, or what refused it; where nothing decided, also what would have had to.
  const telling = layers.filter(({ outcome }) => outcome === answer);
  const shown = answer === 'implicit-deny' || telling.length === 0 ? layers : telling;
  const lines = [shown.length === 0 ? `account ${account}: none of its policies is about this` : `account ${account}:`];
  for (const layer of shown) {
    lines.push(`  ${layerLine(layer)}`);
    for (const reason of layer.because) {
      lines.push(`    ${reasonLine(reason, about)}`);
      if (reason.matched) lines.push(...textLines(reason.origin.text).map((line) => paint('dim', `      ${line}`)));
    }
  }
  return lines;
}

function remedyLines({ says, grant, opens = [], statements = [] }: Remedy, paint: Paint): string[] {
  const lines = [`${paint('bold', 'what would change it')}: ${says}`];
  for (const { account, place, statement } of statements) {
    lines.push(`  in ${place}, account ${account}:`);
    lines.push(...indented(indented(compactJson(statement).split('\n'))));
  }
  if (!grant) return lines;
  lines.push(`  $ ${grant.cli}`);
  if (grant.file) lines.push(`  with ${grant.file}, which is also the body for POST /v1/policies:`);
  else lines.push('  or POST /v1/policies:');
  lines.push(...indented(compactJson(grant.v1).split('\n')), '  or POST /v2/policies:');
  lines.push(...indented(compactJson(grant.v2).split('\n')));
  if (opens.length > 0) lines.push(`  besides, this would allow: ${opens.join(', ')}`);
  return lines;
}

/** A policy as it was written: JSON is laid out, a rule of the cloud's own is a sentence. */
function textLines(text: string): string[] {
  try {
    return compactJson(JSON.parse(text)).split('\n');
  } catch {
    return [text];
  }
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
