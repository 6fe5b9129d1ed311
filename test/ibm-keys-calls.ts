/** The calls of the Key Protect API, each with the callers that may make it: the vendor's roles (ibm-cloud.md 4.1). */
import { type CallerName, collection, KEY, POLICY, type Shown } from './ibm-keys-world.ts';
import type { CallOptions } from './plane.ts';

const READER = ['owner', 'manager', 'writer', 'readerplus', 'reader'] as const;
const READER_PLUS = ['owner', 'manager', 'writer', 'readerplus'] as const;
const WRITER = ['owner', 'manager', 'writer'] as const;
const MANAGER = ['owner', 'manager'] as const;

export type Prepared = 'active' | 'suspended' | 'destroyed' | 'dual' | 'aliased';

export interface ApiCall {
  readonly name: string;
  readonly method: string;
  readonly path: (key: Shown) => string;
  readonly options?: CallOptions;
  /** In which state the key is that the call is made for; `active` by default. */
  readonly key?: Prepared;
  readonly allowed: readonly CallerName[];
  readonly success: string;
}

let used = 0;

/** A number that no name has had yet. */
export const unique = (): number => ++used;

const root = { type: KEY, name: 'a key', extractable: false };
export const newKey = { body: collection(KEY, root) };
const withPolicies = { body: collection(KEY, { ...root, dualAuthDelete: { enabled: false } }) };
const policy = { body: collection(POLICY, { type: POLICY, rotation: { interval_month: 2 } }) };
const instancePolicy = {
  body: collection(POLICY, { policy_type: 'metrics', policy_data: { enabled: true } }),
};
export const on = (key: Shown, tail = ''): string => `/api/v2/keys/${key['id']}${tail}`;

export const CALLS: readonly ApiCall[] = [
  { name: 'create', method: 'POST', path: () => '/api/v2/keys', options: newKey, allowed: WRITER, success: '201' },
  {
    name: 'create with policies',
    method: 'POST',
    path: () => '/api/v2/keys_with_policy_overrides',
    options: withPolicies,
    allowed: MANAGER,
    success: '201',
  },
  { name: 'get', method: 'GET', path: (key) => on(key), allowed: READER_PLUS, success: '200' },
  { name: 'metadata', method: 'GET', path: (key) => on(key, '/metadata'), allowed: READER, success: '200' },
  { name: 'versions', method: 'GET', path: (key) => on(key, '/versions'), allowed: READER, success: '200' },
  {
    name: 'wrap',
    method: 'POST',
    path: (key) => on(key, '/actions/wrap'),
    options: { body: {} },
    allowed: READER,
    success: '200',
  },
  { name: 'unwrap', method: 'POST', path: (key) => on(key, '/actions/unwrap'), allowed: READER, success: '200' },
  { name: 'rewrap', method: 'POST', path: (key) => on(key, '/actions/rewrap'), allowed: READER, success: '200' },
  { name: 'rotate', method: 'POST', path: (key) => on(key, '/actions/rotate'), allowed: WRITER, success: '204' },
  { name: 'disable', method: 'POST', path: (key) => on(key, '/actions/disable'), allowed: MANAGER, success: '204' },
  {
    name: 'enable',
    method: 'POST',
    path: (key) => on(key, '/actions/enable'),
    key: 'suspended',
    allowed: MANAGER,
    success: '204',
  },
  { name: 'delete', method: 'DELETE', path: (key) => on(key), allowed: MANAGER, success: '204' },
  {
    name: 'restore',
    method: 'POST',
    path: (key) => on(key, '/restore'),
    key: 'destroyed',
    allowed: MANAGER,
    success: '201',
  },
  {
    name: 'purge too early',
    method: 'DELETE',
    path: (key) => on(key, '/purge'),
    key: 'destroyed',
    allowed: ['owner', 'keypurge'],
    success: '409 REQ_TOO_EARLY_ERR',
  },
  {
    name: 'set for deletion',
    method: 'POST',
    path: (key) => on(key, '/actions/setKeyForDeletion'),
    key: 'dual',
    allowed: WRITER,
    success: '204',
  },
  {
    name: 'unset for deletion',
    method: 'POST',
    path: (key) => on(key, '/actions/unsetKeyForDeletion'),
    key: 'dual',
    allowed: WRITER,
    success: '204',
  },
  { name: 'sync', method: 'POST', path: (key) => on(key, '/actions/sync'), allowed: WRITER, success: '204' },
  {
    name: 'move to a ring',
    method: 'PATCH',
    path: (key) => on(key),
    options: { body: { keyRingID: 'a-ring' } },
    allowed: MANAGER,
    success: '200',
  },
  {
    name: 'make an alias',
    method: 'POST',
    path: (key) => on(key, `/aliases/new-${unique()}`),
    allowed: WRITER,
    success: '201',
  },
  {
    name: 'remove an alias',
    method: 'DELETE',
    path: (key) => on(key, `/aliases/${key['aliases'][0]}`),
    key: 'aliased',
    allowed: WRITER,
    success: '204',
  },
  { name: 'read policies', method: 'GET', path: (key) => on(key, '/policies'), allowed: MANAGER, success: '200' },
  {
    name: 'write policies',
    method: 'PUT',
    path: (key) => on(key, '/policies'),
    options: policy,
    allowed: MANAGER,
    success: '200',
  },
  { name: 'registrations', method: 'GET', path: (key) => on(key, '/registrations'), allowed: READER, success: '200' },
  {
    name: 'all registrations',
    method: 'GET',
    path: () => '/api/v2/keys/registrations',
    allowed: READER,
    success: '200',
  },
  { name: 'list rings', method: 'GET', path: () => '/api/v2/key_rings', allowed: READER, success: '200' },
  {
    name: 'make a ring',
    method: 'POST',
    path: () => `/api/v2/key_rings/ring-${unique()}`,
    allowed: WRITER,
    success: '201',
  },
  {
    name: 'remove a ring that is not there',
    method: 'DELETE',
    path: () => '/api/v2/key_rings/no-such-ring',
    allowed: MANAGER,
    success: '404 KEY_RING_NOT_FOUND_ERR',
  },
  {
    name: 'read instance policies',
    method: 'GET',
    path: () => '/api/v2/instance/policies',
    allowed: MANAGER,
    success: '200',
  },
  {
    name: 'write instance policies',
    method: 'PUT',
    path: () => '/api/v2/instance/policies',
    options: instancePolicy,
    allowed: MANAGER,
    success: '204',
  },
];
