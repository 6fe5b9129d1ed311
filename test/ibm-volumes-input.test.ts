/** Volumes: what cannot be is refused with the vendor's code, and changes nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TestPlane } from './plane.ts';
import { OWNER_A, startTwoAccounts, stopSound } from './two-accounts.ts';
import { available, codeOf, general, sdp, VERSION, type Vpc, vpcOf } from './vpc.ts';

let plane: TestPlane;
let vpc: Vpc;

before(async () => {
  plane = await startTwoAccounts();
  vpc = await vpcOf(plane);
});
after(() => stopSound(plane));

describe('bad input is refused with the code of its own, and nothing is made', () => {
  const cases: [what: string, body: unknown, code: string][] = [
    ['malformed JSON', '{"zone": ', '400 bad_request'],
    ['no body', undefined, '400 volume_template_invalid'],
    ['a wrong type', { ...general, capacity: 'ten' }, '400 bad_field'],
    ['a fraction of a GB', { ...general, capacity: 10.5 }, '400 bad_field'],
    ['an unknown field', { ...general, colour: 'red' }, '400 bad_field'],
    ['no profile', { ...general, profile: undefined }, '400 volume_profile_invalid'],
    ['a profile without a name', { ...general, profile: {} }, '400 volume_profile_name_missing'],
    ['an unknown profile', { ...general, profile: { name: 'fast' } }, '400 volume_profile_not_found'],
    ['an unknown zone', { ...general, zone: { name: 'us-south-9' } }, '400 bad_field'],
    ['no capacity', { ...general, capacity: undefined }, '400 volume_capacity_missing'],
    ['a capacity of nothing', { ...general, capacity: 0 }, '400 volume_capacity_zero_or_negative'],
    ['too much capacity', { ...general, capacity: 16_001 }, '400 volume_capacity_max'],
    ['too little capacity', { ...general, capacity: 9 }, '400 volume_profile_capacity_iops_invalid'],
    ['IOPS with a tiered profile', { ...general, iops: 100 }, '400 volume_profile_iops_invalid'],
    ['IOPS of nothing', { ...general, iops: 0 }, '400 volume_iops_zero_or_negative'],
    ['too many IOPS', { ...sdp, iops: 64_001 }, '400 volume_profile_capacity_iops_invalid'],
    ['too much bandwidth', { ...sdp, bandwidth: 8193 }, '400 volume_template_invalid'],
    ['an impossible name', { ...general, name: 'Not_A_Name' }, '400 volume_name_invalid'],
    ['an impossible tag', { ...general, user_tags: ['a,b'] }, '400 bad_field'],
    ['an unknown group', { ...general, resource_group: { id: 'f'.repeat(32) } }, '400 volume_resource_group_not_found'],
    ['an unknown snapshot', { ...general, source_snapshot: { id: 'snap1' } }, '404 snapshot_not_found'],
    ['a body that is too large', 'x'.repeat(70_000), '413 request_too_large'],
  ];
  for (const [what, body, code] of cases) {
    test(what, async () => {
      const count = async () => (await vpc(OWNER_A, 'GET', '/v1/volumes')).body.total_count;
      const before = await count();
      const reply = await vpc(OWNER_A, 'POST', '/v1/volumes', body);
      assert.equal(codeOf(reply), code, JSON.stringify(reply.body));
      assert.equal(reply.body.status_code, reply.status);
      assert.ok(reply.body.trace);
      assert.equal(await count(), before);
    });
  }

  test('a name that is taken in the region', async () => {
    await available(vpc, OWNER_A, { ...general, name: 'taken' });
    assert.equal(
      codeOf(await vpc(OWNER_A, 'POST', '/v1/volumes', { ...general, name: 'taken' })),
      '400 volume_name_duplicate',
    );
    const elsewhere = { ...general, name: 'taken', zone: { name: 'eu-gb-1' } };
    assert.equal((await vpc(OWNER_A, 'POST', '/v1/volumes', elsewhere)).status, 201);
    const other = await available(vpc, OWNER_A, { ...general, name: 'not-taken' });
    const renamed = await vpc(OWNER_A, 'PATCH', `/v1/volumes/${other.id}`, { name: 'taken' });
    assert.equal(codeOf(renamed), '400 volume_name_duplicate');
    const both = await Promise.all([1, 2].map(() => vpc(OWNER_A, 'POST', '/v1/volumes', { ...general, name: 'race' })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 400], 'of two at once, one is refused');
  });

  test('version and generation', async () => {
    const ask = async (query: string) =>
      codeOf(await plane.call('GET', `/v1/volumes?${query}`, { token: await plane.token(OWNER_A) }));
    assert.equal(await ask(VERSION), '200');
    assert.equal(await ask('generation=2'), '400 missing_version');
    assert.equal(await ask('version=today&generation=2'), '400 invalid_version');
    assert.equal(await ask('version=2026-02-40&generation=2'), '400 invalid_version');
    assert.equal(await ask('version=2999-01-01&generation=2'), '400 invalid_version_range');
    assert.equal(await ask('version=2018-12-31&generation=2'), '400 invalid_version_range');
    assert.equal(await ask('version=2026-03-24'), '400 missing_generation_parameter');
    assert.equal(await ask('version=2026-03-24&generation=1'), '400 invalid_generation_parameter');
  });

  test('an id that is none, and callers who are nobody', async () => {
    assert.equal(codeOf(await vpc(OWNER_A, 'GET', '/v1/volumes/v1')), '400 volume_id_invalid');
    const anonymous = await plane.call('POST', `/v1/volumes?${VERSION}`, { body: general });
    assert.equal(anonymous.status, 401);
    const token = `${(await plane.token(OWNER_A)).slice(0, -4)}AAAA`;
    const forged = await plane.call('GET', `/v1/volumes?${VERSION}`, { token });
    assert.equal(forged.status, 401);
  });
});
