/** What the VPC API tells of itself: regions, zones and volume profiles. */
import type { Context } from '../../context.ts';
import { operation } from '../../operation.ts';
import { allowPublic } from '../resources/access.ts';
import { isRegion, type Region, regionNames, zonesOf } from '../resources/regions.ts';
import { profilesRef, VolumeProfile } from './access.ts';
import { parameterFault } from './faults.ts';
import { type Profile, profileNamed, profiles } from './profiles.ts';

export const listRegions = operation('volumes.list-regions', async (cx, _input: null): Promise<readonly Region[]> => {
  await allowPublic(cx, 'regions');
  return regionNames;
});

export const getRegion = operation('volumes.get-region', async (cx, input: { region: string }): Promise<Region> => {
  await allowPublic(cx, 'regions');
  return regionNamed(input.region);
});

export interface ZoneView {
  readonly region: Region;
  readonly zone: string;
}

export const listZones = operation('volumes.list-zones', async (cx, input: { region: string }): Promise<ZoneView[]> => {
  await allowPublic(cx, 'regions');
  const region = regionNamed(input.region);
  return zonesOf(region).map((zone) => ({ region, zone }));
});

export const getZone = operation(
  'volumes.get-zone',
  async (cx, input: { region: string; zone: string }): Promise<ZoneView> => {
    await allowPublic(cx, 'regions');
    const region = regionNamed(input.region);
    if (zonesOf(region).includes(input.zone)) return { region, zone: input.zone };
    throw parameterFault('region-unknown', `the region \`${region}\` has no zone \`${input.zone}\``, 'zone_name');
  },
);

export const listProfiles = operation(
  'volumes.list-profiles',
  async (
    cx,
    input: { limit: number; start?: string | undefined },
  ): Promise<{ profiles: readonly Profile[]; total: number; next?: string }> => {
    await allowProfiles(cx);
    const from = input.start === undefined ? 0 : profiles.findIndex(({ name }) => name === input.start);
    if (from < 0)
      throw parameterFault('invalid-query', `there is no profile \`${input.start}\` to start from`, 'start');
    const next = profiles[from + input.limit]?.name;
    return {
      profiles: profiles.slice(from, from + input.limit),
      total: profiles.length,
      ...(next === undefined ? {} : { next }),
    };
  },
);

export const getProfile = operation('volumes.get-profile', async (cx, input: { name: string }): Promise<Profile> => {
  await allowProfiles(cx);
  const profile = profileNamed(input.name);
  if (profile) return profile;
  throw parameterFault('profile-absent', `there is no profile \`${input.name}\``, 'name');
});

async function allowProfiles(cx: Context): Promise<void> {
  await cx.allowNew(VolumeProfile.view, profilesRef(cx.identity.caller.account), { name: 'all' });
}

function regionNamed(name: string): Region {
  if (isRegion(name)) return name;
  throw parameterFault('region-unknown', `there is no region \`${name}\``, 'region_name');
}
