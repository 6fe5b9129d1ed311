/** Every route that a plane answers, on both of its listeners, and the API that it belongs to. */
import { apiRoutes } from '../../src/api/routes.ts';
import { services } from '../../src/services/index.ts';
import type { Face, Family, Route } from '../../src/wire/ibm/route.ts';

export interface GoldenRoute {
  /** `GET /v1/policies/:id`: unique on its listener. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly listener: 'ibm' | 'console';
  readonly api: string;
  /** Bytes of body at most, where it is not what every route takes. */
  readonly limit?: number;
  /** Absent for Easement's own API. */
  readonly face?: Face;
}

/** The first that fits names the API of a route; the token endpoint comes before what it would fall under. */
const APIS: readonly (readonly [name: string, path: RegExp])[] = [
  ['IAM tokens', /^\/(?:identity|oidc)\//],
  ['IAM Identity', /^\/v1\/(?:apikeys|serviceids|accounts)/],
  ['IAM Access Groups', /^\/v2\/groups/],
  ['IAM Policy Management', /^\/v1\/policies|^\/v2\/(?:policies|roles)/],
  ['Key Protect', /^\/api\/v2\//],
  ['VPC', /^\/v1\/(?:volumes?|regions)/],
  ['Resource Controller', /^\/v2\/resource_instances/],
  ['Resource Manager', /^\/v2\/resource_groups/],
  ['Global Catalog', /^\/api\/v1/],
];

export const apiNames: readonly string[] = [...APIS.map(([name]) => name), 'Easement'];

function apiOf(path: string): string {
  const found = APIS.find(([, pattern]) => pattern.test(path));
  if (!found) throw new Error(`say in test/golden/routes.ts to which API \`${path}\` belongs`);
  return found[0];
}

const ibmRoutes: readonly GoldenRoute[] = services.flatMap((service) =>
  (service.ibm ?? []).flatMap((face) =>
    (face.routes as unknown as readonly Route[]).map(({ method, path, operation, limit }) => ({
      key: `${method} ${path}`,
      method,
      path,
      operation: operation.name,
      listener: 'ibm' as const,
      api: apiOf(path),
      face,
      ...(limit === undefined ? {} : { limit }),
    })),
  ),
);

const consoleRoutes: readonly GoldenRoute[] = apiRoutes.map(({ method, path, operation, limit }) => ({
  key: `${method} ${path}`,
  method,
  path,
  operation: operation.name,
  listener: 'console' as const,
  api: 'Easement',
  ...(limit === undefined ? {} : { limit }),
}));

export const routes: readonly GoldenRoute[] = [...ibmRoutes, ...consoleRoutes];

/** Clients call these without an IAM token: what they send, or ask for, is no account's. */
export const PUBLIC: ReadonlySet<string> = new Set([
  'POST /identity/token',
  'POST /oidc/token',
  'GET /identity/keys',
  'GET /oidc/keys',
  'GET /identity/.well-known/openid-configuration',
]);

/** Routes that answer only those who show an IAM token. */
export const guarded: readonly GoldenRoute[] = routes.filter(({ key }) => !PUBLIC.has(key));

export const changes = ({ method }: GoldenRoute): boolean => method !== 'GET' && method !== 'HEAD';

export const families: readonly Family[] = [...new Set(ibmRoutes.map(({ face }) => face!.family))];
