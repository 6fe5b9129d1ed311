import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { literalPrefix, literalText, matcherOf, piecesOf } from './glob.ts';
import { matchesParts } from './plain/pattern.ts';
import { longestPrefix, prefixTable } from './prefixes.ts';
import { isTemplate, plainValue, resolve, templateOf } from './value.ts';

const letters = fc.array(fc.constantFrom('a', 'b', '*', '?', '😀'), { maxLength: 10 }).map((all) => all.join(''));

test('patterns match as their regular expressions do', () => {
  fc.assert(
    fc.property(letters, letters, (pattern, text) => {
      const parts = [...pattern].map((one) => (one === '*' ? 'run' : one === '?' ? 'one' : { literal: one }));
      assert.equal(matcherOf(piecesOf(pattern))(text), matchesParts(parts, text), `${pattern} on ${text}`);
    }),
    { numRuns: 20_000 },
  );
});

test('`?` is one character, also of two code units', () => {
  assert.ok(matcherOf(piecesOf('a?c'))('a😀c'));
  assert.ok(!matcherOf(piecesOf('a??c'))('a😀c'));
  assert.ok(matcherOf(piecesOf('*?'))('😀'));
});

test('wildcards that explode elsewhere stay linear', () => {
  const matches = matcherOf(piecesOf(`${'*a'.repeat(1000)}*b`));
  const text = 'a'.repeat(200_000);
  const start = performance.now();
  assert.ok(!matches(text));
  assert.ok(matches(`${text}b`));
  assert.ok(!matcherOf(piecesOf(`${'*?a'.repeat(500)}*b`))(text));
  const elapsed = performance.now() - start;
  assert.ok(elapsed < 1000, `it took ${elapsed} ms`);
});

test('a pattern knows what every match begins with', () => {
  assert.equal(literalPrefix(piecesOf('arn:aws:s3:::b*')), 'arn:aws:s3:::b');
  assert.equal(literalPrefix(piecesOf('*b')), '');
  assert.equal(literalText(piecesOf('plain')), 'plain');
  assert.equal(literalText(piecesOf('pl?in')), undefined);
});

test('the prefixes of a text are found, longest first', () => {
  const words = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 5 }).map((all) => all.join(''));
  fc.assert(
    fc.property(fc.uniqueArray(words, { maxLength: 12 }), words, (prefixes, text) => {
      const table = prefixTable(new Map(prefixes.map((prefix) => [prefix, prefix])));
      const found: string[] = [];
      for (let at = longestPrefix(table, text); at >= 0; at = table.entries[at]!.parent)
        found.push(table.entries[at]!.value);
      const expected = prefixes.filter((prefix) => text.startsWith(prefix)).sort((a, b) => b.length - a.length);
      assert.deepEqual(found, expected);
    }),
  );
});

test('variables stand for text, never for wildcards', () => {
  const template = templateOf(`home/${'$'}{aws:username}/*`);
  assert.ok(isTemplate(template));
  const value = resolve(template, { 'aws:username': 'a*?' });
  assert.equal(value?.text, 'home/a*?/*');
  assert.ok(matcherOf(value!.pieces)('home/a*?/x'));
  assert.ok(!matcherOf(value!.pieces)('home/abc/x'));
  assert.equal(resolve(template, {}), undefined);
  assert.equal(resolve(template, { 'aws:username': ['ana'] }), undefined);
});

test('keys that every object has are no keys of the request', () => {
  const template = templateOf(`${'$'}{constructor}${'$'}{__proto__}`);
  assert.ok(isTemplate(template));
  assert.equal(resolve(template, {}), undefined);
});

test('a text without variables is a plain value', () => {
  assert.deepEqual(templateOf('a*'), plainValue('a*'));
  const literal = templateOf(`a${'$'}{*}`);
  assert.ok(!isTemplate(literal));
  assert.ok(!matcherOf(literal.pieces)('ab'));
  assert.ok(matcherOf(literal.pieces)('a*'));
});
