/** The rules of the repository that a reader relies on, checked. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

interface SourceFile {
  /** Path from the repository's root. */
  readonly path: string;
  readonly text: string;
  /** What it imports: package names as they are, files as paths from the root. */
  readonly imports: readonly string[];
}

function sources(folder: string): SourceFile[] {
  return readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const file = resolve(root, folder, name);
      const text = readFileSync(file, 'utf8');
      const imports = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, specifier]) =>
        specifier!.startsWith('.') ? relative(root, resolve(file, '..', specifier!)) : specifier!,
      );
      return { path: relative(root, file), text, imports };
    });
}

const all = sources('src');
const code = all.filter(({ path }) => !path.endsWith('.test.ts'));
const offenders = (files: readonly SourceFile[], isBad: (file: SourceFile) => boolean): string[] =>
  files.filter(isBad).map(({ path }) => path);

test('the engine imports nothing outside policy/', () => {
  const inside = code.filter(({ path }) => path.startsWith('src/policy/'));
  assert.ok(inside.length > 5);
  assert.deepEqual(
    offenders(inside, ({ imports }) => imports.some((name) => !name.startsWith('src/policy/'))),
    [],
  );
});

test('only the store imports a database driver', () => {
  const uses = code.filter(({ imports }) => imports.includes('node:sqlite'));
  assert.ok(uses.length > 0);
  assert.deepEqual(
    offenders(uses, ({ path }) => !path.startsWith('src/store/')),
    [],
  );
});

test('the wire imports no service, services import no listener', () => {
  const wire = code.filter(({ path }) => path.startsWith('src/wire/'));
  assert.deepEqual(
    offenders(wire, ({ imports }) => imports.some((name) => name.startsWith('src/services/'))),
    [],
  );
  const services = code.filter(({ path }) => path.startsWith('src/services/'));
  assert.ok(services.length > 5);
  assert.deepEqual(
    offenders(services, ({ imports }) =>
      imports.some((name) => /^src\/(main|jobs|config|wire\/ibm\/server)\.ts$/.test(name)),
    ),
    [],
  );
});

test('services import one another in the order of the list, never in a circle', () => {
  const order = [...readFileSync(resolve(root, 'src/services/index.ts'), 'utf8').matchAll(/from '\.\/([a-z]+)\//g)].map(
    ([, name]) => name!,
  );
  assert.ok(order.length > 3);
  const folder = (path: string): string | undefined => /^src\/services\/([a-z]+)\//.exec(path)?.[1];
  const backwards = code.flatMap(({ path, imports }) => {
    const from = folder(path);
    if (from === undefined) return [];
    return imports
      .map(folder)
      .filter((to): to is string => to !== undefined && to !== from && rank(order, to) > rank(order, from))
      .map((to) => `${path} imports ${to}`);
  });
  assert.deepEqual(backwards, []);
});

/** Imports are sorted, so the list itself is what counts. */
function rank(_order: readonly string[], name: string): number {
  const place = ['accounts', 'policies', 'identity', 'worlds', 'resources', 'keys', 'volumes'].indexOf(name);
  assert.notEqual(place, -1, `say where the service \`${name}\` stands`);
  return place;
}

test('nothing in the plane dials out; the command line talks to the plane alone', () => {
  const dialling = /\bfetch\(|from 'node:(?:http|https|net|tls|dgram)'/;
  const listeners = /^src\/(wire\/|api\/|main\.ts)/;
  const bad = offenders(code, ({ path, text }) => {
    if (path.startsWith('src/cli/')) return false;
    if (listeners.test(path)) return /\bfetch\(|\b(?:http|https)\.(?:request|get)\(/.test(text);
    return dialling.test(text.replace(/import type [^;]+;/g, ''));
  });
  assert.deepEqual(bad, []);
});

test('names are taken apart in one place', () => {
  const takesApart = /\.split\(':'\)|\/\^?crn:|startsWith\('crn:|startsWith\('arn:/;
  assert.deepEqual(
    offenders(code, ({ path, text }) => path !== 'src/policy/names.ts' && takesApart.test(text)),
    [],
  );
});

test('only config.ts and the commands read the environment', () => {
  assert.deepEqual(
    offenders(
      code,
      ({ path, text }) => path !== 'src/config.ts' && !path.startsWith('src/cli/') && text.includes('process.env'),
    ),
    [],
  );
});

test('a file stays readable: 300 lines at most, tables and their data aside', () => {
  const isTable = (path: string): boolean => /\/catalogue\/|\.data\.ts$/.test(path);
  const long = all.filter(({ path, text }) => !isTable(path) && text.split('\n').length > 301);
  assert.deepEqual(
    long.map(({ path }) => path),
    [],
  );
});

test('nothing is left for later in silence', () => {
  assert.deepEqual(
    offenders(all, ({ text }) => /\b(?:TODO|FIXME|XXX)\b|@ts-(?:ignore|nocheck)/.test(text)),
    [],
  );
});
