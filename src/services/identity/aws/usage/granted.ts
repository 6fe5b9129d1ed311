/**
 * Which services policies give access to, as last-accessed reports understand it: by the policies themselves, whatever
 * boundaries, conditions and policies of resources make of it.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
 */
import { compilePolicy } from '../../../../policy/aws/compile.ts';
import { matcherOf, piecesOf } from '../../../../policy/glob.ts';
import { parseJson } from '../../../../policy/json.ts';
import type { ActionPattern, Statement } from '../../../../policy/model.ts';
import { serviceNames } from './service-names.data.ts';

/** Namespaces that the policies (JSON texts) together give access to, sorted. */
export function servicesGranted(policies: readonly string[]): readonly string[] {
  const statements = policies.flatMap(statementsOf);
  const allows = statements.filter(({ effect }) => effect === 'allow');
  const denies = statements.filter(deniesAlways);
  return Object.keys(serviceNames)
    .filter((service) => allows.some(({ actions }) => touches(actions, service)))
    .filter((service) => !denies.some(({ actions }) => covers(actions, service)));
}

/** Whether one policy gives access to a service, whatever others take away. */
export function grantsService(policy: string, service: string): boolean {
  return statementsOf(policy).some(({ effect, actions }) => effect === 'allow' && touches(actions, service));
}

function statementsOf(policy: string): readonly Statement[] {
  const parsed = parseJson(policy);
  if ('message' in parsed) return [];
  return compilePolicy(parsed.value, { kind: 'identity', account: '', policy: '' }).statements;
}

function deniesAlways({ effect, conditions, resources }: Statement): boolean {
  return effect === 'deny' && conditions.length === 0 && resources.kind === 'any';
}

/** Whether the pattern holds an action of the service. */
function touches(pattern: ActionPattern, service: string): boolean {
  switch (pattern.kind) {
    case 'exact':
      return [...pattern.names].some((name) => name.startsWith(`${service}:`));
    case 'wildcard':
      return pattern.patterns.some((text) => matcherOf(piecesOf(text.split(':', 1)[0]!))(service));
    case 'any-of':
      return pattern.of.some((one) => touches(one, service));
    case 'not':
      return !covers(pattern.of, service);
  }
}

/** Whether the pattern holds all actions of the service. */
function covers(pattern: ActionPattern, service: string): boolean {
  switch (pattern.kind) {
    case 'exact':
      return false;
    case 'wildcard':
      return pattern.patterns.some((text) => matcherOf(piecesOf(text))(`${service}:`));
    case 'any-of':
      return pattern.of.some((one) => covers(one, service));
    case 'not':
      return !touches(pattern.of, service);
  }
}
