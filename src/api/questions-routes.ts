/** The questions of Easement's own API: may, who can, what can, what if. */
import { decideLive, decideSchema } from '../questions/decide.ts';
import type { World } from '../questions/live.ts';
import { askDecision } from '../questions/operations.ts';
import { readBody, route } from './route.ts';
import type { ApiPlane, ApiRoute } from './routes.ts';

const worldOf = ({ store, actions, why, now }: ApiPlane): World => ({ store, actions, sources: why.sources, now });

export const questionRoutes: readonly ApiRoute[] = [
  route({
    method: 'POST',
    path: '/api/decide',
    operation: askDecision,
    input: ({ text }) => {
      const question = readBody(text, decideSchema);
      return { question, as: question.account };
    },
    reply: (viewer, { text }, plane) => decideLive(worldOf(plane), readBody(text, decideSchema), viewer),
  }),
];
