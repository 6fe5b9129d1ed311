/** Requests that are bad in their path, method or size, to every route: refused in the words of its API, and nothing changes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertVendorError } from './golden/errors.ts';
import { rawExchange } from './golden/raw.ts';
import { changes, type GoldenRoute, routes } from './golden/routes.ts';
import { ownerOf, type Sweep, startSweep } from './golden/sweep.ts';
import { type Sample, urlOf } from './golden/world.ts';

let sweep: Sweep;
before(async () => {
  sweep = await startSweep();
});
after(() => sweep.stop());

test('ids that nothing can have', () =>
  sweep.withoutChange(async () => {
    const ids = [
      'a\u0000b',
      'a'.repeat(300),
      'a'.repeat(3000),
      'constructor',
      'a/b',
      ' ',
      '*',
      '%',
      '\u{1f600}',
      '7',
      'null',
    ];
    // Kinds of catalog entries are names to filter by; ring and alias may be made.
    const filters = /^GET \/api\/v1\/:id\/:kind$/;
    const makes = /^POST \/api\/v2\/(?:key_rings\/:ring|keys\/:id\/aliases\/:alias)$/;
    for (const [route, sample] of sweep.those(({ params }, { key }) => params !== undefined && !filters.test(key))) {
      for (const name of Object.keys(sample.params!)) {
        for (const id of ids) {
          if (makes.test(route.key) && name !== 'id' && /^[a-z0-9]+$/i.test(id) && id.length < 2000) continue;
          const params = { ...sample.params, [name]: id };
          await sweep.refused(route, { ...sample, params }, `${name} = ${id.slice(0, 20)}`, [400, 403, 404]);
        }
      }
    }
  }));

/** A request as text; `more`: further header lines, each with its line end. */
async function requestText(route: GoldenRoute, url: string, { headers = {} }: Sample, more = ''): Promise<string> {
  const authorization = `Bearer ${await sweep.world.token(ownerOf(route))}`;
  const lines = Object.entries({ host: '127.0.0.1', ...headers, authorization });
  return `${route.method} ${url} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${more}\r\n`;
}

test('paths that are not percent-encoded text', () =>
  sweep.withoutChange(async () => {
    for (const [route, sample] of sweep.those(({ params }) => params !== undefined)) {
      for (const bad of ['%', '%zz', '%E0%A4%A', '%ED%A0%80', '%FF', '%00']) {
        const url = urlOf(route.path.replaceAll(/:[A-Za-z]+/g, bad), { query: sample.query ?? {} });
        const [reply] = await rawExchange(sweep.world.originOf(route), [await requestText(route, url, sample)]);
        assert.ok(reply && [200, 400, 403, 404].includes(reply.status), `${route.key} ${url}: ${reply?.status}`);
        assert.ok(reply.status !== 200 || /^GET \/api\/v1\//.test(route.key), `${route.key} ${bad}`);
      }
    }
  }));

test('methods that a path does not have', () =>
  sweep.withoutChange(async () => {
    for (const [route, sample] of sweep.those(() => true)) {
      const known = routes.filter(({ path, listener }) => path === route.path && listener === route.listener);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        if (known.some((one) => one.method === method)) continue;
        const { body: _body, ...rest } = sample;
        const reply = await sweep.world.send({ ...route, method }, rest, ownerOf(route));
        const isOther = routes.some(
          (one) => one.method === method && one.listener === route.listener && matches(one.path, route.path),
        );
        // `POST /api/v2/keys/registrations` is an action on a key of this name.
        if (!isOther) assert.equal(reply.status, 404, `${method} ${route.path}`);
        assertVendorError({ ...route, method }, reply, method);
      }
    }
  }));

function matches(pattern: string, path: string): boolean {
  const [left, right] = [pattern.split('/'), path.split('/')];
  return left.length === right.length && left.every((segment, n) => segment.startsWith(':') || segment === right[n]);
}

test('bodies above the limit get 413, and the connection is not confused by what was not read', () =>
  sweep.withoutChange(async () => {
    const limit = ({ limit: own = 64 * 1024 }: GoldenRoute): number => own;
    for (const [route, sample] of sweep.those((_sample, one) => changes(one))) {
      const size = limit(route) + 1;
      const reply = await sweep.world.send(route, { ...sample, body: ' '.repeat(size) }, ownerOf(route));
      assertVendorError(route, reply, 'a large body');
      assert.equal(reply.status, 413, route.key);
      assert.equal(reply.headers.get('connection'), 'close', route.key);
    }
    const [route, sample] = sweep.those((_sample, { key }) => key === 'POST /v1/serviceids')[0]!;
    const smuggled = `DELETE /v1/serviceids/x HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
    const chunk = smuggled.repeat(Math.ceil((64 * 1024 + 1) / smuggled.length));
    for (const framing of [`content-length: ${chunk.length}\r\n`, 'transfer-encoding: chunked\r\n']) {
      const head = await requestText(route, urlOf(route.path, sample), sample, framing);
      const body = framing.startsWith('transfer') ? `${chunk.length.toString(16)}\r\n${chunk}\r\n0\r\n\r\n` : chunk;
      const replies = await rawExchange(sweep.world.plane.ibm, [head + body, smuggled]);
      assert.deepEqual(
        replies.map(({ status }) => status),
        [413],
        framing,
      );
    }
  }));
