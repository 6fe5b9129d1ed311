/** An explanation in sentences, for the page and the command line. */
import type { LayerKind, LayerVerdict, Reason } from '../policy/model.ts';
import type { ExplainedCall } from '../why.ts';
import type { ShownQuestion } from './question.ts';
import type { ShownCaller } from './record.ts';

/** One line per question that was not allowed, nested ones included; the fault when every question was. */
export function summary(call: ExplainedCall): string[] {
  const lines = refusedIn(call).map(({ question, caller }) => questionLine(question, caller));
  if (lines.length === 0 && call.fault) lines.push(call.fault.message);
  return lines;
}

function refusedIn(call: ExplainedCall): { question: ShownQuestion; caller: ShownCaller }[] {
  const own = call.questions.filter(({ outcome }) => outcome !== 'allowed');
  return [...own.map((question) => ({ question, caller: call.caller })), ...call.nested.flatMap(refusedIn)];
}

/** Who may or may not do what, and who says so. */
export function questionLine({ words, resource, outcome }: ShownQuestion, caller: ShownCaller): string {
  const was = { allowed: 'is allowed', denied: 'is denied', refused: 'was refused' }[outcome];
  return `${callerWords(caller)} ${was} ${words} on ${resource.name}`;
}

export function callerWords({ kind, id, account, name, attributes }: ShownCaller): string {
  if (kind === 'operator') return 'the operator';
  const service = attributes?.['serviceName'];
  if (kind === 'service')
    return service ? `the service ${service} of account ${account}` : `${id} for account ${account}`;
  return `${name ?? id} of account ${account}`;
}

const LAYERS: Partial<Record<LayerKind, string>> = {
  access: 'access policies',
  authorization: 'authorizations of services',
  owner: 'ownership of the account',
  self: 'an identity’s own standing',
  service: 'the standing of the service that keeps the resource',
  operator: 'the standing of the operator',
  identity: 'the caller’s own policies',
  resource: 'the policy of the resource',
  boundary: 'the permissions boundary',
  session: 'the session policy',
  grant: 'grants of the key',
  guardrail: 'service control policies',
  'resource-guardrail': 'resource control policies',
};

/** What policies of a kind are called. */
export function layerWords(kind: LayerKind): string {
  return LAYERS[kind] ?? `${kind} policies`;
}

/** What one layer says. */
export function layerLine({ kind, name, outcome, note }: LayerVerdict): string {
  const what = `${LAYERS[kind] ?? kind}${name === undefined ? '' : ` (${name})`}`;
  if (outcome === 'not-applicable') return `${what}: not asked${note ? `, ${note}` : ''}`;
  return `${what}: ${{ allow: 'allow this', 'implicit-deny': 'nothing in them allows this', 'explicit-deny': 'deny this' }[outcome]}`;
}

/** Why a statement decided, or what kept it from applying. */
export function reasonLine({ origin, effect, matched, failed }: Reason): string {
  const which = `${origin.policy}${origin.statement === '0' ? '' : `, statement ${origin.statement}`}`;
  if (matched || failed === undefined) return `${which} ${effect === 'allow' ? 'allows' : 'denies'} it`;
  const key = failed.key ? ` ${failed.key}` : '';
  const got = failed.got === undefined ? 'it is missing' : `it is ${list(failed.got)}`;
  return `${which} does not apply: its ${failed.element}${key} must be ${list(failed.expected)}, ${got}`;
}

const list = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(' or ');
