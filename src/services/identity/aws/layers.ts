/**
 * What the policies of AWS identities say to a question: the caller's own, its groups', its boundary's and its
 * session's, and the trust policy when the resource is a role.
 */
import type { LayerSource, PolicyReader } from '../../../authorize.ts';
import type { PolicyKind } from '../../../policy/aws/compile.ts';
import type { Caller, Layer, LayerKind, Question, Statement } from '../../../policy/model.ts';
import { arnOf, nameWithoutPath, parsePrincipal } from '../../../policy/names.ts';
import { type Compile, createCompiler, createLayerMemory } from './compiling.ts';
import { keyOf, roleRef, roles, users } from './documents.ts';
import { groupsOfUser, type Holder, inlineId, managedText, policiesOf } from './policy-sources.ts';

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
    return role === undefined ? NOTHING : entityLayers(reading, account, role, [{ kind: 'role', entity: role }]);
  }
  if (named.kind !== 'user') return NOTHING;
  const user = (await reader.get(users, account, keyOf(nameWithoutPath(named.name))))?.value;
  if (user === undefined) return NOTHING;
  const joined = await groupsOfUser(reader, account, user.id);
  return entityLayers(reading, account, user, [
    { kind: 'user', entity: user },
    ...joined.map((entity) => ({ kind: 'group', entity }) as const),
  ]);
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

async function entityLayers(
  reading: Reading,
  account: string,
  { boundary }: { readonly boundary?: string },
  holders: readonly Holder[],
): Promise<readonly Layer[]> {
  const statements: Statement[] = [];
  for (const holder of holders) {
    for (const { name, arn, text } of await policiesOf(reading.reader, account, holder)) {
      statements.push(...reading.compile(text, 'identity', account, arn ?? inlineId(holder, name)));
    }
  }
  const layers = [layer('identity', account, statements, 'grant')];
  if (boundary === undefined) return layers;
  return [
    ...layers,
    layer('boundary', account, await managedStatements(reading, account, boundary, 'boundary'), 'limit'),
  ];
}

/** One that is not there (any more) has no statements. */
async function managedStatements(
  { reader, compile }: Reading,
  account: string,
  arn: string,
  kind: PolicyKind,
): Promise<readonly Statement[]> {
  const text = await managedText(reader, account, arn);
  return text === undefined ? [] : compile(text, kind, account, arn);
}

/** A session that was given policies may do what one of them allows, within everything else. */
async function sessionLayers(reading: Reading, { kind, account, session }: Caller): Promise<readonly Layer[]> {
  if (session === undefined || session.policies.length + session.policyArns.length === 0) return NOTHING;
  // The policies of root tasks deny what is not part of the task.
  const given: (readonly Statement[])[] = kind === 'root' ? [[everything(account)]] : [];
  given.push(...session.policies.map((text) => reading.compile(text, 'session', account, 'the session policy')));
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
