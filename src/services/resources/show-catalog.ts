/** The global catalog's documents, as far as Terraform reads them. https://cloud.ibm.com/apidocs/resource-catalog/global-catalog */
import { formatCrn, ibmRef } from '../../policy/names.ts';
import { type CatalogEntry, deploymentCrn } from './catalog.ts';

export function catalogPage(entries: readonly CatalogEntry[], origin: string): object {
  const resources = entries.map((entry) => catalogBody(entry, origin));
  return { offset: 0, limit: 50, count: resources.length, resource_count: resources.length, resources };
}

export function catalogBody(entry: CatalogEntry, origin: string): object {
  const { id, name, title } = titleOf(entry);
  return {
    id,
    catalog_crn:
      entry.kind === 'deployment'
        ? deploymentCrn(entry.plan.id, entry.region)
        : formatCrn(ibmRef({ account: '', service: 'globalcatalog', type: entry.kind, id })),
    name,
    kind: entry.kind,
    ...(entry.kind === 'service' ? {} : { parent_id: parentOf(entry) }),
    active: true,
    disabled: false,
    group: false,
    tags: ['ibm_created', 'rc_compatible'],
    geo_tags: entry.kind === 'deployment' ? [entry.region] : [],
    overview_ui: { en: { display_name: title, description: title, long_description: title } },
    images: { image: '' },
    provider: { name: 'IBM', email: '' },
    metadata: metadataOf(entry),
    children_url: `${origin}/api/v1/${encodeURIComponent(id)}/*`,
    url: `${origin}/api/v1/${encodeURIComponent(id)}`,
  };
}

function titleOf(entry: CatalogEntry): { id: string; name: string; title: string } {
  if (entry.kind === 'service') {
    return { id: entry.offering.id, name: entry.offering.name, title: entry.offering.displayName };
  }
  if (entry.kind === 'plan') return { id: entry.plan.id, name: entry.plan.name, title: entry.plan.displayName };
  return { id: `${entry.plan.id}:${entry.region}`, name: `${entry.plan.name}-${entry.region}`, title: entry.region };
}

function parentOf(entry: Exclude<CatalogEntry, { kind: 'service' }>): string {
  return entry.kind === 'plan' ? entry.offering.id : entry.plan.id;
}

function metadataOf(entry: CatalogEntry): object {
  const common = { rc_compatible: true, iam_compatible: true };
  if (entry.kind === 'service') {
    return { ...common, service: { type: 'service', iam_compatible: true, rc_provisionable: true } };
  }
  if (entry.kind === 'plan') return { ...common, plan: { bindable: true, reservable: false } };
  // Terraform takes the location from the last part of the target and hands the catalog CRN over as the target.
  const target = ibmRef({ account: '', service: 'resource-catalog', type: 'environment', id: entry.region });
  return { ...common, deployment: { location: entry.region, target_crn: formatCrn(target) } };
}
