/** `easement simulate`: decides the cases of case files, without a plane. */
import { readFile } from 'node:fs/promises';
import { BadCase, type CaseResult, simulate } from '../questions/simulate.ts';
import { CommandError, type Run, readArguments, type Terminal, UsageError } from './command.ts';
import { jsonText, painter, printable } from './output.ts';

export const help = `easement simulate FILE...      decide the cases of case files, of AWS or IBM Cloud; no plane is needed.
                               Prints a line for each case that is not decided as it expects; exit code 1 if any failed.
                               Warns of actions, resources and condition keys that the cloud's catalogue does not list
  --json                       every verdict with its reasons, and the catalogue's version
`;

export const run: Run = async (args, terminal) => {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } }, 'easement simulate --help');
  if (positionals.length === 0) throw new UsageError('which cases? write `easement simulate FILE...`');
  const results: (CaseResult & { readonly file: string })[] = [];
  for (const file of positionals) {
    for (const result of await readResults(file)) results.push({ file, ...result });
  }
  if (values.json) terminal.out(jsonText(results));
  else print(results, terminal);
  return results.some(({ result }) => result === 'failed') ? 1 : 0;
};

async function readResults(file: string): Promise<readonly CaseResult[]> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new CommandError(`cannot read the case file \`${file}\`: ${cause.code}`, { cause });
  });
  try {
    return await simulate(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof BadCase || cause instanceof SyntaxError) {
      throw new CommandError(`${file}: ${cause.message}`, { cause });
    }
    throw cause;
  }
}

const KINDS = { action: 'action', resource: 'kind of resource like', 'condition-key': 'condition key' } as const;

function print(results: readonly CaseResult[], { out, err, colour }: Terminal): void {
  const paint = painter(colour);
  for (const { name, result, difference, reason, problems, catalogue } of results) {
    for (const problem of problems) err(printable(`${name}: not readable, so it allows nothing: ${problem}\n`));
    for (const { kind, name: unknown } of catalogue.unknown) {
      err(
        printable(`${name}: warning: ${catalogue.name} ${catalogue.version} lists no ${KINDS[kind]} \`${unknown}\`\n`),
      );
    }
    if (difference === undefined) continue;
    const style = result === 'failed' ? 'red' : 'yellow';
    out(`${paint(style, result)} ${printable(`${name}: ${difference}: ${reason}`)}\n`);
  }
  const count = (wanted: CaseResult['result']): number => results.filter(({ result }) => result === wanted).length;
  out(`${count('passed')} passed, ${count('failed')} failed, ${count('unsure')} unsure\n`);
}
