/** What routes of Easement's own API are made with. */
import type { z } from 'zod';
import { readJson } from '../wire/ibm/body.ts';
import type { ApiRoute } from './routes.ts';

/** Routes of whatever input and output stand in one list. */
export function route<I, O>(spec: ApiRoute<I, O>): ApiRoute {
  return spec as unknown as ApiRoute;
}

/** A query as an object of the schema's shape; `context=KEY=VALUE` may come several times. `as` is left out. Throws `invalid`. */
export function readQuery<T>(query: URLSearchParams, schema: z.ZodType<T>): T {
  const context = query.getAll('context').map((pair) => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, Math.max(0, equals)), pair.slice(equals + 1)];
  });
  const { as: _as, ...given } = Object.fromEntries(query);
  return readJson({ body: { ...given, context: Object.fromEntries(context) } }, schema);
}
