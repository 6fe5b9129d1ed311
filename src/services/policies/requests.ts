/** Reading the queries and headers of IAM Policy Management requests. */
import { Fault } from '../../faults.ts';
import type { WireRequest } from '../../wire/ibm/route.ts';
import { type PolicyQuery, SORT_FIELDS } from './list.ts';
import type { RoleFilter } from './roles.ts';

const TYPES = ['access', 'authorization'] as const;
const MOST_PER_PAGE = 1000;

/** The entity tag that the caller saw last. Throws `invalid` without one: changes are never blind. */
export function ifMatch(request: WireRequest): { readonly ifMatch: string } {
  const sent = request.headers['if-match'];
  if (sent === undefined || sent === '') {
    throw new Fault('invalid', 'missing-if-match', 'send the ETag of the last read as `If-Match`', {
      target: { type: 'header', name: 'If-Match' },
    });
  }
  return { ifMatch: sent.replace(/^(?:W\/)?"(.*)"$/, '$1') };
}

/** A parameter that takes one of some values. Absent or empty: undefined. Throws `invalid` for any other. */
export function oneOf<const T extends string>(request: WireRequest, name: string, values: readonly T[]): T | undefined {
  const sent = text(request, name);
  if (sent === undefined) return undefined;
  const value = values.find((one) => one === sent);
  if (value === undefined) throw badParameter(name, `one of ${values.join(', ')}`, sent);
  return value;
}

/** The query of a list of policies. Throws `invalid` without `account_id`. */
export function listQuery(request: WireRequest): PolicyQuery {
  const account = text(request, 'account_id');
  if (account === undefined) {
    throw new Fault('invalid', 'missing-parameter', 'the query parameter `account_id` is required', {
      target: { type: 'parameter', name: 'account_id' },
    });
  }
  oneOf(request, 'format', ['display', 'include_last_permit']);
  const { sort, descending } = sortOf(request);
  const limit = limitOf(request);
  return {
    account,
    state: oneOf(request, 'state', ['active', 'deleted']) ?? 'active',
    sort,
    descending,
    ...present('type', oneOf(request, 'type', TYPES)),
    ...present('iamId', text(request, 'iam_id')),
    ...present('accessGroupId', text(request, 'access_group_id')),
    ...present('serviceType', oneOf(request, 'service_type', ['service', 'platform_service'])),
    ...present('serviceName', text(request, 'service_name')),
    ...present('serviceGroupId', text(request, 'service_group_id')),
    ...present('tagName', text(request, 'tag_name')),
    ...present('tagValue', text(request, 'tag_value')),
    ...present('limit', limit),
    ...present('start', text(request, 'start')),
  };
}

/** The query of a list of roles. */
export function roleFilter(request: WireRequest): RoleFilter {
  const service = text(request, 'service_name');
  const serviceGroup = oneOf(request, 'service_group_id', ['IAM']);
  if (service !== undefined && serviceGroup !== undefined) {
    throw badParameter('service_group_id', 'left out where `service_name` is given', serviceGroup);
  }
  return {
    ...present('account', text(request, 'account_id')),
    ...present('service', service),
    ...present('source', text(request, 'source_service_name')),
    ...present('policyType', oneOf(request, 'policy_type', TYPES)),
    ...present('serviceGroup', serviceGroup),
  };
}

function present<const K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

function text(request: WireRequest, name: string): string | undefined {
  const value = request.query.get(name);
  return value === null || value === '' ? undefined : value;
}

function sortOf(request: WireRequest): Pick<PolicyQuery, 'sort' | 'descending'> {
  const sent = text(request, 'sort') ?? 'id';
  const descending = sent.startsWith('-');
  const sort = SORT_FIELDS.find((field) => field === (descending ? sent.slice(1) : sent));
  if (sort === undefined) throw badParameter('sort', `one of ${SORT_FIELDS.join(', ')}, with \`-\` to descend`, sent);
  return { sort, descending };
}

function limitOf(request: WireRequest): number | undefined {
  const sent = text(request, 'limit');
  if (sent === undefined) return undefined;
  const limit = /^[0-9]{1,4}$/.test(sent) ? Number(sent) : 0;
  if (limit < 1 || limit > MOST_PER_PAGE) throw badParameter('limit', `a number from 1 to ${MOST_PER_PAGE}`, sent);
  return limit;
}

function badParameter(name: string, wanted: string, sent: string): Fault {
  return new Fault('invalid', 'bad-parameter', `\`${name}\` is ${wanted}, not \`${sent.slice(0, 100)}\``, {
    target: { type: 'parameter', name, value: sent.slice(0, 100) },
  });
}
