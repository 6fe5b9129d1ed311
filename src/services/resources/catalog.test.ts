import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultGroupId } from './access.ts';
import { deploymentCrn, offeringOf, planOf, regionOfTarget } from './catalog.ts';
import { isRegion, regionNames, regionOfZone, regions, zonesOf } from './regions.ts';

const TIERED = 'eedd3585-90c6-4c8f-be3d-062069e99fc3';

test('Key Protect and its plan are known by the ids that clients have in their code, and by name', () => {
  assert.equal(offeringOf('ee41347f-b18e-4ca6-bf80-b5467c63f9a6')?.name, 'kms');
  assert.equal(planOf(TIERED)?.offering.name, 'kms');
  assert.equal(planOf('tiered-pricing')?.plan.id, TIERED);
  assert.equal(planOf('lite'), undefined);
});

test('a target is a region, or a deployment by its id or CRN', () => {
  const { plan } = planOf(TIERED)!;
  const crn = `crn:v1:bluemix:public:globalcatalog::::deployment:${TIERED}%3Aeu-de`;
  assert.equal(deploymentCrn(TIERED, 'eu-de'), crn);
  for (const target of ['eu-de', `${TIERED}:eu-de`, crn]) assert.equal(regionOfTarget(plan, target), 'eu-de');
  for (const target of ['', 'mars', 'eu-de-1', `other:eu-de`, 'toString']) {
    assert.equal(regionOfTarget(plan, target), undefined, target);
  }
});

test('zones lie in regions, and ids of different regions cannot be mixed up', () => {
  assert.equal(regionOfZone('us-south-1'), 'us-south');
  assert.equal(regionOfZone('us-south-4'), undefined);
  assert.equal(regionOfZone('us-south'), undefined);
  assert.deepEqual(zonesOf('eu-gb'), ['eu-gb-1', 'eu-gb-2', 'eu-gb-3']);
  assert.equal(isRegion('constructor'), false);
  assert.equal(new Set(regionNames.map((region) => regions[region].idPrefix)).size, regionNames.length);
});

test('the default group of an account has an id of the form that groups have', () => {
  assert.match(defaultGroupId('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf'), /^[0-9a-f]{32}$/);
  assert.notEqual(
    defaultGroupId('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf'),
    defaultGroupId('b0b1b2b3b4b5b6b7b8b9babbbcbdbebf'),
  );
});
