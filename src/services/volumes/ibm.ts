/** The VPC API, as far as volumes go. https://cloud.ibm.com/apidocs/vpc */
import { vpcFamily } from '../../wire/ibm/families.ts';
import { type Face, type Route, route, type VendorError } from '../../wire/ibm/route.ts';
import type { VolumeReason } from './faults.ts';
import { checkVersion, readNewVolume, readPage, readVolumeChanges, readVolumeId, readVolumeQuery } from './read.ts';
import { getProfile, getRegion, getZone, listProfiles, listRegions, listZones } from './reference.ts';
import { etagOf, profileBody, profilePage, regionBody, volumeBody, volumePage, zoneBody } from './show.ts';
import { createVolume, deleteVolume, getVolume, listVolumes, updateVolume } from './volumes.ts';

const VOLUME = '/v1/volumes/:id';
const REGION = '/v1/regions/:region';

/** A route of the VPC API: each names version and generation. */
function vpcRoute<I, O>(spec: Route<I, O>): Route<never, never> {
  return route<I, O>({
    ...spec,
    input: (request) => {
      checkVersion(request);
      return spec.input(request);
    },
  });
}

const volumeRoutes = [
  vpcRoute({
    method: 'POST',
    path: '/v1/volumes',
    operation: createVolume,
    input: readNewVolume,
    output: (view, { origin }) => ({ status: 201, headers: etagOf(view), body: volumeBody(view, origin) }),
  }),
  vpcRoute({
    method: 'GET',
    path: '/v1/volumes',
    operation: listVolumes,
    input: readVolumeQuery,
    output: (page, request) => ({ status: 200, body: volumePage(page, request, readPage(request).limit) }),
  }),
  vpcRoute({
    method: 'GET',
    path: VOLUME,
    operation: getVolume,
    input: readVolumeId,
    output: (view, { origin }) => ({ status: 200, headers: etagOf(view), body: volumeBody(view, origin) }),
  }),
  vpcRoute({
    method: 'PATCH',
    path: VOLUME,
    operation: updateVolume,
    input: readVolumeChanges,
    output: (view, { origin }) => ({ status: 200, headers: etagOf(view), body: volumeBody(view, origin) }),
  }),
  vpcRoute({
    method: 'DELETE',
    path: VOLUME,
    operation: deleteVolume,
    input: readVolumeId,
    output: () => ({ status: 204 }),
  }),
];

const referenceRoutes = [
  vpcRoute({
    method: 'GET',
    path: '/v1/volume/profiles',
    operation: listProfiles,
    input: readPage,
    output: (page, request) => ({ status: 200, body: profilePage(page, request, readPage(request).limit) }),
  }),
  vpcRoute({
    method: 'GET',
    path: '/v1/volume/profiles/:name',
    operation: getProfile,
    input: ({ params }) => ({ name: params['name']! }),
    output: (profile, request) => ({ status: 200, body: profileBody(profile, request) }),
  }),
  vpcRoute({
    method: 'GET',
    path: '/v1/regions',
    operation: listRegions,
    input: () => null,
    output: (regions, { origin }) => ({
      status: 200,
      body: { regions: regions.map((region) => regionBody(region, origin)) },
    }),
  }),
  vpcRoute({
    method: 'GET',
    path: REGION,
    operation: getRegion,
    input: ({ params }) => ({ region: params['region']! }),
    output: (region, { origin }) => ({ status: 200, body: regionBody(region, origin) }),
  }),
  vpcRoute({
    method: 'GET',
    path: `${REGION}/zones`,
    operation: listZones,
    input: ({ params }) => ({ region: params['region']! }),
    output: (zones, { origin }) => ({ status: 200, body: { zones: zones.map((zone) => zoneBody(zone, origin)) } }),
  }),
  vpcRoute({
    method: 'GET',
    path: `${REGION}/zones/:zone`,
    operation: getZone,
    input: ({ params }) => ({ region: params['region']!, zone: params['zone']! }),
    output: (zone, { origin }) => ({ status: 200, body: zoneBody(zone, origin) }),
  }),
];

const bad = (code: string, message?: string): VendorError =>
  message === undefined ? { status: 400, code } : { status: 400, code, message };

/** Codes of https://cloud.ibm.com/docs/vpc?topic=vpc-rias-error-messages */
const faults: Readonly<Record<VolumeReason, VendorError>> & Readonly<Record<string, VendorError>> = {
  'no-credential': { status: 401, code: 'token_missing' },
  'volume-not-found': { status: 404, code: 'volume_not_found' },
  'no-body': bad('volume_template_invalid'),
  'malformed-json': bad('bad_request'),
  'invalid-field': bad('bad_field'),
  'invalid-query': bad('bad_field'),
  'capacity-missing': bad('volume_capacity_missing'),
  'capacity-not-positive': bad('volume_capacity_zero_or_negative'),
  'capacity-too-large': bad('volume_capacity_max'),
  'iops-not-positive': bad('volume_iops_zero_or_negative'),
  'iops-not-adjustable': bad('volume_profile_iops_invalid'),
  'profile-missing': bad('volume_profile_invalid'),
  'profile-name-missing': bad('volume_profile_name_missing'),
  'profile-unknown': bad('volume_profile_not_found'),
  'profile-absent': { status: 404, code: 'volume_profile_not_found' },
  'outside-profile': bad('volume_profile_capacity_iops_invalid'),
  'bandwidth-invalid': bad('volume_template_invalid'),
  'zone-unknown': bad('bad_field'),
  'name-invalid': bad('volume_name_invalid'),
  'name-taken': bad('volume_name_duplicate'),
  'tag-invalid': bad('bad_field'),
  'id-invalid': bad('volume_id_invalid'),
  // Unknown, foreign and unauthorized keys alike. https://github.com/IBM-Cloud/terraform-provider-ibm/issues/1666
  'key-crn-invalid': bad('volume_crn_invalid', 'The CRN specified in the request is not valid.'),
  'key-not-active': bad(
    'volume_encryption_key_not_active',
    'The volume encryption key specified in the request is not active.',
  ),
  'group-unknown': bad('volume_resource_group_not_found'),
  'group-denied': bad('volume_resource_group_not_authorized'),
  'start-unknown': bad('volume_start_not_found'),
  'snapshot-unknown': { status: 404, code: 'snapshot_not_found' },
  'change-invalid': bad('volume_update_invalid_request'),
  'volume-busy': { status: 409, code: 'volume_status_not_available' },
  'volume-not-deletable': { status: 409, code: 'volume_not_deletable' },
  'volume-changed': { status: 412, code: 'precondition_failed' },
  'if-match-needed': { status: 412, code: 'precondition_failed' },
  'version-missing': bad('missing_version'),
  'version-invalid': bad('invalid_version'),
  'version-out-of-range': bad('invalid_version_range'),
  'generation-missing': bad('missing_generation_parameter'),
  'generation-invalid': bad('invalid_generation_parameter'),
  'region-unknown': { status: 404, code: 'not_found' },
};

export const vpcFace: Face = { family: vpcFamily, faults, routes: [...volumeRoutes, ...referenceRoutes] };
