/**
 * How AWS combines policies. Rule ids are those of the evaluation reference; the pages are
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
import type { Facts, Layer, LayerKind, Question, Statement } from '../model.ts';
import { allOf, anyOf, grant, limit, type Need, type Rules, type SideNeed } from '../need.ts';
import { ACCOUNT, CALLER, type Coverage, ROLE } from '../principal.ts';
import { isRcpExempt, isStrict, settled } from './exceptions.ts';
import { isPublic, namesEveryone } from './public.ts';

const PRINCIPAL_LAYERS: ReadonlySet<LayerKind> = new Set(['identity', 'boundary', 'session', 'guardrail', 'endpoint']);
const RESOURCE_LAYERS: ReadonlySet<LayerKind> = new Set([
  'resource',
  'access-point',
  'grant',
  'acl',
  'share',
  'resource-guardrail',
  'service',
  'operator',
]);
const ALL_LAYERS: ReadonlySet<LayerKind> = new Set([...PRINCIPAL_LAYERS, ...RESOURCE_LAYERS]);

/** The resource's own word: its policy, together with that of the access point the request came through (S8). */
const byResource = (at: Coverage): Need =>
  allOf(grant('resource', at), { ...limit('access-point'), at, repair: 'allow' });

/** A session policy: a role session passes without one, a federated user's session does not (E10, E12). */
const optionalSession = limit('session');
const requiredSession: Need = { ...limit('session'), optional: false };

/** E3, E4 to E9: identity or resource policy, and what naming the caller itself goes around. */
const sameAccount = (session: Need): Need =>
  allOf(
    limit('guardrail'),
    limit('endpoint'),
    anyOf(
      allOf(limit('boundary'), session, anyOf(grant('identity'), byResource(ROLE), grant('grant', ROLE))),
      byResource(CALLER),
      grant('grant', CALLER),
    ),
  );

/** T1, T2, K1, K2: identity policies count only as far as the resource policy delegates to the account. */
const sameAccountStrict = (session: Need): Need =>
  allOf(
    limit('guardrail'),
    limit('endpoint'),
    anyOf(
      allOf(
        limit('boundary'),
        session,
        anyOf(allOf(byResource(ACCOUNT), grant('identity')), byResource(ROLE), grant('grant', ROLE)),
      ),
      byResource(CALLER),
      grant('grant', CALLER),
    ),
  );

/**
 * E14, K5: the root user needs no identity policy; of a strict resource it needs a statement for its account. A session
 * of AssumeRoot has the task's policy as its limit.
 */
const rootSameAccount = allOf(limit('guardrail'), limit('endpoint'), limit('session'));
const rootStrict = allOf(rootSameAccount, anyOf(byResource(ACCOUNT), grant('grant')));

/** X1, X3, X6: the resource's account must cover the caller, in whatever way. */
const coveredByResource = anyOf(byResource(ACCOUNT), grant('acl'), grant('grant'), grant('share'));

/** X2, X7. A grant that names the caller stands alone, as Auto Scaling's use of another account's key shows. */
const ownAccount = (session: Need): Need =>
  allOf(
    limit('guardrail'),
    limit('endpoint'),
    anyOf(allOf(limit('boundary'), session, grant('identity')), grant('grant', ROLE)),
  );

const both = (need: Need): readonly SideNeed[] => [{ role: 'both', need, layers: ALL_LAYERS }];
const twoSides = (need: Need): readonly SideNeed[] => [
  { role: 'principal', need, layers: PRINCIPAL_LAYERS },
  { role: 'resource', need: coveredByResource, layers: RESOURCE_LAYERS },
];

const unsaid = (kind: LayerKind): Need => ({ ...grant(kind), repair: 'unsaid' });

/**
 * Who has no policies of their own: services, anonymous callers, and identities of a provider (T4, T8). What a service
 * keeps for an account, and what the plane's operator may do, is not for an account to grant.
 */
const withoutAccount: readonly SideNeed[] = [
  {
    role: 'resource',
    need: allOf(limit('endpoint'), anyOf(coveredByResource, unsaid('service'), unsaid('operator'))),
    layers: ALL_LAYERS,
  },
];

const SAME = both(sameAccount(optionalSession));
const SAME_FEDERATED = both(sameAccount(requiredSession));
const SAME_STRICT = both(sameAccountStrict(optionalSession));
const SAME_STRICT_FEDERATED = both(sameAccountStrict(requiredSession));
const SAME_ROOT = both(rootSameAccount);
const SAME_STRICT_ROOT = both(rootStrict);
const CROSS = twoSides(ownAccount(optionalSession));
const CROSS_FEDERATED = twoSides(ownAccount(requiredSession));
const CROSS_ROOT = twoSides(rootSameAccount);

function sides(question: Question): readonly SideNeed[] {
  const { caller, resource } = question;
  if (!hasAccount(question)) return withoutAccount;
  const federated = caller.kind === 'federated-session';
  if (caller.account !== resource.ref.account) {
    return caller.kind === 'root' ? CROSS_ROOT : federated ? CROSS_FEDERATED : CROSS;
  }
  const strict = isStrict(question);
  if (caller.kind === 'root') return strict ? SAME_STRICT_ROOT : SAME_ROOT;
  if (strict) return federated ? SAME_STRICT_FEDERATED : SAME_STRICT;
  return federated ? SAME_FEDERATED : SAME;
}

function hasAccount({ caller: { kind } }: Question): boolean {
  return kind !== 'service' && kind !== 'anonymous' && kind !== 'federated' && kind !== 'operator';
}

/** Which layers bind whom (O2 to O9, X4, X5, E14). */
function exempt(layer: Layer, question: Question, facts: Facts): string | undefined {
  const { caller, resource } = question;
  switch (layer.kind) {
    case 'guardrail':
      if (!hasAccount(question)) return 'service control policies do not bind callers without an account';
      if (layer.account !== caller.account) return "service control policies bind the principal's account only";
      if (facts.principalAccountIsManagement) return 'service control policies do not bind the management account';
      if (facts.principalIsServiceLinkedRole) return 'service control policies do not bind service-linked roles';
      return undefined;
    case 'resource-guardrail':
      if (layer.account !== resource.ref.account) return "resource control policies bind the resource's account only";
      if (facts.resourceAccountIsManagement) return 'resource control policies do not bind the management account';
      if (facts.principalIsServiceLinkedRole) return 'resource control policies do not bind service-linked roles';
      return isRcpExempt(question);
    case 'identity':
    case 'boundary':
    case 'session':
      if (!hasAccount(question)) return 'the caller has no policies of its own';
      if (caller.kind === 'root' && layer.kind !== 'session')
        return 'the root user has no identity policies and no boundary';
      return undefined;
    case 'acl':
      if (facts.s3?.bucketOwnerEnforced) return 'the bucket owner owns every object: access control lists do not count';
      return caller.account === resource.ref.account && hasAccount(question)
        ? 'access control lists grant to other accounts only'
        : undefined;
    default:
      return undefined;
  }
}

/** O5: RCPs only deny; S1, S2, S7: what blocking public access takes away. */
function denyOnly(layer: Layer, question: Question, facts: Facts): string | undefined {
  if (layer.kind === 'resource-guardrail') return 'the policy RCPFullAWSAccess allows on every level';
  const { s3 } = facts;
  if (!s3) return undefined;
  if (layer.kind === 'resource' && s3.restrictPublicBuckets && isOutsider(question) && isPublic(layer.statements)) {
    return 'the policy is public, and public buckets are restricted to services and their own account';
  }
  const ignored = layer.kind === 'acl' && s3.ignorePublicAcls && layer.statements.some(isPublicGrant);
  return ignored ? 'the access control list is public, and public ones are ignored' : undefined;
}

function isOutsider({ caller, resource }: Question): boolean {
  return caller.kind !== 'service' && caller.account !== resource.ref.account;
}

const isPublicGrant = (statement: Statement) => namesEveryone(statement.principals);

/** The services that have these kinds of policies; the other kinds are everybody's. */
const OFFERED: Readonly<Partial<Record<LayerKind, RegExp>>> = {
  grant: /^kms:/i,
  acl: /^s3:/i,
  'access-point': /^s3:/i,
  share: /^(?!(kms|s3|sts|iam):)/i,
};

function offers(kind: LayerKind, { action }: Question): boolean {
  return OFFERED[kind]?.test(action) ?? true;
}

function notes(question: Question, facts: Facts): readonly string[] {
  const { caller, resource } = question;
  const found: string[] = [];
  if (hasAccount(question)) {
    const same = caller.account === resource.ref.account;
    found.push(
      same ? 'the caller and the resource are of one account' : 'the resource is of another account than the caller',
    );
  } else found.push('the caller has no account: only the resource decides');
  if (hasAccount(question) && isStrict(question))
    found.push("the resource's own policy has to allow it, or to leave it to the policies of its account");
  if (caller.kind === 'root') found.push('the caller is the root user of its account');
  if (facts.principalAccountIsManagement)
    found.push("the caller's account is the management account of its organization");
  if (facts.principalIsServiceLinkedRole) found.push('the caller is a service-linked role');
  return found;
}

export const awsRules: Rules = { settled, exempt, denyOnly, sides, offers, notes };
