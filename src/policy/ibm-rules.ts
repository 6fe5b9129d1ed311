/**
 * How IBM Cloud combines policies: the resource's account answers, and one policy that grants is enough.
 * https://cloud.ibm.com/docs/account?topic=account-iamoverview, https://cloud.ibm.com/docs/account?topic=account-serviceauth
 */
import type { LayerKind, Question } from './model.ts';
import { allOf, anyOf, grant, limit, type Need, type Rules, type SideNeed } from './need.ts';

const LAYERS: ReadonlySet<LayerKind> = new Set([
  'access',
  'authorization',
  'owner',
  'self',
  'service',
  'operator',
  'guardrail',
  'endpoint',
]);

/** What an administrator can give comes first: access policies to identities, authorizations to services. */
const granted = (usual: LayerKind, ...others: readonly LayerKind[]): Need =>
  allOf(
    limit('guardrail'),
    limit('endpoint'),
    anyOf(grant(usual), ...others.map((kind): Need => ({ ...grant(kind), repair: 'unsaid' }))),
  );

const forIdentities = granted('access', 'authorization', 'owner', 'self', 'service', 'operator');
const forServices = granted('authorization', 'access', 'owner', 'self', 'service', 'operator');

const side = (role: 'resource' | 'both', need: Need): readonly SideNeed[] => [{ role, need, layers: LAYERS }];
const IDENTITY_SAME = side('both', forIdentities);
const IDENTITY_OTHER = side('resource', forIdentities);
const SERVICE_SAME = side('both', forServices);
const SERVICE_OTHER = side('resource', forServices);

function sides({ caller, resource }: Question): readonly SideNeed[] {
  const same = caller.account === resource.ref.account;
  if (caller.kind === 'service') return same ? SERVICE_SAME : SERVICE_OTHER;
  return same ? IDENTITY_SAME : IDENTITY_OTHER;
}

export const ibmRules: Rules = {
  settled: () => undefined,
  exempt: () => undefined,
  denyOnly: () => undefined,
  offers: () => true,
  sides,
  notes: ({ caller, resource }) =>
    caller.account === '' || caller.account === resource.ref.account
      ? []
      : ['the caller acts in another account than the resource: only the account of the resource decides'],
};
