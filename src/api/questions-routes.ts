/** The questions of Easement's own API: may, who can, what can, what if. */
import { decideLive, decideSchema } from '../questions/decide.ts';
import type { World } from '../questions/live.ts';
import { askDecision, askWhatCan, askWhatIf, askWhoCan } from '../questions/operations.ts';
import { whatCanLive, whatCanSchema } from '../questions/what-can.ts';
import { whatIf, whatIfSchema } from '../questions/what-if.ts';
import { whoCanLive, whoCanSchema } from '../questions/who-can.ts';
import { readJson } from '../wire/ibm/body.ts';
import { readQuery, route } from './route.ts';
import type { ApiPlane, ApiRequest, ApiRoute } from './routes.ts';

const worldOf = ({ store, actions, why, now }: ApiPlane): World => ({ store, actions, sources: why.sources, now });

const whoOf = ({ query }: ApiRequest) => readQuery(query, whoCanSchema);
const whatOf = ({ query }: ApiRequest) => readQuery(query, whatCanSchema);
const asOf = ({ query }: ApiRequest) => query.get('as') ?? undefined;

export const questionRoutes: readonly ApiRoute[] = [
  route({
    method: 'POST',
    path: '/api/decide',
    operation: askDecision,
    input: (request) => {
      const question = readJson(request, decideSchema);
      return { question, as: question.as };
    },
    reply: (viewer, request, plane) => decideLive(worldOf(plane), readJson(request, decideSchema), viewer),
  }),
  route({
    method: 'GET',
    path: '/api/who-can',
    operation: askWhoCan,
    input: (request) => ({ question: whoOf(request), as: asOf(request) }),
    reply: (viewer, request, plane) => whoCanLive(worldOf(plane), whoOf(request), viewer),
  }),
  route({
    method: 'GET',
    path: '/api/what-can',
    operation: askWhatCan,
    input: (request) => ({ question: whatOf(request), as: asOf(request) }),
    reply: (viewer, request, plane) => whatCanLive(worldOf(plane), whatOf(request), viewer),
  }),
  route({
    method: 'POST',
    path: '/api/what-if',
    operation: askWhatIf,
    input: (request) => {
      const question = readJson(request, whatIfSchema);
      return { question, as: question.as };
    },
    reply: (viewer, request, plane) => whatIf(worldOf(plane), readJson(request, whatIfSchema), viewer),
    limit: 1024 * 1024,
  }),
];
