import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { difference, loadCase } from './case.ts';
import { decide } from './decide.ts';
import { explain } from './explain.ts';

const folder = new URL('cases/', import.meta.url);
const names = new Set<string>();

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()) {
  const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly unknown[];
  test(`cases of ${file}`, async (suite) => {
    for (const json of cases) {
      const { name, question, layers, facts, expected, unsure } = loadCase(json);
      assert.ok(!names.has(name), `two cases are called ${name}`);
      assert.ok(expected.outcomes.length > 0, `${name} expects nothing`);
      names.add(name);
      await suite.test(name, (one) => {
        const verdict = explain(question, layers, facts);
        assert.equal(decide(question, layers, facts), verdict.outcome, 'deciding and explaining must agree');
        const wrong = difference(verdict, expected);
        if (wrong && unsure) one.diagnostic(`unsure: ${wrong}`);
        else assert.equal(wrong, undefined, JSON.stringify(verdict, undefined, 2));
      });
    }
  });
}
