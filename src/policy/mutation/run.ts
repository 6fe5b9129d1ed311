/**
 * The mutation run: takes away one rule of the evaluator after another, in a copy, and runs the decision cases. A
 * mutation that no case notices means that a rule is untested. `node src/policy/mutation/run.ts`; exit 1 if any survives.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mutation, mutations } from './mutations.ts';

const policy = fileURLToPath(new URL('..', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'easement-mutation-'));
const copy = join(root, 'policy');

function casesPass(): boolean {
  const run = spawnSync(process.execPath, ['--test', join(copy, 'cases.test.ts')], {
    stdio: 'ignore',
    timeout: 60_000,
  });
  return run.status === 0;
}

/** What is wrong with a mutation; undefined when the cases noticed it. */
function survives({ file, from, to }: Mutation): string | undefined {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) return `\`${from}\` stands ${text.split(from).length - 1} times in ${file}`;
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  const passed = casesPass();
  writeFileSync(path, text);
  return passed ? 'no case fails' : undefined;
}

cpSync(policy, copy, { recursive: true });
writeFileSync(join(root, 'package.json'), '{"type":"module"}');
let survivors = 0;
try {
  if (!casesPass()) throw new Error('the cases fail without any mutation: run them first');
  for (const mutation of mutations) {
    const wrong = survives(mutation);
    if (wrong === undefined) continue;
    survivors += 1;
    console.log(`${mutation.rule} (${mutation.file}): ${wrong}`);
  }
} finally {
  rmSync(root, { recursive: true });
}
console.log(`${mutations.length - survivors} of ${mutations.length} mutations noticed`);
process.exitCode = survivors > 0 ? 1 : 0;
