/** Registrations: read by people, written by services. */
import { z } from 'zod';
import { parseCrn } from '../../../policy/names.ts';
import { type Route, route, type WireRequest } from '../../../wire/ibm/route.ts';
import { listInstanceRegistrations, listKeyRegistrations, type RegistrationPage } from '../registration-lists.ts';
import { deregisterResource, registerResource } from '../registrations.ts';
import { badQuery, flag, instanceOf, keyOf, optionalBody, pageOf, ringOf } from './request.ts';
import { collectionReply, registrationView } from './views.ts';

function readFilter(request: WireRequest) {
  const resourceCrn = readPattern(request.query.get('urlEncodedResourceCRNQuery'));
  const preventKeyDeletion = flag(request, 'preventKeyDeletion');
  return {
    ...pageOf(request),
    ...(resourceCrn === undefined ? {} : { resourceCrn }),
    ...(preventKeyDeletion === undefined ? {} : { preventKeyDeletion }),
  };
}

/**
 * A CRN with `*` for any text, behind its service's name at the earliest. Clients that encode it themselves have it
 * encoded a second time by the SDK.
 */
function readPattern(text: string | null): string | undefined {
  if (text === null || text === '') return undefined;
  const pattern = /^crn%3a/i.test(text) ? decode(text) : text;
  const crn = parseCrn(pattern);
  if (crn === undefined) throw badQuery('urlEncodedResourceCRNQuery', 'must be a CRN with all its segments');
  return pattern;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badQuery('urlEncodedResourceCRNQuery', 'is not URL-encoded');
  }
}

function pageReply({ items, total }: RegistrationPage, request: WireRequest) {
  return collectionReply('registration', items.map(registrationView), {
    metadata: flag(request, 'totalCount') ? { totalCount: total } : {},
  });
}

const registrationBody = z.looseObject({
  resources: z
    .array(z.looseObject({ description: z.string().max(240).optional(), preventKeyDeletion: z.boolean().optional() }))
    .min(1),
});

function readRegistration(request: WireRequest) {
  const resource = optionalBody(request, registrationBody)?.resources[0];
  return {
    key: keyOf(request),
    resourceCrn: request.params['crn'] ?? '',
    ...(resource?.description === undefined ? {} : { description: resource.description }),
    ...(resource?.preventKeyDeletion === undefined ? {} : { preventKeyDeletion: resource.preventKeyDeletion }),
  };
}

const path = '/api/v2/keys/:id/registrations/:crn';

export const registrationRoutes: readonly Route<never, never>[] = [
  route({
    method: 'GET',
    path: '/api/v2/keys/:id/registrations',
    operation: listKeyRegistrations,
    input: (request) => ({ key: keyOf(request), ...readFilter(request) }),
    output: pageReply,
  }),
  route({
    method: 'GET',
    path: '/api/v2/keys/registrations',
    operation: listInstanceRegistrations,
    input: (request) => ({ instance: instanceOf(request), ...ringOf(request), ...readFilter(request) }),
    output: pageReply,
  }),
  ...(['POST', 'PUT'] as const).map((method) =>
    route({ method, path, operation: registerResource, input: readRegistration, output: () => ({ status: 201 }) }),
  ),
  route({
    method: 'DELETE',
    path,
    operation: deregisterResource,
    input: readRegistration,
    output: () => ({ status: 204 }),
  }),
];
