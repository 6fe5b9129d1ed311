/** Decides the cases of a case file, of either cloud, without a plane. The format: docs/questions.md. */
import type { Catalogued } from '../catalogue/catalogued.ts';
import { ibmCatalogued } from '../catalogue/ibm.ts';
import { type Stop as AwsStop, whatStops as awsStops, type Repair, repair } from '../policy/aws/repair.ts';
import { type DecisionCase, difference, loadCase } from '../policy/case.ts';
import { explain } from '../policy/explain.ts';
import type { Missing, Outcome, Question, Verdict } from '../policy/model.ts';
import { type Stop, whatStops } from '../why/change.ts';
import { type Remedy, remedyForOwner } from '../why/remedy.ts';
import { layerWords, reasonLine } from '../why/words.ts';

export interface CaseResult {
  readonly name: string;
  /** `unsure`: not as expected, and marked as something that the vendor's pages leave open. */
  readonly result: 'passed' | 'failed' | 'unsure';
  /** Any of these counts. */
  readonly expected: readonly Outcome[];
  readonly outcome: Outcome;
  /** What is not as expected. */
  readonly difference?: string;
  /** What decided, in words. */
  readonly reason: string;
  readonly verdict: Verdict;
  /** Of a denial: the smallest grants that allow it, and what no grant gets past. */
  readonly remedy?: Repair | Remedy;
  /** Of an allow: what would end it. */
  readonly stop?: readonly AwsStop[] | Stop;
  /** Policies that could not be read: they allow nothing. */
  readonly problems: readonly string[];
  readonly catalogue: Catalogued;
}

export class BadCase extends Error {
  override readonly name = 'BadCase';
}

/** Decides every case of a file. Throws `BadCase` when a case cannot be read or expects nothing. */
export async function simulate(cases: unknown): Promise<readonly CaseResult[]> {
  if (!Array.isArray(cases)) throw new BadCase('a case file is a JSON array of cases');
  const results: CaseResult[] = [];
  for (const [index, json] of cases.entries()) {
    const one = readCase(json, index);
    results.push({ ...decideCase(one), catalogue: await catalogued(one.question) });
  }
  return results;
}

async function catalogued(question: Question): Promise<Catalogued> {
  if (question.resource.ref.cloud === 'ibm') return ibmCatalogued(question);
  // Large, and not needed for IBM Cloud.
  const { awsCatalogued } = await import('../catalogue/aws.ts');
  return awsCatalogued(question);
}

function readCase(json: unknown, index: number): DecisionCase {
  try {
    const loaded = loadCase(json);
    if (loaded.expected.outcomes.length > 0) return loaded;
  } catch (cause) {
    throw new BadCase(`case ${index + 1}: ${(cause as Error).message}`, { cause });
  }
  throw new BadCase(`case ${index + 1}: it expects nothing: say \`allow\`, \`implicitDeny\` or \`explicitDeny\``);
}

function decideCase(one: DecisionCase): Omit<CaseResult, 'catalogue'> {
  const { name, question, layers, facts, expected, unsure, problems } = one;
  const verdict = explain(question, layers, facts);
  const wrong = difference(verdict, expected);
  return {
    name,
    result: wrong === undefined ? 'passed' : unsure ? 'unsure' : 'failed',
    expected: expected.outcomes,
    outcome: verdict.outcome,
    ...(wrong === undefined ? {} : { difference: wrong }),
    reason: reasonOf(verdict),
    verdict,
    ...changeOf(one, verdict),
    problems: problems.map(({ policy, path, message }) => `${policy}${path === '' ? '' : ` at ${path}`}: ${message}`),
  };
}

function changeOf({ question, layers, facts }: DecisionCase, verdict: Verdict): Pick<CaseResult, 'remedy' | 'stop'> {
  const isIbm = question.resource.ref.cloud === 'ibm';
  if (verdict.outcome === 'allow') {
    const stop = isIbm ? whatStops(verdict) : awsStops(question, layers, verdict, facts);
    return stop ? { stop } : {};
  }
  const remedy = isIbm ? remedyForOwner(question, verdict, layers) : repair(question, verdict);
  return remedy ? { remedy } : {};
}

/** The statement that decided; where none did, what is missing, with the statement that came nearest. */
function reasonOf({ outcome, sides, missing, notes }: Verdict): string {
  const layers = sides.flatMap((side) => side.layers);
  if (outcome !== 'implicit-deny') {
    const because = layers.filter((layer) => layer.outcome === outcome).flatMap((layer) => layer.because);
    const decided = because.find(({ matched, effect }) => matched && (effect === 'allow') === (outcome === 'allow'));
    return decided ? reasonLine(decided) : notes.join('; ');
  }
  const near = layers.filter((layer) => layer.outcome === 'implicit-deny').flatMap((layer) => layer.because)[0];
  const lacking = missing ? missingWords(missing) : notes.join('; ');
  return near ? `${lacking}; ${reasonLine(near)}` : lacking;
}

function missingWords(missing: Missing): string {
  switch (missing.kind) {
    case 'all-of':
      return missing.of.map(missingWords).join(', and ');
    case 'any-of':
      return missingWords(missing.of[0]!);
    case 'allow':
    case 'blocked': {
      const layer = layerWords(missing.layer).replace(/^the /, '');
      return `nothing in the ${layer} of ${missing.account || 'the caller'} allows it`;
    }
  }
}
