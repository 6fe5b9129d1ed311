/** `/v2/groups`. https://cloud.ibm.com/apidocs/iam-access-groups */
import { z } from 'zod';
import { readJson } from '../../../wire/ibm/body.ts';
import { iamGroupsFamily } from '../../../wire/ibm/families.ts';
import { type Face, route, type WireReply, type WireRequest } from '../../../wire/ibm/route.ts';
import { badParameter, entityTag, ifMatch } from './entity.ts';
import {
  addMembers,
  checkMember,
  listMembers,
  type MemberOutcome,
  removeMembers,
  type ShownMember,
} from './group-members.ts';
import {
  createGroup,
  deleteGroup,
  getGroup,
  type ListGroups,
  listGroups,
  type ShownGroup,
  updateGroup,
} from './groups.ts';

/** At most 50 at a time. https://cloud.ibm.com/apidocs/iam-access-groups#add-members-to-access-group */
const MEMBERS_PER_CALL = 50;

const name = z.string().min(1).max(100);
const description = z.string().max(250).optional();
const createSchema = z.strictObject({ name, description });
const updateSchema = z.strictObject({ name: name.optional(), description });
const iamId = z
  .string()
  .regex(/^(IBMid-|iam-ServiceId-)\S+$/, { error: 'must be the iam_id of a user or a service ID' });
const addSchema = z.strictObject({
  members: z
    .array(z.strictObject({ iam_id: iamId, type: z.enum(['user', 'service']) }))
    .min(1)
    .max(MEMBERS_PER_CALL),
});
const removeSchema = z.strictObject({ members: z.array(iamId).min(1).max(MEMBERS_PER_CALL) });

const isoDate = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+/, '');

function groupView({ account, id, value }: ShownGroup, { origin }: WireRequest): object {
  return {
    id,
    name: value.name,
    description: value.description ?? '',
    account_id: account,
    created_at: isoDate(value.createdAt),
    created_by_id: value.createdBy,
    last_modified_at: isoDate(value.modifiedAt),
    last_modified_by_id: value.modifiedBy,
    href: `${origin}/v2/groups/${id}`,
  };
}

function groupReply(status: number, group: ShownGroup, request: WireRequest): WireReply {
  return { status, headers: { etag: entityTag(group.id, group.revision) }, body: groupView(group, request) };
}

function memberView({ group, member, name, email }: ShownMember, { origin }: WireRequest): object {
  return {
    iam_id: member.iamId,
    type: member.type,
    membership_type: 'static',
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    href: `${origin}/v2/groups/${group}/members/${member.iamId}`,
    created_at: isoDate(member.addedAt),
    created_by_id: member.addedBy,
  };
}

function outcomeView({ iamId, type, member }: MemberOutcome): object {
  if (!member) {
    const message = `\`${iamId}\` is not the iam_id of a ${type}`;
    return { iam_id: iamId, type, status_code: 400, errors: [{ code: 'invalid_body', message }] };
  }
  const { addedAt, addedBy } = member;
  return { iam_id: iamId, type, created_at: isoDate(addedAt), created_by_id: addedBy, status_code: 200 };
}

/** `limit` (50, at most 100) and `offset`. */
function window(request: WireRequest): { limit: number; offset: number } {
  const read = (parameter: string, fallback: number, most: number): number => {
    const value = Number(request.query.get(parameter) ?? fallback);
    if (Number.isInteger(value) && value >= 0 && value <= most) return value;
    throw badParameter(parameter, `must be a whole number from 0 to ${most}`);
  };
  return { limit: read('limit', 50, 100), offset: read('offset', 0, 1_000_000) };
}

/** A part of a list, with links to the others: they carry the parameters of this call. */
function listReply<T>(field: string, items: readonly T[], view: (item: T) => object, request: WireRequest): WireReply {
  const { limit, offset } = window(request);
  const link = (at: number) => {
    const query = new URLSearchParams(request.query);
    query.set('limit', String(limit));
    query.set('offset', String(at));
    return { href: `${request.origin}${request.path}?${query}` };
  };
  const last = limit === 0 ? 0 : Math.floor(Math.max(0, items.length - 1) / limit) * limit;
  return {
    status: 200,
    body: {
      limit,
      offset,
      total_count: items.length,
      first: link(0),
      last: link(last),
      ...(offset > 0 ? { previous: link(Math.max(0, offset - limit)) } : {}),
      ...(offset + limit < items.length ? { next: link(offset + limit) } : {}),
      [field]: items.slice(offset, offset + limit).map(view),
    },
  };
}

function accountOf(request: WireRequest): string {
  const account = request.query.get('account_id');
  if (account) return account;
  throw badParameter('account_id', 'is missing: say in which account');
}

function searchOf(request: WireRequest): ListGroups['search'] {
  const search = request.query.get('search');
  if (search === null) return undefined;
  const match = /^(id|name|description):(.*)$/.exec(search);
  if (!match) throw badParameter('search', 'must begin with `id:`, `name:` or `description:`');
  return { field: match[1] as 'id' | 'name' | 'description', text: match[2]! };
}

const idOf = (request: WireRequest): string => request.params['id']!;

export const groupsFace: Face = {
  family: iamGroupsFamily,
  faults: {},
  routes: [
    route({
      method: 'POST',
      path: '/v2/groups',
      operation: createGroup,
      input: (request) => ({ account: accountOf(request), ...readJson(request, createSchema) }),
      output: (group, request) => groupReply(201, group, request),
    }),
    route({
      method: 'GET',
      path: '/v2/groups',
      operation: listGroups,
      input: (request) => {
        window(request);
        const iamId = request.query.get('iam_id') ?? undefined;
        return { account: accountOf(request), iamId, search: searchOf(request) };
      },
      output: (groups, request) => listReply('groups', groups, (group) => groupView(group, request), request),
    }),
    route({
      method: 'GET',
      path: '/v2/groups/:id',
      operation: getGroup,
      input: idOf,
      output: (group, request) => groupReply(200, group, request),
    }),
    route({
      method: 'PATCH',
      path: '/v2/groups/:id',
      operation: updateGroup,
      input: (request) => ({ id: idOf(request), tag: ifMatch(request), ...readJson(request, updateSchema) }),
      output: (group, request) => groupReply(200, group, request),
    }),
    route({
      method: 'DELETE',
      path: '/v2/groups/:id',
      operation: deleteGroup,
      input: (request) => ({ id: idOf(request), force: request.query.get('force') === 'true' }),
      output: () => ({ status: 204 }),
    }),
    route({
      method: 'PUT',
      path: '/v2/groups/:id/members',
      operation: addMembers,
      input: (request) => ({
        id: idOf(request),
        members: readJson(request, addSchema).members.map(({ iam_id: iamId, type }) => ({ iamId, type })),
      }),
      output: (outcomes) => ({ status: 207, body: { members: outcomes.map(outcomeView) } }),
    }),
    route({
      method: 'GET',
      path: '/v2/groups/:id/members',
      operation: listMembers,
      input: (request) => {
        window(request);
        return { id: idOf(request), verbose: request.query.get('verbose') === 'true' };
      },
      output: (members, request) => listReply('members', members, (member) => memberView(member, request), request),
    }),
    route({
      method: 'HEAD',
      path: '/v2/groups/:id/members/:iamId',
      operation: checkMember,
      input: (request) => ({ id: idOf(request), iamId: request.params['iamId']! }),
      output: () => ({ status: 204 }),
    }),
    route({
      method: 'DELETE',
      path: '/v2/groups/:id/members/:iamId',
      operation: removeMembers,
      input: (request) => ({ id: idOf(request), iamIds: [request.params['iamId']!] }),
      output: () => ({ status: 204 }),
    }),
    route({
      method: 'POST',
      path: '/v2/groups/:id/members/delete',
      operation: removeMembers,
      input: (request) => ({ id: idOf(request), iamIds: readJson(request, removeSchema).members }),
      output: (outcomes, request) => ({
        status: 207,
        body: {
          access_group_id: idOf(request),
          members: outcomes.map(({ iamId, removed }) => ({ iam_id: iamId, status_code: removed ? 204 : 404 })),
        },
      }),
    }),
  ],
};
