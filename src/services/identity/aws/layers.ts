/**
 * What the policies of AWS identities say to a question: the caller's own, its groups', its boundary's and its
 * session's, and the trust policy when the resource is a role.
 */
import type { LayerSource, PolicyReader } from '../../../authorize.ts';
import type { PolicyKind } from '../../../policy/aws/compile.ts';
import type { Caller, Layer, LayerKind, Question, Statement } from '../../../policy/model.ts';
import { arnOf, awsRef, nameWithoutPath, parsePrincipal } from '../../../policy/names.ts';
import { type Compile, createCompiler, createLayerMemory } from './compiling.ts';
import {
  type GroupDocument,
  groups,
  keyOf,
  managedPolicies,
  memberships,
  type PolicyHolder,
  roleRef,
  roles,
  users,
} from './documents.ts';
import { managedPolicy } from './managed-policies/managed-policies.ts';

const NOTHING: readonly Layer[] = [];

/** Makes the source of a plane's identity layers, with caches of its own. */
export function createIdentitySource(): LayerSource {
  const compile = createCompiler();
  const remembered = createLayerMemory();

  return async (reader, question) => {
    const { caller, resource } = question;
    if (resource.ref.cloud !== 'aws') return NOTHING;
    const layers: Layer[] = [];
    if (hasPolicies(caller)) {
      const who = caller.role ?? caller.id;
      const own = await remembered(reader, caller.account, `${caller.kind} ${who}`, () =>
        identityLayers({ reader, compile }, caller),
      );
      layers.push(...own);
    }
    layers.push(...(await sessionLayers({ reader, compile }, caller)));
    if (isTrust(question)) {
      const { account } = resource.ref;
      layers.push(
        ...(await remembered(reader, account, `trust ${resource.name}`, () =>
          trustLayers({ reader, compile }, question),
        )),
      );
    }
    return layers;
  };
}

interface Reading {
  readonly reader: PolicyReader;
  readonly compile: Compile;
}

function hasPolicies({ kind }: Caller): boolean {
  return kind === 'user' || kind === 'role-session' || kind === 'federated-session';
}

/** Policies of the user, or of the role or user behind the session, and their boundary. */
async function identityLayers(reading: Reading, caller: Caller): Promise<readonly Layer[]> {
  const named = parsePrincipal(caller.role ?? caller.id);
  if (named === undefined) return NOTHING;
  const { reader } = reading;
  const { account } = caller;
  // Only sessions whose user is the root user get here.
  if (named.kind === 'root') return [layer('identity', account, [everything(account)], 'grant')];
  if (named.kind === 'role') {
    const role = (await reader.get(roles, account, keyOf(nameWithoutPath(named.name))))?.value;
    return role === undefined ? NOTHING : entityLayers(reading, account, `role_${role.name}`, role, []);
  }
  if (named.kind !== 'user') return NOTHING;
  const user = (await reader.get(users, account, keyOf(nameWithoutPath(named.name))))?.value;
  if (user === undefined) return NOTHING;
  const joined = await groupsOf(reader, account, user.id);
  return entityLayers(
    reading,
    account,
    `user_${user.name}`,
    user,
    joined.map((group) => [`group_${group.name}`, group] as const),
  );
}

/** What the root user hands on to those it lets in; their session policies limit it. */
function everything(account: string): Statement {
  return {
    effect: 'allow',
    principals: { kind: 'anyone' },
    actions: { kind: 'wildcard', patterns: ['*'] },
    resources: { kind: 'any' },
    conditions: [],
    origin: { account, policy: 'root user', statement: '0', text: 'the root user may do everything in its account' },
  };
}

/** A user is in ten groups at most. */
const GROUPS = 10;

async function groupsOf(reader: PolicyReader, account: string, user: string): Promise<readonly GroupDocument[]> {
  const { items } = await reader.list(memberships, account, { index: 'user', key: user, limit: GROUPS });
  const found = await Promise.all(
    items.map(({ value }) => reader.list(groups, account, { index: 'uniqueId', key: value.group, limit: 1 })),
  );
  return found.flatMap((page) => page.items.map((group) => group.value));
}

async function entityLayers(
  reading: Reading,
  account: string,
  name: string,
  entity: PolicyHolder & { readonly boundary?: string },
  joined: readonly (readonly [string, PolicyHolder])[],
): Promise<readonly Layer[]> {
  const statements: Statement[] = [];
  for (const [holder, policies] of [[name, entity] as const, ...joined]) {
    for (const [policy, text] of Object.entries(policies.inline)) {
      statements.push(...reading.compile(text, 'identity', account, `${holder}_${policy}`));
    }
    for (const arn of policies.attached)
      statements.push(...(await managedStatements(reading, account, arn, 'identity')));
  }
  const layers = [layer('identity', account, statements, 'grant')];
  if (entity.boundary === undefined) return layers;
  const boundary = await managedStatements(reading, account, entity.boundary, 'boundary');
  return [...layers, layer('boundary', account, boundary, 'limit')];
}

/** A managed policy of the account or of AWS. One that is not there (any more) has no statements. */
async function managedStatements(
  { reader, compile }: Reading,
  account: string,
  arn: string,
  kind: PolicyKind,
): Promise<readonly Statement[]> {
  const ref = awsRef(arn, account);
  if (ref.account === 'aws') {
    const policy = await managedPolicy(arn);
    return policy === undefined ? [] : compile(policy.document, kind, account, arn);
  }
  const policy = (await reader.get(managedPolicies, account, keyOf(nameWithoutPath(ref.id))))?.value;
  const version = policy?.versions.find(({ id }) => id === policy.defaultVersion);
  return version === undefined ? [] : compile(version.text, kind, account, arn);
}

/** A session that was given policies may do what one of them allows, within everything else. */
async function sessionLayers(reading: Reading, { account, session }: Caller): Promise<readonly Layer[]> {
  if (session === undefined || session.policies.length + session.policyArns.length === 0) return NOTHING;
  const given = session.policies.map((text) => reading.compile(text, 'session', account, 'the session policy'));
  for (const arn of session.policyArns) given.push(await managedStatements(reading, account, arn, 'session'));
  // One array stays the same object: the engine knows what it has indexed by the array it stands in.
  return [layer('session', account, given.length === 1 ? given[0]! : given.flat(), 'limit')];
}

const TRUST = /^sts:(assumerole|assumerolewithsaml|assumerolewithwebidentity|tagsession|setsourceidentity)$/i;

function isTrust({ action, resource }: Question): boolean {
  return resource.ref.service === 'iam' && resource.ref.type === 'role' && TRUST.test(action);
}

async function trustLayers({ reader, compile }: Reading, { resource }: Question): Promise<readonly Layer[]> {
  const { account, id } = resource.ref;
  const role = (await reader.get(roles, account, keyOf(nameWithoutPath(id))))?.value;
  // Who writes another path means no role.
  if (role === undefined || arnOf(roleRef(account, role.path, role.name)) !== resource.name) return NOTHING;
  return [layer('resource', account, compile(role.trust, 'trust', account, `trust policy of ${role.name}`), 'both')];
}

function layer(kind: LayerKind, account: string, statements: readonly Statement[], may: Layer['may']): Layer {
  return { kind, account, statements, may };
}
