/** The questions of Easement's own API: may, who can, what can, what if. */
import { decideLive, decideSchema } from '../questions/decide.ts';
import type { World } from '../questions/live.ts';
import { askDecision } from '../questions/operations.ts';
import { readJson } from '../wire/ibm/body.ts';
import { route } from './route.ts';
import type { ApiPlane, ApiRoute } from './routes.ts';

const worldOf = ({ store, actions, why, now }: ApiPlane): World => ({ store, actions, sources: why.sources, now });

export const questionRoutes: readonly ApiRoute[] = [
  route({
    method: 'POST',
    path: '/api/decide',
    operation: askDecision,
    input: (request) => {
      const question = readJson(request, decideSchema);
      return { question, as: question.account };
    },
    reply: (viewer, request, plane) => decideLive(worldOf(plane), readJson(request, decideSchema), viewer),
  }),
];
