/**
 * What AWS tells a caller that it refuses: who, what, on which resource, and the kind of policy that stood in the way.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 *
 * Of another account's side nothing is told: absent, forbidden and denied there read the same.
 */
import type { LayerKind, LayerVerdict, Missing, Question, Verdict } from '../model.ts';
import { parseArn } from '../names.ts';
import { settledWords } from './exceptions.ts';

/** The kinds of policies in AWS's words, in the order in which one of several is named. */
const POLICY_KINDS: ReadonlyMap<LayerKind, string> = new Map([
  ['guardrail', 'service control policy'],
  ['resource-guardrail', 'resource control policy'],
  ['endpoint', 'VPC endpoint policy'],
  ['resource', 'resource-based policy'],
  ['access-point', 'resource-based policy'],
  ['grant', 'resource-based policy'],
  ['share', 'resource-based policy'],
  ['acl', 'resource-based policy'],
  ['identity', 'identity-based policy'],
  ['boundary', 'permissions boundary'],
  ['session', 'session policy'],
]);

/**
 * A deny in one of these is told with the policy's ARN, since January 2026; an inline policy has none.
 * https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns
 */
const NAMED_BY_ARN: ReadonlySet<LayerKind> = new Set([
  'guardrail',
  'resource-guardrail',
  'identity',
  'boundary',
  'session',
]);

/** What may be told of a refusal; without a kind, that it is one. */
interface Refusal {
  readonly kind?: LayerKind;
  readonly explicit: boolean;
  /** Name or ARN of the policy that denies. */
  readonly policy?: string;
}

/**
 * The message of the access-denied error for a question that was not allowed. `verdict` is that of `explain`; for a
 * resource that does not exist, explain the question without the policies of the resource.
 */
export function refusalMessage(question: Question, verdict: Verdict): string {
  const { action, caller, resource } = question;
  const service = servicePrefix(action);
  if (/^sts:AssumeRoleWith(SAML|WebIdentity)$/i.test(action)) return `Not authorized to perform ${action}`;
  const settled = settledWords(question);
  if (settled) return settled.message;
  const foreign = caller.account !== resource.ref.account;
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html: no more outside the account.
  if (service === 's3' && foreign && resource.name !== '*') return 'Access Denied';
  const refusal = refusalOf(question, verdict);
  const who = caller.kind === 'anonymous' ? 'anonymous' : caller.id;
  const unknownKey = service === 'kms' && foreign && refusal.kind === 'resource';
  const where = service === 'kms' ? onKey(question, unknownKey) : onResource(question);
  const why = unknownKey ? UNKNOWN_KEY : because(action, refusal);
  return [`User: ${who} is not authorized to perform: ${action}`, where, why].filter((part) => part !== '').join(' ');
}

const UNKNOWN_KEY =
  'because the resource does not exist in this Region, no resource-based policies allow access, ' +
  'or a resource-based policy explicitly denies access';

function because(action: string, { kind, explicit, policy }: Refusal): string {
  // STS does not say what a trust policy lacks or denies.
  if (kind === undefined || (kind === 'resource' && servicePrefix(action) === 'sts')) return '';
  const name = POLICY_KINDS.get(kind);
  if (name === undefined) return '';
  if (!explicit) return `because no ${name} allows the ${action} action`;
  const arn = policy !== undefined && NAMED_BY_ARN.has(kind) && parseArn(policy) ? `: ${policy}` : '';
  return `with an explicit deny in ${kind === 'identity' ? 'an' : 'a'} ${name}${arn}`;
}

function onResource({ action, resource }: Question): string {
  if (resource.name === '*') return '';
  return `on resource: ${servicePrefix(action) === 's3' ? `"${resource.name}"` : resource.name}`;
}

/** A ciphertext names its key to KMS alone, and the key of another account is not repeated. */
function onKey(question: Question, hidden: boolean): string {
  if (/^kms:(Decrypt|ReEncryptFrom)$/i.test(question.action)) return 'on the resource associated with this ciphertext';
  return hidden ? 'on this resource' : onResource(question);
}

function servicePrefix(action: string): string {
  return action.slice(0, Math.max(0, action.indexOf(':'))).toLowerCase();
}

/** The first refusal that is the caller's to know, a deny before a missing allow. */
function refusalOf(question: Question, verdict: Verdict): Refusal {
  const own = question.caller.account;
  const denying = verdict.sides
    .flatMap((side) => side.layers)
    .filter((layer) => layer.outcome === 'explicit-deny' && layer.account === own && own !== '');
  const [deny] = denying.sort((a, b) => rank(a.kind) - rank(b.kind));
  if (deny) return { kind: deny.kind, explicit: true, ...policyOf(deny) };
  const lacking = verdict.missing ? usualLack(verdict.missing) : [];
  const told = lacking.filter(({ account }) => account === own && own !== '').map(({ layer }) => layer);
  const [kind] = told.sort((a, b) => rank(a) - rank(b));
  if (kind !== undefined) return { kind, explicit: false };
  // Nothing of the caller's own account is in the way; or nothing can be (`settled`), and then nothing is told.
  return verdict.sides.length === 0 ? { explicit: false } : { kind: 'resource', explicit: false };
}

function rank(kind: LayerKind): number {
  const at = [...POLICY_KINDS.keys()].indexOf(kind);
  return at < 0 ? POLICY_KINDS.size : at;
}

function policyOf(layer: LayerVerdict): { readonly policy?: string } {
  const deny = layer.because.find((reason) => reason.matched && reason.effect === 'deny');
  return deny ? { policy: deny.origin.policy } : {};
}

type Lack = Extract<Missing, { readonly kind: 'allow' | 'blocked' }>;

/** The absent allows of the usual way to the right; what denies is no absent allow. */
function usualLack(missing: Missing): readonly Lack[] {
  if (missing.kind === 'all-of') return missing.of.flatMap(usualLack);
  if (missing.kind === 'any-of') return missing.of.slice(0, 1).flatMap(usualLack);
  return missing.kind === 'blocked' && missing.by.some((reason) => reason.matched) ? [] : [missing];
}
