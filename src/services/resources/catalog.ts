/**
 * The part of the global catalog that making instances takes: offerings, their plans, and where these are deployed.
 * Ids are the vendor's. https://cloud.ibm.com/apidocs/resource-catalog/global-catalog
 */
import { Fault } from '../../faults.ts';
import { operation } from '../../operation.ts';
import { formatCrn, ibmRef, parseCrn } from '../../policy/names.ts';
import { allowPublic } from './access.ts';
import { isRegion, regionNames } from './regions.ts';

export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
}

export interface Offering {
  readonly id: string;
  /** The service's name in CRNs and policies. */
  readonly name: string;
  readonly displayName: string;
  readonly plans: readonly Plan[];
}

const offerings: readonly Offering[] = [
  {
    id: 'ee41347f-b18e-4ca6-bf80-b5467c63f9a6',
    name: 'kms',
    displayName: 'Key Protect',
    plans: [{ id: 'eedd3585-90c6-4c8f-be3d-062069e99fc3', name: 'tiered-pricing', displayName: 'Tiered Pricing' }],
  },
];

/** One entry of the catalog, as a tree: an offering holds plans, a plan holds deployments. */
export type CatalogEntry =
  | { readonly kind: 'service'; readonly offering: Offering }
  | { readonly kind: 'plan'; readonly offering: Offering; readonly plan: Plan }
  | { readonly kind: 'deployment'; readonly offering: Offering; readonly plan: Plan; readonly region: string };

/** An offering by its id or name. */
export function offeringOf(idOrName: string): Offering | undefined {
  return offerings.find(({ id, name }) => id === idOrName || name === idOrName);
}

/** A plan by its id, or by its name where only one offering has a plan of that name. */
export function planOf(idOrName: string): { readonly offering: Offering; readonly plan: Plan } | undefined {
  const found = offerings.flatMap((offering) =>
    offering.plans.filter(({ id, name }) => id === idOrName || name === idOrName).map((plan) => ({ offering, plan })),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** CRN of the deployment of a plan in a region. */
export function deploymentCrn(planId: string, region: string): string {
  return formatCrn(ibmRef({ account: '', service: 'globalcatalog', type: 'deployment', id: `${planId}%3A${region}` }));
}

/** The region that a target means: a region, or a deployment by id or CRN. Undefined when the plan is not there. */
export function regionOfTarget(plan: Plan, target: string): string | undefined {
  const deployment = parseCrn(target)?.id.replace('%3A', ':') ?? target;
  const region = deployment.startsWith(`${plan.id}:`) ? deployment.slice(plan.id.length + 1) : deployment;
  return isRegion(region) ? region : undefined;
}

function childrenOf(entry: CatalogEntry): CatalogEntry[] {
  const { offering } = entry;
  if (entry.kind === 'service') return offering.plans.map((plan) => ({ kind: 'plan', offering, plan }));
  if (entry.kind === 'deployment') return [];
  return regionNames.map((region) => ({ kind: 'deployment', offering, plan: entry.plan, region }));
}

function entryOf(id: string): CatalogEntry | undefined {
  const offering = offeringOf(id);
  if (offering) return { kind: 'service', offering };
  const [planId = '', region] = id.split(':', 2);
  const found = planOf(planId);
  if (!found) return undefined;
  if (region === undefined) return { kind: 'plan', ...found };
  return isRegion(region) ? { kind: 'deployment', ...found, region } : undefined;
}

function entryNamed(id: string): CatalogEntry {
  const entry = entryOf(id);
  if (!entry) throw new Fault('not-found', 'no-catalog-entry', `the catalog has no entry \`${id}\``);
  return entry;
}

/** Offerings; `query` is a name, or `name:` and a name. */
export const listOfferings = operation('resources.list-offerings', async (cx, input: { query?: string }) => {
  await allowPublic(cx, 'catalog');
  const name = input.query?.replace(/^name:/, '');
  return offerings
    .filter((offering) => name === undefined || offering.name === name)
    .map((offering): CatalogEntry => ({ kind: 'service', offering }));
});

/** One entry. Throws `not-found`. */
export const getCatalogEntry = operation('resources.get-catalog-entry', async (cx, input: { id: string }) => {
  await allowPublic(cx, 'catalog');
  return entryNamed(input.id);
});

/** The children of an entry that are of a kind (`*`: all). Throws `not-found`. */
export const listCatalogChildren = operation(
  'resources.list-catalog-children',
  async (cx, input: { id: string; kind: string }) => {
    await allowPublic(cx, 'catalog');
    return childrenOf(entryNamed(input.id)).filter(({ kind }) => input.kind === '*' || kind === input.kind);
  },
);
