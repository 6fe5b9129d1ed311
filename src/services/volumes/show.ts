/** The VPC API's documents, as far as volumes go. https://cloud.ibm.com/apidocs/vpc#get-volume */
import { formatCrn } from '../../policy/names.ts';
import type { WireRequest } from '../../wire/ibm/route.ts';
import { type Region, regionOfZone } from '../resources/regions.ts';
import { adjustableIopsStates, adjustableStates, type Profile, profileNamed } from './profiles.ts';
import type { ZoneView } from './reference.ts';
import { healthOf, reasonsOf, statusOf } from './status.ts';
import type { VolumeView } from './volumes.ts';

/** As the vendor's hosts name the region, hrefs do here by their prefix. */
function base(origin: string, region: string): string {
  return `${origin}/r/${region}/v1`;
}

export function etagOf({ revision }: VolumeView): Record<string, string> {
  return { etag: `W/"${revision}"` };
}

export function volumeBody({ ref, volume }: VolumeView, origin: string): object {
  const region = regionOfZone(volume.zone)!;
  const here = base(origin, region);
  const profile = profileNamed(volume.profile)!;
  return {
    id: volume.id,
    crn: formatCrn(ref),
    href: `${here}/volumes/${volume.id}`,
    name: volume.name,
    resource_type: 'volume',
    created_at: new Date(volume.createdAt).toISOString(),
    status: statusOf(volume),
    status_reasons: reasonsOf(volume),
    health_state: healthOf(volume),
    health_reasons: [],
    active: false,
    busy: volume.stage === 'updating',
    attachment_state: 'unattached',
    capacity: volume.capacity,
    iops: volume.iops,
    bandwidth: volume.bandwidth,
    profile: { name: profile.name, href: `${here}/volume/profiles/${profile.name}` },
    zone: zoneReference({ region, zone: volume.zone }, origin),
    encryption: volume.key ? 'user_managed' : 'provider_managed',
    ...(volume.key ? { encryption_key: { crn: volume.key.crn } } : {}),
    resource_group: {
      id: volume.resourceGroupId,
      name: volume.resourceGroupName,
      href: `${origin}/v2/resource_groups/${volume.resourceGroupId}`,
    },
    storage_generation: profile.generation,
    adjustable_capacity_states: adjustableStates(profile),
    adjustable_iops_states: adjustableIopsStates(profile),
    user_tags: volume.userTags,
    volume_attachments: [],
  };
}

export function volumePage(
  page: { volumes: VolumeView[]; total: number; next?: string },
  request: WireRequest,
  limit: number,
): object {
  return {
    ...pageOf(request, page, limit),
    volumes: page.volumes.map((view) => volumeBody(view, request.origin)),
  };
}

export function profilePage(
  page: { profiles: readonly Profile[]; total: number; next?: string },
  request: WireRequest,
  limit: number,
): object {
  return {
    ...pageOf(request, page, limit),
    profiles: page.profiles.map((profile) => profileBody(profile, request)),
  };
}

/** `first` and `next` repeat the request's filters. */
function pageOf(request: WireRequest, page: { total: number; next?: string }, limit: number): object {
  const href = (start?: string): string => {
    const query = new URLSearchParams(request.query);
    query.set('limit', String(limit));
    query.delete('start');
    if (start !== undefined) query.set('start', start);
    return `${request.origin}/r/${request.region}${request.path}?${query}`;
  };
  return {
    first: { href: href() },
    ...(page.next === undefined ? {} : { next: { href: href(page.next) } }),
    limit,
    total_count: page.total,
  };
}

export function profileBody(profile: Profile, { origin, region }: WireRequest): object {
  const sized = profile.family === 'defined_performance' ? 'range' : 'dependent_range';
  const field = ({ min, max }: { min: number; max: number }, type = sized): object =>
    type === 'range' ? { type, default: min, min, max, step: 1 } : { type, min, max, step: 1 };
  return {
    name: profile.name,
    href: `${base(origin, region)}/volume/profiles/${profile.name}`,
    family: profile.family,
    storage_generation: { type: 'fixed', value: profile.generation },
    capacity: field(profile.capacity),
    boot_capacity: field(profile.bootCapacity, 'dependent_range'),
    iops: field(profile.iops),
    bandwidth: field(profile.bandwidth),
    adjustable_capacity_states: { type: 'enum', values: adjustableStates(profile) },
    adjustable_iops_states: { type: 'enum', values: adjustableIopsStates(profile) },
  };
}

export function regionBody(region: Region, origin: string): object {
  return { name: region, ...regionReference(region, origin), endpoint: `${origin}/r/${region}`, status: 'available' };
}

export function zoneBody(view: ZoneView, origin: string): object {
  return { ...zoneReference(view, origin), region: regionReference(view.region, origin), status: 'available' };
}

function regionReference(region: Region, origin: string): object {
  return { name: region, href: `${base(origin, region)}/regions/${region}` };
}

function zoneReference({ region, zone }: ZoneView, origin: string): object {
  return { name: zone, href: `${base(origin, region)}/regions/${region}/zones/${zone}` };
}
