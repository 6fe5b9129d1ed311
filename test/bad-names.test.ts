/** Requests that name what is not there, not theirs or not so any more: refused in the words of the API, and nothing changes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertVendorError, codeOf } from './golden/errors.ts';
import { envelope, keyFields, makeKey, makeServiceId, READER, VPC_QUERY } from './golden/make.ts';
import { changes, routes } from './golden/routes.ts';
import { sampleOf } from './golden/samples.ts';
import { type Sweep, startSweep, takesJson } from './golden/sweep.ts';
import { A, attributes, B, type Sample } from './golden/world.ts';

let sweep: Sweep;
before(async () => {
  sweep = await startSweep();
});
after(() => sweep.stop());

/** The sample about another account; undefined when it names none. */
function inAccount(sample: Sample, account: string): Sample | undefined {
  const names = new Set(['account_id', 'account']);
  let isNamed = false;
  const swap = (of: object): Record<string, string> =>
    Object.fromEntries(
      Object.entries(of).map(([name, value]) => {
        isNamed ||= names.has(name);
        return [name, names.has(name) ? account : value];
      }),
    );
  const { params = {}, query = {} } = sample;
  const body = takesJson(sample) ? { body: swap(sample.body as object) } : {};
  const changed = { ...sample, params: swap(params), query: swap(query), ...body };
  return isNamed ? changed : undefined;
}

test('accounts that there are not, or that are others', () =>
  sweep.withoutChange(async () => {
    for (const [route, sample] of sweep.those((_sample, { listener }) => listener === 'ibm')) {
      for (const account of ['f'.repeat(32), B, 'x', '__proto__', `${A} `]) {
        const changed = inAccount(sample, account);
        if (!changed) continue;
        const reply = await sweep.world.send(route, changed, 'owner');
        if (reply.status === 200 && sample.shows !== undefined && !changes(route)) {
          // Lists leave out what the caller may not see.
          assert.ok(!JSON.stringify(reply.body).includes(sample.shows), `${route.key} of ${account}`);
        } else {
          assertVendorError(route, reply, `account ${account}`);
          assert.ok([400, 403, 404].includes(reply.status), `${route.key} of ${account}: ${reply.status}`);
        }
      }
    }
  }));

test('an entity tag that is stale or missing', () =>
  sweep.withoutChange(async () => {
    for (const [route, sample] of sweep.those(({ headers }) => headers?.['if-match'] !== undefined)) {
      const { 'if-match': tag, ...headers } = sample.headers!;
      for (const stale of ['1-00000000000000000000000000000000', '"0"', 'W/"stale"', `${tag}x`]) {
        await sweep.refused(
          route,
          { ...sample, headers: { ...headers, 'if-match': stale } },
          `if-match ${stale}`,
          [412],
        );
      }
      // Volumes can be renamed blindly, all else cannot be changed so.
      if (route.api !== 'VPC') await sweep.refused(route, { ...sample, headers }, 'no if-match', [400]);
    }
  }));

test('of two changes to the same version one is made, the other gets 412', async () => {
  for (const [route] of sweep.those(({ headers }) => headers?.['if-match'] !== undefined)) {
    const sample = await sampleOf(sweep.world, route);
    const replies = await Promise.all([1, 2].map(() => sweep.world.send(route, sample, 'owner')));
    const [done, late] = replies.toSorted((one, other) => one.status - other.status);
    assert.equal(done!.status, 200, route.key);
    assertVendorError(route, late!, 'the second change');
    assert.equal(late!.status, 412, route.key);
    assert.equal(codeOf(late!), 'precondition_failed', route.key);
  }
});

test('things of another account within a request', async () => {
  const b = (await sweep.world.token('other owner'))!;
  const foreign = await sweep.world.plane.call('POST', '/v1/serviceids', {
    token: b,
    body: { account_id: B, name: 'of b' },
  });
  const groupOfB = await sweep.world.plane.call('GET', '/v2/resource_groups?default=true', { token: b });
  const group = groupOfB.body.resources[0].id;
  const volume = { profile: { name: 'general-purpose' }, zone: { name: 'us-south-1' }, capacity: 10 };
  const iamId: string = foreign.body.iam_id;
  const bad: readonly (readonly [key: string, sample: Sample, expected: string])[] = [
    ['POST /v1/apikeys', { body: { name: 'x', iam_id: iamId, account_id: A } }, '404 not_found'],
    [
      'POST /v2/resource_instances',
      { body: { name: 'x', target: 'us-south', resource_group: group, resource_plan_id: 'tiered-pricing' } },
      '404 RC-ResourceGroupNotFound',
    ],
    [
      'POST /v1/volumes',
      { query: VPC_QUERY, body: { ...volume, resource_group: { id: group } } },
      '400 volume_resource_group_not_found',
    ],
    [
      'POST /v1/policies',
      {
        body: {
          type: 'access',
          subjects: [{ attributes: [{ name: 'iam_id', value: 'IBMid-0' }] }],
          roles: [{ role_id: READER }],
          resources: [{ attributes: attributes({ accountId: B, serviceName: 'kms' }) }],
        },
      },
      '403 insufficent_permissions',
    ],
  ];
  await sweep.withoutChange(async () => {
    for (const [key, sample, expected] of bad) {
      const route = routes.find((one) => one.key === key)!;
      const reply = await sweep.world.send(route, sample, 'owner');
      assertVendorError(route, reply, key);
      assert.equal(`${reply.status} ${codeOf(reply)}`, expected, key);
    }
  });
});

test('CRNs of another service, region, account or kind', async () => {
  const { crn } = await makeKey(sweep.world);
  await sweep.withoutChange(async () => {
    const volume = { profile: { name: 'general-purpose' }, zone: { name: 'us-south-1' }, capacity: 10 };
    const route = routes.find(({ key }) => key === 'POST /v1/volumes')!;
    const crns = [
      crn.replace(':kms:', ':hs-crypto:'),
      crn.replace(':kms:', ':is:'),
      crn.replace(':us-south:', ':eu-de:'),
      crn.replace(':us-south:', '::'),
      crn.replace(`a/${A}`, `a/${B}`),
      crn.replace(':key:', ':volume:'),
      crn.replace(':public:', ':local:'),
      crn.replace(/:key:.*$/, '::'),
      crn.slice(0, -1),
      `${crn}:x`,
      `${crn}\u0000`,
      crn.toUpperCase(),
      'crn:',
      '',
    ];
    for (const bad of crns) {
      const reply = await sweep.world.send(
        route,
        { query: VPC_QUERY, body: { ...volume, encryption_key: { crn: bad } } },
        'owner',
      );
      assertVendorError(route, reply, bad);
      assert.equal(`${reply.status} ${codeOf(reply)}`, '400 volume_crn_invalid', bad);
    }
    const shown = await sweep.world.asOwner('GET', `/v2/resource_instances/${sweep.world.instance}`);
    for (const bad of [shown.body.crn.replace(':kms:', ':is:'), shown.body.crn.replace(':us-south:', ':eu-de:')]) {
      const instance = routes.find(({ key }) => key === 'DELETE /v2/resource_instances/:id')!;
      await sweep.refused(instance, { params: { id: bad } }, bad, [404]);
    }
  });
});

test('a token that has expired', async () => {
  const token = (await sweep.world.token('owner'))!;
  await sweep.world.advance(3_600_000);
  await sweep.withoutChange(async () => {
    for (const [route, sample] of sweep.those(() => true)) {
      const headers = { ...sample.headers, authorization: `Bearer ${token}` };
      const reply = await sweep.world.send(route, { ...sample, headers }, 'no credential');
      assertVendorError(route, reply, 'an expired token');
      assert.equal(reply.status, 401, route.key);
    }
  });
});

test('after all of this the plane does what it is asked', async () => {
  const { id } = await makeServiceId(sweep.world);
  await sweep.world.asOwner('DELETE', `/v1/serviceids/${id}`);
  await sweep.world.asOwner('POST', '/api/v2/keys', envelope('key', keyFields));
});
