/** Whatever another account's policies say, a caller whom they refuse reads what he would read if there were none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadCase } from '../case.ts';
import { explain } from '../explain.ts';
import { world } from '../plain/generate.ts';
import { authorizationMessage } from './authorization-message.ts';
import { refusalMessage } from './refusal.ts';

const RUNS = Number(process.env['POLICY_RUNS'] ?? 2000);

test("a refusal tells nothing of the other account's policies", () => {
  let refused = 0;
  let denied = 0;
  fc.assert(
    fc.property(fc.boolean().chain(world), (given) => {
      const { question, layers: all, facts } = loadCase({ name: 'generated', ...given });
      const own = question.caller.account;
      if (own === question.resource.ref.account) return;
      // A grant is known to whom it is made.
      const layers = all.filter((layer) => layer.kind !== 'grant');
      const verdict = explain(question, layers, facts);
      if (verdict.outcome === 'allow') return;
      refused += 1;
      const ownLayers = layers.filter((layer) => layer.account === own);
      const alone = explain(question, ownLayers, facts);
      if (verdict.outcome === 'explicit-deny' && alone.outcome !== 'explicit-deny') denied += 1;
      assert.equal(refusalMessage(question, verdict), refusalMessage(question, alone));
      const maySee = (account: string) => account === own;
      assert.equal(authorizationMessage(question, verdict, maySee), authorizationMessage(question, alone, maySee));
    }),
    { numRuns: RUNS },
  );
  assert.ok(refused > RUNS / 20, `too few worlds refuse across accounts: ${refused}`);
  assert.ok(denied > RUNS / 100, `too few are denied by the other account alone: ${denied}`);
});
