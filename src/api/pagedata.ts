/** What the page shows, gathered for the operator. */
import { type Plane, perform, type Request } from '../operation.ts';
import { showWorld } from '../services/worlds/show.ts';
import { bodyOf, once } from '../why/record.ts';
import { type ExplainedCall, why } from '../why.ts';
import { openPage } from './operations.ts';
import type { PageData } from './page.ts';
import type { ApiPlane } from './routes.ts';

/** Refusals shown, and records looked through to find them. */
const SHOWN = 20;
const LOOKED_THROUGH = 500;

export async function pageData(plane: Plane, api: ApiPlane, request: Request): Promise<Omit<PageData, 'endpoints'>> {
  const { output: viewer } = await perform(plane, openPage, request, () => null);
  const { output: world } = await perform(plane, showWorld, request, () => null);
  const records = once(await plane.store.records({ limit: LOOKED_THROUGH }));
  const refused = records.filter((record) => record.parent === undefined && bodyOf(record).outcome !== 'done');
  const refusals: ExplainedCall[] = [];
  for (const { id } of refused.slice(0, SHOWN)) {
    refusals.push(...((await why(api.why, id, viewer))?.calls ?? []));
  }
  return { now: new Date(api.now()).toISOString(), accounts: world.accounts, refusals };
}
