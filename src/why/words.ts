/** An explanation in sentences, for the page and the command line. */
import type { LayerKind, LayerVerdict, Reason } from '../policy/model.ts';
import type { ExplainedCall } from '../why.ts';
import { failureWords } from './failure.ts';
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

/** What layers are called; `one` of them, or several policies. */
const LAYERS: Readonly<Record<LayerKind, { readonly name: string; readonly one?: true }>> = {
  access: { name: 'access policies' },
  authorization: { name: 'authorizations of services' },
  owner: { name: 'ownership of the account', one: true },
  self: { name: 'an identity’s own standing', one: true },
  service: { name: 'the standing of the service that keeps the resource', one: true },
  operator: { name: 'the standing of the operator', one: true },
  identity: { name: 'the caller’s own policies' },
  resource: { name: 'the policy of the resource', one: true },
  boundary: { name: 'the permissions boundary', one: true },
  session: { name: 'the session’s policies' },
  grant: { name: 'grants of the key' },
  guardrail: { name: 'service control policies' },
  'resource-guardrail': { name: 'resource control policies' },
  endpoint: { name: 'the policy of the VPC endpoint', one: true },
  acl: { name: 'the access control list', one: true },
  share: { name: 'resource shares' },
  'access-point': { name: 'the policy of the access point', one: true },
};

/** What policies of a kind are called. */
export function layerWords(kind: LayerKind): string {
  return LAYERS[kind].name;
}

/** What one layer says. */
export function layerLine({ kind, name, outcome, note }: LayerVerdict): string {
  const { name: words, one } = LAYERS[kind];
  const what = `${words}${name === undefined ? '' : ` (${name})`}`;
  switch (outcome) {
    case 'not-applicable':
      return `${what}: not asked${note ? `, ${note}` : ''}`;
    case 'implicit-deny':
      return `${what}: nothing in ${one ? 'it' : 'them'} allows this`;
    case 'allow':
      return `${what}: ${one ? 'allows' : 'allow'} this`;
    case 'explicit-deny':
      return `${what}: ${one ? 'denies' : 'deny'} this`;
  }
}

/** Which statement of which policy; `about` is the resource in question, which need not be named again. */
export function sourceWords({ origin: { policy, statement } }: Pick<Reason, 'origin'>, about?: string): string {
  if (policy === 'grants') return `grant ${statement}`;
  const name = about === undefined ? policy : policy.replace(` of ${about}`, '');
  return `${name}${statement === '0' ? '' : `, statement ${statement}`}`;
}

/** Why a statement decided, or what kept it from applying. */
export function reasonLine(reason: Reason, about?: string): string {
  const { origin, effect, matched, failed, alsoFailed = [] } = reason;
  const which = sourceWords(reason, about);
  if (matched || failed === undefined) return `${which} ${effect === 'allow' ? 'allows' : 'denies'} it`;
  return `${which} does not apply: ${[failed, ...alsoFailed].map((one) => failureWords(one, origin)).join('; ')}`;
}
