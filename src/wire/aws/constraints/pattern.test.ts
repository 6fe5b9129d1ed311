import assert from 'node:assert/strict';
import { test } from 'node:test';
import iam from './iam.data.json' with { type: 'json' };
import kms from './kms.data.json' with { type: 'json' };
import logs from './logs.data.json' with { type: 'json' };
import { compilePattern } from './pattern.ts';
import sts from './sts.data.json' with { type: 'json' };
import type { ConstraintsTable } from './table.ts';

const TABLES: readonly ConstraintsTable[] = [iam, kms, logs, sts];

function patterns(): string[] {
  const found = TABLES.flatMap(({ shapes }) => Object.values(shapes).map(({ pattern }) => pattern));
  return [...new Set(found)].filter((pattern) => pattern !== undefined);
}

test('what Java says of these', () => {
  for (const [pattern, right, wrong] of [
    // As a whole, whether or not it is anchored.
    ['[\\w+=,.@-]+', ['a', 'a_b-c@d'], ['', 'a b', 'a/b', 'é']],
    ['v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?', ['v1', 'v10.a'], ['v0', 'xv1', 'v1 ']],
    ['^a$|^b$', ['a', 'b'], ['ab', 'a\n']],
    // Escapes that stand for themselves.
    ['[\\w+=,.@\\:-]*', ['a:b', 'a-b'], ['a\\b', 'a/b']],
    ['[\\w+=/:,.@\\-\\*]*', ['a-*', ''], ['a b']],
    // A hyphen after a class.
    ['[\\w-_]*', ['a-b_c'], ['a.b']],
    ['^[a-zA-Z0-9-_.]+$', ['a-_.'], ['a/b']],
    // White space is that of ASCII.
    ['^[a-zA-Z0-9:/_\\s.-]+$', ['a b\tc'], ['a\u00a0b', 'a-\u2003']],
    ['\\S{3,4}', ['abc', 'a\u00a0c'], ['a c', 'ab']],
    // Unicode, and escapes of it that hold four digits and no more.
    ['[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+', ['é ሴ/1-2@', '\u{20000}'], ['a*b', 'a\tb']],
    ['[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+', ['a\nb\u00ff'], ['\u0100', '\u0000']],
    ['[\\u10000-\\u10FFFF]+', ['\u1000', '0', '\u10ff', 'F'], ['\u{1f600}']],
  ] as const) {
    const compiled = compilePattern(pattern);
    for (const text of right) assert.ok(compiled.test(text), `\`${pattern}\` refuses ${JSON.stringify(text)}`);
    for (const text of wrong) assert.ok(!compiled.test(text), `\`${pattern}\` takes ${JSON.stringify(text)}`);
  }
});

test('no text keeps a pattern busy', () => {
  const units = ['a', '/', '/a', '-', 'a-', '.', 'a.', '0', ' ', '*', 'arn:', 'https://a.', '|a', '|abc', 'é', '!'];
  const all = patterns();
  assert.ok(all.length > 60);
  for (const pattern of all) {
    const compiled = compilePattern(pattern);
    for (const unit of units) {
      const text = `${unit.repeat(Math.ceil(100_000 / unit.length))}\u0000`;
      const before = process.cpuUsage();
      for (const prefix of ['', '/', 'https://', 's3://a', 'o-']) compiled.test(prefix + text);
      const { user } = process.cpuUsage(before);
      assert.ok(user < 500_000, `\`${pattern}\` takes ${user} us on ${JSON.stringify(unit)} repeated`);
    }
  }
});
