/** What routes of Easement's own API are made with. */
import type { ApiRoute } from './routes.ts';

/** Routes of whatever input and output stand in one list. */
export function route<I, O>(spec: ApiRoute<I, O>): ApiRoute {
  return spec as unknown as ApiRoute;
}
