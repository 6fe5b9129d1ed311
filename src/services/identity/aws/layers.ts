/**
 * What the policies of AWS identities say to a question: the caller's own, its groups', its boundary's and its
 * session's, and the trust policy when the resource is a role.
 */
import type { LayerSource, PolicyReader } from '../../../authorize.ts';
import { compilePolicy, type PolicyKind } from '../../../policy/aws/compile.ts';
import { parseJson } from '../../../policy/json.ts';
import type { Caller, Layer, LayerKind, Question, Statement } from '../../../policy/model.ts';
import { arnOf, nameWithoutPath, parsePrincipal } from '../../../policy/names.ts';
import { type Cache, createCache } from '../../../store/cache.ts';
import { keyOf, roleRef, roles, users } from './documents.ts';
import { groupsOfUser, type Holder, inlineId, managedText, policiesOf } from './policy-sources.ts';

/** Bytes accounted to compiled documents, and to the layers put together from them. */
const DOCUMENTS_BYTES = 32 * 1024 * 1024;
const LAYERS_BYTES = 16 * 1024 * 1024;
const STATEMENT_BYTES = 2048;
const ENTRY_BYTES = 256;

const NOTHING: readonly Layer[] = [];

/** Layers, and the epoch of the account under which they were read. */
interface Kept {
  readonly epoch: number;
  readonly layers: readonly Layer[];
}

/** Makes the source of a plane's identity layers, with caches of its own. */
export function createIdentitySource(): LayerSource {
  const compile = createCompiler();
  const kept: Cache<Kept> = createCache(LAYERS_BYTES);

  /** What is read under one epoch of an account stays right as long as the epoch stands. */
  async function remembered(
    reader: PolicyReader,
    account: string,
    key: string,
    read: () => Promise<readonly Layer[]>,
  ): Promise<readonly Layer[]> {
    if (reader.epoch === undefined || writesPolicies(reader, account)) return read();
    const epoch = await reader.epoch(account);
    const known = kept.get(key);
    if (known?.epoch === epoch) return known.layers;
    const layers = await read();
    const statements = layers.reduce((sum, layer) => sum + layer.statements.length, 0);
    kept.set(key, { epoch, layers }, ENTRY_BYTES + 2 * key.length + 64 * statements);
    return layers;
  }

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

/** Compiles policy documents; equal texts of one policy once. */
type Compile = (text: string, kind: PolicyKind, account: string, policy: string) => readonly Statement[];

function createCompiler(): Compile {
  const compiled: Cache<readonly Statement[]> = createCache(DOCUMENTS_BYTES);
  return (text, kind, account, policy) => {
    const key = `${kind} ${account} ${policy} ${text}`;
    let statements = compiled.get(key);
    if (statements === undefined) {
      const parsed = parseJson(text);
      statements = 'message' in parsed ? [] : compilePolicy(parsed.value, { kind, account, policy }).statements;
      compiled.set(key, statements, ENTRY_BYTES + 2 * key.length + STATEMENT_BYTES * statements.length);
    }
    return statements;
  };
}

interface Reading {
  readonly reader: PolicyReader;
  readonly compile: Compile;
}

function hasPolicies({ kind }: Caller): boolean {
  return kind === 'user' || kind === 'role-session' || kind === 'federated-session';
}

/** Whether a unit holds policies that are not committed: what it reads then is nobody else's to use. */
function writesPolicies(reader: PolicyReader, account: string): boolean {
  if (!('writes' in reader) || typeof reader.writes !== 'function') return false;
  const writes: readonly { collection: { decides: boolean }; account: string }[] = reader.writes();
  return writes.some((write) => write.account === account && write.collection.decides);
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
