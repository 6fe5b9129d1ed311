/** Reads the requests of the VPC API, as far as volumes go. */
import { z } from 'zod';
import { readJson } from '../../wire/ibm/body.ts';
import type { WireRequest } from '../../wire/ibm/route.ts';
import type { VolumeChanges } from './change.ts';
import { parameterFault, volumeFault } from './faults.ts';
import type { NewVolume, VolumeFilter } from './volumes.ts';

const FIRST_VERSION = '2019-01-01';

/** A thing by its name, or by its href, which ends in the name. */
const named = z
  .strictObject({ name: z.string().optional(), href: z.string().optional() })
  .transform(({ name, href }) => ({ name: name ?? href?.split('/').at(-1) }));

const snapshot = z
  .strictObject({ id: z.string().optional(), crn: z.string().optional(), href: z.string().optional() })
  .transform(({ id, crn, href }) => id ?? crn ?? href ?? '');

const newVolume = z.strictObject({
  name: z.string().optional(),
  zone: named,
  profile: named.optional(),
  capacity: z.int().optional(),
  iops: z.int().optional(),
  bandwidth: z.int().optional(),
  resource_group: z.strictObject({ id: z.string() }).optional(),
  encryption_key: z.strictObject({ crn: z.string() }).nullish(),
  user_tags: z.array(z.string()).max(1000).optional(),
  source_snapshot: snapshot.optional(),
});

const volumeChanges = z.strictObject({
  name: z.string().optional(),
  capacity: z.int().optional(),
  iops: z.int().optional(),
  bandwidth: z.int().optional(),
  profile: named.optional(),
  user_tags: z.array(z.string()).max(1000).optional(),
});

/** Every call names the API's version, a day that has been, and its generation. https://cloud.ibm.com/apidocs/vpc#versioning */
export function checkVersion({ query, now }: WireRequest): void {
  const version = query.get('version');
  const form = 'the parameter `version` is a date like 2026-01-31';
  if (version === null || version === '') throw parameterFault('version-missing', `${form}: it is missing`, 'version');
  if (!isDate(version)) throw parameterFault('version-invalid', `${form}, not \`${version}\``, 'version');
  const today = new Date(now).toISOString().slice(0, 10);
  if (version < FIRST_VERSION || version > today) {
    const range = `the version \`${version}\` does not lie between ${FIRST_VERSION} and ${today}`;
    throw parameterFault('version-out-of-range', range, 'version');
  }
  const generation = query.get('generation');
  if (generation === null || generation === '') {
    throw parameterFault('generation-missing', 'the parameter `generation` is missing: send 2', 'generation');
  }
  if (generation !== '2') {
    throw parameterFault('generation-invalid', `there is no generation \`${generation}\`: send 2`, 'generation');
  }
}

export function readNewVolume(request: WireRequest): NewVolume {
  const body = readJson(request, newVolume);
  const zone = body.zone.name;
  if (zone === undefined) throw volumeFault('zone-unknown', 'give the `name` of a zone', 'zone.name');
  return {
    name: body.name,
    zone,
    profile: body.profile,
    capacity: body.capacity,
    iops: body.iops,
    bandwidth: body.bandwidth,
    resourceGroupId: body.resource_group?.id,
    keyCrn: body.encryption_key?.crn,
    userTags: body.user_tags,
    snapshot: body.source_snapshot,
  };
}

export function readVolumeChanges(request: WireRequest): {
  id: string;
  ifMatch: string | undefined;
  changes: VolumeChanges;
} {
  const { user_tags: userTags, profile, ...changes } = readJson(request, volumeChanges);
  return { ...readVolumeId(request), changes: { ...changes, profile: profile?.name, userTags } };
}

export function readVolumeId({ params, headers }: WireRequest): { id: string; ifMatch: string | undefined } {
  const id = params['id']!;
  if (!/^(r[0-9]{3}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    throw parameterFault('id-invalid', `\`${id.slice(0, 80)}\` is no id of a volume`, 'id');
  }
  return { id, ifMatch: headers['if-match'] };
}

export function readVolumeQuery(request: WireRequest): {
  region: string;
  filter: VolumeFilter;
  limit: number;
  start: string | undefined;
} {
  const { query, region } = request;
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  return {
    region,
    filter: {
      name: text('name'),
      zone: text('zone.name'),
      encryption: oneOf(query, 'encryption', ['provider_managed', 'user_managed']),
      tag: text('tag'),
      generation: wholeNumber(query, 'storage_generation', 1, 2),
      none:
        (oneOf(query, 'attachment_state', ['attached', 'unattached', 'unusable']) ?? 'unattached') !== 'unattached' ||
        query.has('operating_system.family') ||
        query.has('operating_system.architecture'),
    },
    ...readPage(request),
  };
}

export function readPage({ query }: WireRequest): { limit: number; start: string | undefined } {
  return { limit: wholeNumber(query, 'limit', 1, 100) ?? 50, start: query.get('start') ?? undefined };
}

function isDate(text: string): boolean {
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

function oneOf<const T extends string>(query: URLSearchParams, name: string, values: readonly T[]): T | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = values.find((known) => known === text);
  if (value !== undefined) return value;
  throw parameterFault('invalid-query', `\`${name}=${text}\`: give one of ${values.join(', ')}`, name);
}

function wholeNumber(query: URLSearchParams, name: string, min: number, max: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value >= min && value <= max) return value;
  throw parameterFault('invalid-query', `\`${name}=${text}\`: give a whole number from ${min} to ${max}`, name);
}
