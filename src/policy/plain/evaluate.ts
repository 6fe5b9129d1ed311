/**
 * The second evaluator: sections 4 and 5 of the evaluation rules written out step by step, without compiling, indexing
 * or sharing code with the engine. Tests compare the two on generated worlds; the benchmark runs beside it.
 */
import { type Asker, applies, askerOf, type Cover, principalCovers } from './statement.ts';
import type { PlainDocument, PlainStatement, PlainWorld } from './world.ts';

export type PlainOutcome = 'allow' | 'implicit-deny' | 'explicit-deny';

export function evaluate(world: PlainWorld): PlainOutcome {
  if (world.request.action.toLowerCase() === 'sts:getcalleridentity') return 'allow';
  const asker = askerOf(world);
  if (asker.kind === 'federated-session' && /^(iam|sts):/i.test(world.request.action)) return 'implicit-deny';
  if (asker.kind === 'root' && /^sts:AssumeRole$/i.test(world.request.action)) return 'implicit-deny';
  if (anyDeny(world, asker)) return 'explicit-deny';
  return allowed(world, asker) ? 'allow' : 'implicit-deny';
}

/** The statements of documents that apply to the request, with how they cover the caller. */
function applying(
  documents: readonly PlainDocument[],
  effect: PlainStatement['Effect'],
  world: PlainWorld,
  asker: Asker,
): readonly Cover[] {
  return documents.flatMap((document) =>
    document.Statement.filter((statement) => statement.Effect === effect)
      .filter((statement) => applies(statement, world, document.Version === '2012-10-17'))
      .map((statement) => principalCovers(statement, asker))
      .filter((cover) => cover !== 'no'),
  );
}

const oneOf = (document: PlainDocument | null | undefined): readonly PlainDocument[] => (document ? [document] : []);
const hasAccount = (asker: Asker) => asker.kind !== 'service' && asker.kind !== 'anonymous';

function scpsOf({ policies, facts }: PlainWorld, asker: Asker): readonly (readonly PlainDocument[])[] {
  const bound = hasAccount(asker) && !facts?.principalAccountIsManagement && !facts?.principalIsServiceLinkedRole;
  return bound ? (policies.scps ?? []) : [];
}

function rcpsOf({ request, policies, facts }: PlainWorld): readonly (readonly PlainDocument[])[] {
  const exempt = facts?.resourceAccountIsManagement || facts?.principalIsServiceLinkedRole;
  return exempt || request.action.toLowerCase() === 'kms:retiregrant' ? [] : (policies.rcps ?? []);
}

/** Step 1: a matching Deny in any kind that binds the caller. */
function anyDeny(world: PlainWorld, asker: Asker): boolean {
  const { policies } = world;
  const own = hasAccount(asker) && asker.kind !== 'root' ? [...policies.identity, ...oneOf(policies.boundary)] : [];
  const session = hasAccount(asker) ? oneOf(policies.session) : [];
  const others = [
    ...oneOf(policies.resource),
    ...oneOf(policies.vpce),
    ...scpsOf(world, asker).flat(),
    ...rcpsOf(world).flat(),
  ];
  return applying([...own, ...session, ...others], 'Deny', world, asker).length > 0;
}

function allowed(world: PlainWorld, asker: Asker): boolean {
  const { policies, request } = world;
  const allows = (documents: readonly PlainDocument[]) => applying(documents, 'Allow', world, asker).length > 0;
  // Steps 3 and 4: every level of SCPs, and the endpoint.
  if (!scpsOf(world, asker).every(allows)) return false;
  if (policies.vpce && !allows([policies.vpce])) return false;

  const byResource = applying(oneOf(policies.resource), 'Allow', world, asker);
  const byGrant = grantCovers(world, asker);
  if (!hasAccount(asker)) return byResource.length > 0 || byGrant.length > 0;

  const identity = asker.kind === 'root' || allows(policies.identity);
  const boundary = !policies.boundary || asker.kind === 'root' || allows([policies.boundary]);
  const session = policies.session ? allows([policies.session]) : asker.kind !== 'federated-session';
  const limits = boundary && session;

  if (asker.account !== request.resourceAccount) {
    const grantAlone = byGrant.includes('caller') || byGrant.includes('role');
    return ((identity && limits) || grantAlone) && (byResource.length > 0 || byGrant.length > 0);
  }
  // Step 5: naming the caller itself goes around identity policies and limits.
  if (asker.kind !== 'root' && (byResource.includes('caller') || byGrant.includes('caller'))) return true;
  const asIdentity = byResource.includes('role') || byGrant.includes('role');
  if (!strict(request.action, request.resource)) return limits && (identity || asIdentity);
  if (asker.kind === 'root') return limits && (byResource.length > 0 || byGrant.length > 0);
  return limits && (asIdentity || (byResource.length > 0 && identity));
}

/** Key policies and trust policies must allow themselves. */
function strict(action: string, resource: string): boolean {
  if (/^kms:/i.test(action)) return resource.includes(':key/');
  if (/^sts:assumeroot$/i.test(action)) return true;
  return /^sts:(assumerole|tagsession|setsourceidentity)/i.test(action) && /:role\//.test(resource);
}

function grantCovers({ request, policies }: PlainWorld, asker: Asker): readonly Cover[] {
  return (policies.grants ?? [])
    .filter((grant) => grant.operations.some((name) => `kms:${name}`.toLowerCase() === request.action.toLowerCase()))
    .map((grant) => {
      const type = grant.grantee.includes(':') ? 'AWS' : 'Service';
      return principalCovers({ Effect: 'Allow', Principal: { [type]: grant.grantee } }, asker);
    })
    .filter((cover) => cover !== 'no');
}
