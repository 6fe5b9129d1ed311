/** What routes of Easement's own API are made with. */
import type { z } from 'zod';
import { Fault } from '../faults.ts';
import { parseJson } from '../wire/json.ts';
import type { ApiRoute } from './routes.ts';

/** Routes of whatever input and output stand in one list. */
export function route<I, O>(spec: ApiRoute<I, O>): ApiRoute {
  return spec as unknown as ApiRoute;
}

/** A body as JSON of the schema's shape. Throws `invalid`. */
export function readBody<T>(text: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new Fault('invalid', 'invalid-field', `\`${issue.path.join('.')}\`: ${issue.message}`);
}
