/** Volumes over the VPC API: made, found, changed, deleted, and what the API tells of itself. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually, startPlane, type TestPlane } from './plane.ts';
import { A, OWNER_A, OWNER_B, startTwoAccounts, stopSound } from './two-accounts.ts';
import { available, codeOf, general, sdp, VERSION, type Vpc, vpcOf } from './vpc.ts';

let plane: TestPlane;
let vpc: Vpc;

before(async () => {
  plane = await startTwoAccounts();
  vpc = await vpcOf(plane);
});
after(() => stopSound(plane));

describe('a volume', () => {
  test('is made pending, becomes available, and shows all fields', async () => {
    const made = await vpc(OWNER_A, 'POST', '/v1/volumes', { ...general, name: 'v', user_tags: ['env:test'] });
    assert.equal(made.status, 201);
    assert.equal(made.body.status, 'pending');
    assert.equal(made.body.health_state, 'inapplicable');
    assert.ok(made.headers.get('etag'));
    const volume = await eventually('it is available', async () => {
      const { body } = await vpc(OWNER_A, 'GET', `/v1/volumes/${made.body.id}`);
      return body.status === 'available' && body;
    });
    const here = `${plane.ibm}/r/us-south/v1`;
    const { created_at, resource_group, ...rest } = volume;
    assert.ok(Date.parse(created_at) > 0);
    assert.equal(resource_group.name, 'Default');
    assert.match(rest.id, /^r006-[0-9a-f]{8}-[0-9a-f-]{27}$/);
    assert.deepEqual(rest, {
      id: rest.id,
      crn: `crn:v1:bluemix:public:is:us-south-1:a/${A}::volume:${rest.id}`,
      href: `${here}/volumes/${rest.id}`,
      name: 'v',
      resource_type: 'volume',
      status: 'available',
      status_reasons: [],
      health_state: 'ok',
      health_reasons: [],
      active: false,
      busy: false,
      attachment_state: 'unattached',
      capacity: 10,
      iops: 3000,
      bandwidth: 393,
      profile: { name: 'general-purpose', href: `${here}/volume/profiles/general-purpose` },
      zone: { name: 'us-south-1', href: `${here}/regions/us-south/zones/us-south-1` },
      encryption: 'provider_managed',
      storage_generation: 1,
      adjustable_capacity_states: ['attached'],
      adjustable_iops_states: [],
      user_tags: ['env:test'],
      volume_attachments: [],
    });
    const there = await fetch(`${volume.href}?${VERSION}`, {
      headers: { authorization: `Bearer ${await plane.token(OWNER_A)}` },
    });
    assert.equal(there.status, 200, 'its href leads to it');
  });

  test('gets a name when it is given none, and lies where its zone lies', async () => {
    const volume = await available(vpc, OWNER_A, { ...general, zone: { name: 'eu-de-2' } });
    assert.match(volume.name, /^[a-z]+-[a-z]+-[a-z]+-[a-z]+$/);
    assert.match(volume.id, /^r010-/);
    const inFrankfurt = await vpc(OWNER_A, 'GET', '/r/eu-de/v1/volumes');
    assert.deepEqual(
      inFrankfurt.body.volumes.map(({ id }: { id: string }) => id),
      [volume.id],
    );
    const inDallas = await vpc(OWNER_A, 'GET', '/v1/volumes');
    assert.ok(!inDallas.body.volumes.some(({ id }: { id: string }) => id === volume.id));
  });

  test('changes under its ETag: a stale one changes nothing', async () => {
    const { id } = await available(vpc, OWNER_A, { ...sdp, name: 'changing' });
    const path = `/v1/volumes/${id}`;
    const etag = (await vpc(OWNER_A, 'GET', path)).headers.get('etag')!;
    const patch = { 'content-type': 'application/merge-patch+json' };
    const renamed = await vpc(OWNER_A, 'PATCH', path, { name: 'changed' }, { ...patch, 'if-match': etag });
    assert.equal(renamed.status, 200);
    assert.equal(renamed.body.name, 'changed');
    const stale = await vpc(OWNER_A, 'PATCH', path, { name: 'lost' }, { ...patch, 'if-match': etag });
    assert.equal(codeOf(stale), '412 precondition_failed');
    assert.equal(
      codeOf(await vpc(OWNER_A, 'DELETE', path, undefined, { 'if-match': etag })),
      '412 precondition_failed',
    );
    assert.equal(codeOf(await vpc(OWNER_A, 'PATCH', path, { user_tags: ['a'] }, patch)), '412 precondition_failed');
    const current = renamed.headers.get('etag')!;
    const tagged = await vpc(OWNER_A, 'PATCH', path, { user_tags: ['a'] }, { ...patch, 'if-match': current });
    assert.deepEqual([tagged.body.name, tagged.body.user_tags], ['changed', ['a']]);

    const [one, two] = await Promise.all(
      ['x', 'y'].map((name) =>
        vpc(OWNER_A, 'PATCH', path, { name }, { ...patch, 'if-match': tagged.headers.get('etag')! }),
      ),
    );
    assert.deepEqual([one!.status, two!.status].sort(), [200, 412], 'of two at once, one is told to read again');
  });

  test('grows; one of the first generation only while it is attached', async () => {
    const { id } = await available(vpc, OWNER_A, { ...sdp, name: 'growing' });
    const grown = await vpc(OWNER_A, 'PATCH', `/v1/volumes/${id}`, { capacity: 200, iops: 30_000 });
    assert.deepEqual([grown.status, grown.body.status, grown.body.capacity], [200, 'updating', 200]);
    const volume = await eventually('it is available again', async () => {
      const { body } = await vpc(OWNER_A, 'GET', `/v1/volumes/${id}`);
      return body.status === 'available' && body;
    });
    assert.deepEqual([volume.capacity, volume.iops], [200, 30_000]);
    const shrinking = await vpc(OWNER_A, 'PATCH', `/v1/volumes/${id}`, { capacity: 100 });
    assert.equal(codeOf(shrinking), '400 volume_update_invalid_request');
    const old = await available(vpc, OWNER_A, { ...general, name: 'old' });
    const refused = await vpc(OWNER_A, 'PATCH', `/v1/volumes/${old.id}`, { capacity: 20 });
    assert.equal(codeOf(refused), '400 volume_update_invalid_request');
    assert.match(refused.body.errors[0].message, /attached/);
  });

  test('is deleted: going at once, then gone', async () => {
    const { id } = await available(vpc, OWNER_A, { ...general, name: 'going' });
    const path = `/v1/volumes/${id}`;
    assert.equal((await vpc(OWNER_A, 'DELETE', path)).status, 204);
    const next = await vpc(OWNER_A, 'GET', path);
    if (next.status === 200) assert.equal(next.body.status, 'pending_deletion');
    await eventually('it is gone', async () => (await vpc(OWNER_A, 'GET', path)).status === 404);
    assert.equal(codeOf(await vpc(OWNER_A, 'DELETE', path)), '404 volume_not_found');
    assert.equal((await vpc(OWNER_A, 'POST', '/v1/volumes', { ...general, name: 'going' })).status, 201);
  });

  test('of another account answers like none', async () => {
    const { id } = await available(vpc, OWNER_A, { ...general, name: 'private' });
    const unknown = id.replace(/.{12}$/, '000000000000');
    const answers = new Set<string>();
    for (const path of [`/v1/volumes/${id}`, `/v1/volumes/${unknown}`]) {
      for (const method of ['GET', 'DELETE']) answers.add(codeOf(await vpc(OWNER_B, method, path)));
      answers.add(codeOf(await vpc(OWNER_B, 'PATCH', path, { name: 'stolen' })));
    }
    assert.deepEqual([...answers], ['404 volume_not_found']);
    assert.equal((await vpc(OWNER_A, 'GET', `/v1/volumes/${id}`)).body.name, 'private');
  });
});

test('a volume that was pending when the plane was killed becomes available when it is up again', async () => {
  const first = await startTwoAccounts();
  const { id } = (await (await vpcOf(first))(OWNER_A, 'POST', '/v1/volumes', general)).body;
  await first.kill();
  const second = await startPlane({ home: first.home });
  const again = await vpcOf(second);
  await eventually('it is available', async () => {
    const { body } = await again(OWNER_A, 'GET', `/v1/volumes/${id}`);
    return body.status === 'available';
  });
  await stopSound(second);
  await rm(join(first.home, '..'), { recursive: true });
});

describe('lists', () => {
  test('are filtered, and come page by page', async () => {
    const names = ['page-a', 'page-b', 'page-c'];
    for (const name of names) await available(vpc, OWNER_B, { ...general, name, user_tags: [`tag-${name}`] });
    const found = async (query: string) => {
      const { status, body } = await vpc(OWNER_B, 'GET', `/v1/volumes?${query}`);
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.total_count, body.volumes.length);
      return body.volumes.map(({ name }: { name: string }) => name).sort();
    };
    assert.deepEqual(await found('limit=50'), names);
    assert.deepEqual(await found('name=page-b'), ['page-b']);
    assert.deepEqual(await found('tag=tag-page-c'), ['page-c']);
    assert.deepEqual(await found('zone.name=us-south-1'), names);
    assert.deepEqual(await found('zone.name=us-south-2'), []);
    assert.deepEqual(await found('encryption=provider_managed'), names);
    assert.deepEqual(await found('encryption=user_managed'), []);
    assert.deepEqual(await found('attachment_state=unattached'), names);
    assert.deepEqual(await found('attachment_state=attached'), []);
    assert.deepEqual(await found('operating_system.family=Red+Hat'), []);

    const first = (await vpc(OWNER_B, 'GET', '/v1/volumes?limit=2&attachment_state=unattached')).body;
    assert.deepEqual([first.limit, first.total_count, first.volumes.length], [2, 3, 2]);
    assert.match(first.first.href, /^http:\/\/.*\/v1\/volumes\?.*limit=2/);
    const next = await fetch(first.next.href, { headers: { authorization: `Bearer ${await plane.token(OWNER_B)}` } });
    const second = (await next.json()) as typeof first;
    assert.equal(second.next, undefined);
    const all = [...first.volumes, ...second.volumes].map(({ name }: { name: string }) => name).sort();
    assert.deepEqual(all, names);
  });

  test('have bounds', async () => {
    const unknown = 'r006-00000000-0000-4000-8000-000000000000';
    assert.equal(codeOf(await vpc(OWNER_A, 'GET', `/v1/volumes?start=${unknown}`)), '400 volume_start_not_found');
    for (const query of ['limit=0', 'limit=101', 'limit=many', 'encryption=none', 'attachment_state=loose']) {
      assert.equal(codeOf(await vpc(OWNER_A, 'GET', `/v1/volumes?${query}`)), '400 bad_field', query);
    }
  });
});

describe('the API tells of itself', () => {
  test('profiles', async () => {
    const { body } = await vpc(OWNER_A, 'GET', '/v1/volume/profiles');
    assert.deepEqual(
      body.profiles.map(({ name, family }: { name: string; family: string }) => `${name} ${family}`),
      ['general-purpose tiered', '5iops-tier tiered', '10iops-tier tiered', 'custom custom', 'sdp defined_performance'],
    );
    const profile = (await vpc(OWNER_A, 'GET', '/v1/volume/profiles/sdp')).body;
    assert.deepEqual(profile.capacity, { type: 'range', default: 1, min: 1, max: 32_000, step: 1 });
    assert.deepEqual(profile.storage_generation, { type: 'fixed', value: 2 });
    assert.deepEqual(profile.adjustable_capacity_states, { type: 'enum', values: ['attached', 'unattached'] });
    assert.equal(codeOf(await vpc(OWNER_A, 'GET', '/v1/volume/profiles/fast')), '404 volume_profile_not_found');
  });

  test('regions and zones', async () => {
    const { body } = await vpc(OWNER_A, 'GET', '/v1/regions');
    const dallas = body.regions.find(({ name }: { name: string }) => name === 'us-south');
    assert.equal(dallas.status, 'available');
    const zones = (await vpc(OWNER_A, 'GET', '/v1/regions/us-south/zones')).body.zones;
    assert.deepEqual(
      zones.map(({ name }: { name: string }) => name),
      ['us-south-1', 'us-south-2', 'us-south-3'],
    );
    const zone = (await vpc(OWNER_A, 'GET', '/v1/regions/us-south/zones/us-south-3')).body;
    assert.deepEqual([zone.name, zone.region.name], ['us-south-3', 'us-south']);
    assert.equal(codeOf(await vpc(OWNER_A, 'GET', '/v1/regions/mars')), '404 not_found');
    assert.equal(codeOf(await vpc(OWNER_A, 'GET', '/v1/regions/us-south/zones/eu-de-1')), '404 not_found');
    assert.equal((await plane.call('GET', `/v1/regions?${VERSION}`)).status, 401);
  });
});
