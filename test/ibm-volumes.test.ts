/** Volumes over the VPC API, by the requests that its SDK sends: it is not on npm. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, type Reply, startPlane, type TestPlane } from './plane.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const OWNER_A = 'a-owner-api-key-0000000000000000000001';
const OWNER_B = 'b-owner-api-key-0000000000000000000001';
const WORKER_A = 'a-worker-api-key-000000000000000000001';
const VERSION = 'version=2026-03-24&generation=2';

const WORLD = `
accounts:
  - id: ${A}
    name: account a
    owner: { email: owner@a.example, apiKey: ${OWNER_A} }
    serviceIds: [{ name: worker, apiKey: ${WORKER_A} }]
  - id: ${B}
    name: account b
    owner: { email: owner@b.example, apiKey: ${OWNER_B} }
`;

let plane: TestPlane;
const tokens: Record<string, string> = {};

before(async () => {
  plane = await startPlane({ world: WORLD });
  for (const key of [OWNER_A, OWNER_B, WORKER_A]) tokens[key] = await plane.token(key);
});
after(async () => {
  assert.equal(plane.log(), '', 'the plane logged defects');
  await plane.stop();
});

/** A call to the VPC API; `path` may have a query of its own. */
function vpc(
  apiKey: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const url = `${path}${path.includes('?') ? '&' : '?'}${VERSION}`;
  return plane.call(method, url, { token: tokens[apiKey]!, ...(body === undefined ? {} : { body }), headers });
}

const general = { profile: { name: 'general-purpose' }, zone: { name: 'us-south-1' }, capacity: 10 };
const sdp = { profile: { name: 'sdp' }, zone: { name: 'us-south-2' }, capacity: 20 };

/** Makes a volume and waits until it is available. */
async function available(apiKey: string, body: object): Promise<Reply['body']> {
  const made = await vpc(apiKey, 'POST', '/v1/volumes', body);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return eventually('the volume is available', async () => {
    const { body: volume } = await vpc(apiKey, 'GET', `/v1/volumes/${made.body.id}`);
    return volume.status === 'available' && volume;
  });
}

function codeOf({ status, body }: Reply): string {
  return status < 300 ? String(status) : `${status} ${body.errors[0].code}`;
}

/** Lets the worker of account A do what a platform role may; returns how to take it back. */
async function grant(role: string, resource: Record<string, string>): Promise<() => Promise<void>> {
  const claims = JSON.parse(Buffer.from(tokens[WORKER_A]!.split('.')[1]!, 'base64url').toString());
  const attributes = Object.entries({ accountId: A, ...resource }).map(([name, value]) => ({ name, value }));
  const body = {
    type: 'access',
    subjects: [{ attributes: [{ name: 'iam_id', value: claims.iam_id }] }],
    roles: [{ role_id: `crn:v1:bluemix:public:iam::::role:${role}` }],
    resources: [{ attributes }],
  };
  const token = tokens[OWNER_A]!;
  const created = await plane.call('POST', '/v1/policies', { token, body });
  assert.equal(created.status, 201, JSON.stringify(created.body));
  return async () => {
    assert.equal((await plane.call('DELETE', `/v1/policies/${created.body.id}`, { token })).status, 204);
  };
}

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
    const there = await fetch(`${volume.href}?${VERSION}`, { headers: { authorization: `Bearer ${tokens[OWNER_A]}` } });
    assert.equal(there.status, 200, 'its href leads to it');
  });

  test('gets a name when it is given none, and lies where its zone lies', async () => {
    const volume = await available(OWNER_A, { ...general, zone: { name: 'eu-de-2' } });
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
    const { id } = await available(OWNER_A, { ...sdp, name: 'changing' });
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
    const { id } = await available(OWNER_A, { ...sdp, name: 'growing' });
    const grown = await vpc(OWNER_A, 'PATCH', `/v1/volumes/${id}`, { capacity: 200, iops: 30_000 });
    assert.deepEqual([grown.status, grown.body.status, grown.body.capacity], [200, 'updating', 200]);
    const volume = await eventually('it is available again', async () => {
      const { body } = await vpc(OWNER_A, 'GET', `/v1/volumes/${id}`);
      return body.status === 'available' && body;
    });
    assert.deepEqual([volume.capacity, volume.iops], [200, 30_000]);
    const shrinking = await vpc(OWNER_A, 'PATCH', `/v1/volumes/${id}`, { capacity: 100 });
    assert.equal(codeOf(shrinking), '400 volume_update_invalid_request');
    const old = await available(OWNER_A, { ...general, name: 'old' });
    const refused = await vpc(OWNER_A, 'PATCH', `/v1/volumes/${old.id}`, { capacity: 20 });
    assert.equal(codeOf(refused), '400 volume_update_invalid_request');
    assert.match(refused.body.errors[0].message, /attached/);
  });

  test('is deleted: going at once, then gone', async () => {
    const { id } = await available(OWNER_A, { ...general, name: 'going' });
    const path = `/v1/volumes/${id}`;
    assert.equal((await vpc(OWNER_A, 'DELETE', path)).status, 204);
    const next = await vpc(OWNER_A, 'GET', path);
    if (next.status === 200) assert.equal(next.body.status, 'pending_deletion');
    await eventually('it is gone', async () => (await vpc(OWNER_A, 'GET', path)).status === 404);
    assert.equal(codeOf(await vpc(OWNER_A, 'DELETE', path)), '404 volume_not_found');
    assert.equal((await vpc(OWNER_A, 'POST', '/v1/volumes', { ...general, name: 'going' })).status, 201);
  });

  test('of another account answers like none', async () => {
    const { id } = await available(OWNER_A, { ...general, name: 'private' });
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

describe('lists', () => {
  test('are filtered, and come page by page', async () => {
    const names = ['page-a', 'page-b', 'page-c'];
    for (const name of names) await available(OWNER_B, { ...general, name, user_tags: [`tag-${name}`] });
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
    const next = await fetch(first.next.href, { headers: { authorization: `Bearer ${tokens[OWNER_B]}` } });
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

describe('each operation is for those who were granted it', () => {
  test('reading', async () => {
    const { id } = await available(OWNER_A, { ...general, name: 'to-read' });
    const path = `/v1/volumes/${id}`;
    const visible = async () =>
      (await vpc(WORKER_A, 'GET', '/v1/volumes')).body.volumes.map((v: { id: string }) => v.id);
    const denied = async () => {
      assert.equal(codeOf(await vpc(WORKER_A, 'GET', path)), '403 not_authorized');
      assert.equal(codeOf(await vpc(WORKER_A, 'GET', '/v1/volume/profiles')), '403 not_authorized');
      assert.equal(codeOf(await vpc(WORKER_A, 'GET', '/v1/volume/profiles/sdp')), '403 not_authorized');
      assert.deepEqual(await visible(), []);
    };
    await denied();
    const unknown = id.replace(/.{12}$/, '000000000000');
    assert.equal(
      codeOf(await vpc(WORKER_A, 'GET', `/v1/volumes/${unknown}`)),
      '403 not_authorized',
      'as for one that is',
    );
    const revokeOne = await grant('Viewer', { serviceName: 'is', volumeId: id });
    assert.equal((await vpc(WORKER_A, 'GET', path)).status, 200);
    assert.deepEqual(await visible(), [id], 'this volume and no other');
    assert.equal((await vpc(WORKER_A, 'GET', '/v1/volumes')).body.total_count, 1);
    await revokeOne();
    await denied();
    const revokeAll = await grant('Viewer', { serviceName: 'is' });
    assert.equal((await vpc(WORKER_A, 'GET', path)).status, 200);
    assert.equal((await vpc(WORKER_A, 'GET', '/v1/volume/profiles')).status, 200);
    await revokeAll();
    await denied();
  });

  test('making, changing, deleting', async () => {
    const { id, resource_group: group } = await available(OWNER_A, { ...general, name: 'to-change' });
    const path = `/v1/volumes/${id}`;
    const make = (name: string) => vpc(WORKER_A, 'POST', '/v1/volumes', { ...general, name });
    const revokeView = await grant('Viewer', { serviceName: 'is' });
    assert.equal(codeOf(await make('no')), '403 not_authorized');
    assert.equal(codeOf(await vpc(WORKER_A, 'PATCH', path, { name: 'no' })), '403 not_authorized');
    assert.equal(codeOf(await vpc(WORKER_A, 'DELETE', path)), '403 not_authorized');
    await revokeView();

    const revokeEdit = await grant('Editor', { serviceName: 'is', resourceType: 'volume' });
    assert.equal(codeOf(await make('no-group')), '400 volume_resource_group_not_authorized');
    const revokeGroup = await grant('Viewer', { resourceType: 'resource-group', resource: group.id });
    assert.equal((await make('yes')).status, 201);
    assert.equal((await vpc(WORKER_A, 'PATCH', path, { name: 'changed-by-worker' })).status, 200);
    await revokeEdit();
    assert.equal(codeOf(await make('no-more')), '403 not_authorized');
    assert.equal(codeOf(await vpc(WORKER_A, 'DELETE', path)), '403 not_authorized');
    const again = await grant('Editor', { serviceName: 'is', resourceType: 'volume' });
    assert.equal((await vpc(WORKER_A, 'DELETE', path)).status, 204);
    await again();
    await revokeGroup();
  });
});

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
    await available(OWNER_A, { ...general, name: 'taken' });
    assert.equal(
      codeOf(await vpc(OWNER_A, 'POST', '/v1/volumes', { ...general, name: 'taken' })),
      '400 volume_name_duplicate',
    );
    const elsewhere = { ...general, name: 'taken', zone: { name: 'eu-gb-1' } };
    assert.equal((await vpc(OWNER_A, 'POST', '/v1/volumes', elsewhere)).status, 201);
    const other = await available(OWNER_A, { ...general, name: 'not-taken' });
    const renamed = await vpc(OWNER_A, 'PATCH', `/v1/volumes/${other.id}`, { name: 'taken' });
    assert.equal(codeOf(renamed), '400 volume_name_duplicate');
    const both = await Promise.all([1, 2].map(() => vpc(OWNER_A, 'POST', '/v1/volumes', { ...general, name: 'race' })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 400], 'of two at once, one is refused');
  });

  test('version and generation', async () => {
    const ask = async (query: string) =>
      codeOf(await plane.call('GET', `/v1/volumes?${query}`, { token: tokens[OWNER_A]! }));
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
    const forged = await plane.call('GET', `/v1/volumes?${VERSION}`, { token: `${tokens[OWNER_A]!.slice(0, -4)}AAAA` });
    assert.equal(forged.status, 401);
  });
});
