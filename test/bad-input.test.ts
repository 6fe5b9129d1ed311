/** Bad bodies to every route: refused in the words of its API, and nothing changes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertVendorError } from './golden/errors.ts';
import { isServiceOnly, ownerOf, type Sweep, startSweep, takesJson } from './golden/sweep.ts';
import { urlOf } from './golden/world.ts';

let sweep: Sweep;
before(async () => {
  sweep = await startSweep();
});
after(() => sweep.stop());

test('malformed JSON, and text that is not UTF-8', () =>
  sweep.withoutChange(async () => {
    for (const [route, sample] of sweep.those(takesJson)) {
      const text = JSON.stringify(sample.body);
      for (const body of ['{', '{"a":', 'nul', `${text}x`, `${text}${text}`, text.slice(0, -1), "{'a':1}", '\ufeff']) {
        await sweep.refused(route, { ...sample, body }, `the body ${body.slice(0, 20)}`, [400]);
      }
      const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
      const headers = { ...sample.headers, authorization: `Bearer ${await sweep.world.token(ownerOf(route))}` };
      const { status } = await fetch(sweep.world.originOf(route) + urlOf(route.path, sample), {
        method: route.method,
        headers: { ...headers, 'content-type': 'application/json' },
        body: bytes,
      });
      assert.ok(status === 400 || status === 403, `${route.key}: ${status}`);
    }
  }));

test('JSON of another type than an object', () =>
  sweep.withoutChange(async () => {
    for (const [route, sample] of sweep.those(takesJson)) {
      for (const body of ['[]', '[{}]', '"text"', '7', 'true', 'null']) {
        await sweep.refused(route, { ...sample, body }, `the body ${body}`, [400]);
      }
    }
  }));

test('no body at all, where one is needed', () =>
  sweep.withoutChange(async () => {
    for (const [route, { body: _body, ...sample }] of sweep.those(takesJson)) {
      await sweep.refused(route, sample, 'no body', [400]);
    }
  }));

test('attributes that there are not are named in the refusal', () =>
  sweep.withoutChange(async () => {
    for (const [route, sample] of sweep.those(takesJson)) {
      const reply = await sweep.refused(
        route,
        { ...sample, body: { ...(sample.body as object), colour: 'red' } },
        'an unknown attribute',
        [400],
      );
      if (!isServiceOnly(reply)) assert.match(JSON.stringify(reply.body), /colour/, route.key);
      for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
        const text = JSON.stringify(sample.body).replace('{', `{"${name}":{"isAdmin":true},`);
        await sweep.refused(route, { ...sample, body: text }, `the attribute ${name}`, [400]);
      }
    }
  }));

type Path = readonly (string | number)[];

function placesIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_item, n) => n) : Object.keys(value);
  return keys.flatMap((key) => {
    const path = [...at, key];
    return [path, ...placesIn((value as Record<string | number, unknown>)[key], path)];
  });
}

function replaced(body: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(body) as Record<string | number, unknown>;
  let parent = copy;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  parent[path.at(-1)!] = value;
  return copy;
}

const valueAt = (body: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], body);

test('a value of a wrong type, anywhere in a body', () =>
  sweep.withoutChange(async () => {
    for (const [route, sample] of sweep.those(takesJson)) {
      for (const path of placesIn(sample.body)) {
        const was = valueAt(sample.body, path);
        const wrong = [{ unexpected: 1 }, [[[]]], 1.5, true].filter(
          (value) => typeof value !== typeof was || typeof was === 'object',
        );
        for (const value of wrong) {
          const what = `${path.join('.')} = ${JSON.stringify(value)}`;
          await sweep.refused(route, { ...sample, body: replaced(sample.body, path, value) }, what, [400]);
        }
      }
    }
  }));

test('nested without end, anywhere in a body', () =>
  sweep.withoutChange(async () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    for (const [route, sample] of sweep.those(takesJson)) {
      await sweep.refused(route, { ...sample, body: deep }, 'a deep body', [400]);
      for (const path of placesIn(sample.body)) {
        const body = JSON.stringify(replaced(sample.body, path, '@')).replace('"@"', deep);
        await sweep.refused(route, { ...sample, body }, `deep at ${path.join('.')}`, [400]);
      }
    }
  }));

test('text with NUL, half a surrogate pair or very much of it is no defect, wherever it stands', async () => {
  for (const [route, sample] of sweep.those(takesJson)) {
    for (const path of placesIn(sample.body).filter((one) => typeof valueAt(sample.body, one) === 'string')) {
      for (const text of ['a\u0000b', '\ud800', '\udfff x', 'x'.repeat(20_000), '__proto__']) {
        const reply = await sweep.world.send(
          route,
          { ...sample, body: replaced(sample.body, path, text) },
          ownerOf(route),
        );
        if (reply.status >= 300)
          assertVendorError(route, reply, `${path.join('.')} = ${JSON.stringify(text).slice(0, 20)}`);
      }
    }
  }
});
