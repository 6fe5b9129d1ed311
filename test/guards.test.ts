/** The rules of the repository that a reader relies on, checked. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { services } from '../src/services/index.ts';

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

/** What only tests and benchmarks run: an evaluator to compare with, mutations, contracts of the store. */
const isTestSupport = (path: string): boolean =>
  /\.test\.ts$|^src\/policy\/(?:plain|mutation)\/|^src\/store\/(?:contract[./]|sqlite\/homes\.ts$)/.test(path);

const all = sources('src');
const code = all.filter(({ path }) => !isTestSupport(path));
const offenders = (files: readonly SourceFile[], isBad: (file: SourceFile) => boolean): string[] =>
  files.filter(isBad).map(({ path }) => path);

test('what runs in a plane imports no test support', () => {
  assert.ok(all.length > code.length + 10);
  assert.deepEqual(
    offenders(code, ({ imports }) => imports.some(isTestSupport)),
    [],
  );
});

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
  const order = services.map(({ name }) => name);
  const folder = (path: string): string | undefined => /^src\/services\/([a-z]+)\//.exec(path)?.[1];
  const folders = new Set(code.map(({ path }) => folder(path)).filter((name) => name !== undefined));
  assert.deepEqual(
    [...folders].filter((name) => !order.includes(name)),
    [],
    'a folder under services/ that no service is named after',
  );
  const backwards = code.flatMap(({ path, imports }) => {
    const from = folder(path);
    if (from === undefined) return [];
    return imports
      .map(folder)
      .filter((to): to is string => to !== undefined && order.indexOf(to) > order.indexOf(from))
      .map((to) => `${path} imports ${to}`);
  });
  assert.deepEqual(backwards, []);
});

test('only outbound.ts dials; the command line talks to the plane alone', () => {
  const dialling = /\bfetch\(|from 'node:(?:http|https|net|tls|dgram)'/;
  const listeners = /^src\/(wire\/|api\/|main\.ts)/;
  const dialler = /^src\/outbound(?:\.ts$|\/)/;
  assert.ok(code.some(({ path, text }) => dialler.test(path) && dialling.test(text)));
  const bad = offenders(code, ({ path, text }) => {
    if (path.startsWith('src/cli/') || dialler.test(path)) return false;
    if (listeners.test(path)) return /\bfetch\(|\b(?:http|https)\.(?:request|get)\(/.test(text);
    return dialling.test(text.replace(/import type [^;]+;/g, ''));
  });
  assert.deepEqual(bad, []);
});

/** Texts with colons that are no names. */
const OTHER_COLONS: Readonly<Record<string, string>> = {
  'src/policy/aws/operators/address.ts': 'IPv6 addresses',
  'src/services/keys/ibm/keys.ts': 'qualifiers of a search',
};

test('names are taken apart in one place', () => {
  const takesApart = /\.split\(':'\)|\/\^?crn:|startsWith\('crn:|startsWith\('arn:/;
  const found = offenders(code, ({ text }) => takesApart.test(text));
  assert.deepEqual(found.toSorted(), ['src/policy/names.ts', ...Object.keys(OTHER_COLONS)].toSorted());
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
  const isTable = (path: string): boolean => /\/catalogue\/|\/mutations\.ts$|\.data\.ts$/.test(path);
  const long = offenders(all, ({ path, text }) => !isTable(path) && text.split('\n').length > 301);
  assert.deepEqual(long, []);
});

test('nothing is left for later in silence', () => {
  assert.deepEqual(
    offenders(all, ({ text }) => /\b(?:TODO|FIXME|XXX)\b|@ts-(?:ignore|nocheck)/.test(text)),
    [],
  );
});
