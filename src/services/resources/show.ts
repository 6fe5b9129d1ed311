/** The resource controller's and the resource manager's documents. */
import { formatCrn, type ResourceRef } from '../../policy/names.ts';
import type { WireRequest } from '../../wire/ibm/route.ts';
import { defaultGroupId, groupRef, type InstanceDocument } from './access.ts';
import { deploymentCrn, offeringOf } from './catalog.ts';
import type { GroupView } from './groups.ts';
import type { InstanceView } from './instances.ts';

/** Quota plan of accounts that pay for what they use: an id of the vendor's. */
const QUOTA = 'a3d7b8d01e261c24677937c29ab33f3c';

const date = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** An instance as the resource controller shows it; `origin` is where its service answers. */
export function instanceBody({ ref, instance }: InstanceView, origin: string): object {
  const crn = formatCrn(ref);
  const url = `/v2/resource_instances/${instance.guid}`;
  return {
    id: crn,
    guid: instance.guid,
    url,
    created_at: date(instance.createdAt),
    updated_at: date(instance.updatedAt),
    deleted_at: instance.deletedAt === undefined ? null : date(instance.deletedAt),
    created_by: instance.createdBy,
    updated_by: instance.updatedBy,
    deleted_by: instance.deletedBy ?? '',
    scheduled_reclaim_at: null,
    restored_at: null,
    scheduled_reclaim_by: '',
    restored_by: '',
    name: instance.name,
    region_id: instance.region,
    account_id: ref.account,
    reseller_channel_id: '',
    resource_plan_id: instance.planId,
    resource_group_id: instance.resourceGroupId,
    resource_group_crn: formatCrn(groupRef(ref.account, instance.resourceGroupId)),
    target_crn: deploymentCrn(instance.planId, instance.region),
    parameters: instance.parameters,
    allow_cleanup: instance.allowCleanup,
    crn,
    state: instance.state,
    type: 'service_instance',
    sub_type: instance.service,
    resource_id: offeringOf(instance.service)?.id ?? instance.service,
    dashboard_url: null,
    last_operation: lastOperation(instance),
    resource_aliases_url: `${url}/resource_aliases`,
    resource_bindings_url: `${url}/resource_bindings`,
    resource_keys_url: `${url}/resource_keys`,
    plan_history: instance.planHistory.map(({ planId, from, by }) => ({
      resource_plan_id: planId,
      start_date: date(from),
      requestor_id: by,
    })),
    migrated: false,
    controlled_by: '',
    locked: instance.locked,
    onetime_credentials: instance.parameters['onetime_credentials'] === true,
    extensions: { endpoints: endpoints(ref, origin) },
  };
}

/** Where clients reach the service: the listener that answered them. */
function endpoints(ref: ResourceRef, origin: string): object {
  const region = `${origin}/r/${ref.location}`;
  return { public: region, private: region };
}

function lastOperation({ lastOperation: type }: InstanceDocument): object {
  return {
    type,
    ...(type === 'update' ? { sub_type: 'config' } : {}),
    state: 'succeeded',
    async: false,
    description: `Completed ${type} instance operation`,
    cancelable: false,
    poll: false,
  };
}

/** A page of instances; `next_url` repeats the request's filters. */
export function instancePage(page: { instances: InstanceView[]; next?: string }, request: WireRequest): object {
  return {
    rows_count: page.instances.length,
    next_url: page.next === undefined ? null : nextUrl(request, page.next),
    resources: page.instances.map((view) => instanceBody(view, request.origin)),
  };
}

function nextUrl(request: WireRequest, start: string): string {
  const query = new URLSearchParams(request.query);
  query.set('start', start);
  return `${request.path}?${query}`;
}

export function groupBody({ account, group }: GroupView): object {
  return {
    id: group.id,
    crn: formatCrn(groupRef(account, group.id)),
    account_id: account,
    name: group.name,
    state: group.state,
    default: group.id === defaultGroupId(account),
    enable_reclamation: false,
    quota_id: QUOTA,
    quota_url: `/v2/quota_definitions/${QUOTA}`,
    payment_methods_url: `/v2/resource_groups/${group.id}/payment_methods`,
    resource_linkages: [],
    teams_url: `/v2/resource_groups/${group.id}/teams`,
    created_at: date(group.createdAt),
    updated_at: date(group.updatedAt),
  };
}

/** The reply to a creation has no more than this. */
export function newGroupBody({ account, group }: GroupView): object {
  return { id: group.id, crn: formatCrn(groupRef(account, group.id)) };
}
