/**
 * What the policies of an account say to a question. A question looks under the few keys where a policy that matches it
 * can be filed; what was compiled is kept for as long as the account's policy epoch stands.
 */
import type { LayerSource, PolicyReader } from '../../authorize.ts';
import { bucketsFor } from '../../policy/ibm/buckets.ts';
import { type CustomRole, type CustomRoles, compile } from '../../policy/ibm/compile.ts';
import type { Caller, Layer, LayerKind, Question, Statement } from '../../policy/model.ts';
import { type Cache, createCache } from '../../store/cache.ts';
import { customRoleCrn, customRoles, familyOf, isCustomRole, policies } from './documents.ts';

/** Bytes accounted to compiled policies, and to the layers put together from them. */
const STATEMENTS_BYTES = 48 * 1024 * 1024;
const LAYERS_BYTES = 12 * 1024 * 1024;
const FAMILIES_BYTES = 4 * 1024 * 1024;
const STATEMENT_BYTES = 2048;
const PLACE_BYTES = 64;
const ENTRY_BYTES = 256;
const PAGE = 1000;

export interface PolicySourceOptions {
  /** Told of each policy that cannot be compiled: it allows nothing. */
  readonly skipped: (message: string) => void;
}

/** Compiled under one epoch of the account's policies; worth nothing under another. */
interface Kept<V> {
  readonly epoch: number;
  readonly value: V;
}

interface Caches {
  readonly statements: Cache<Kept<readonly Statement[]>>;
  /** Whether any policy of a family names one resource. */
  readonly families: Cache<Kept<boolean>>;
  readonly layers: Cache<Kept<readonly Layer[]>>;
}

/** Makes the source of a plane's access and authorization layers, with caches of its own. */
export function createPolicySource({ skipped }: PolicySourceOptions): LayerSource {
  const caches: Caches = {
    statements: createCache(STATEMENTS_BYTES),
    families: createCache(FAMILIES_BYTES),
    layers: createCache(LAYERS_BYTES),
  };
  return async (reader, question) => {
    const { cloud, account } = question.resource.ref;
    const kind = cloud === 'ibm' ? layerKind(question.caller, account) : undefined;
    if (kind === undefined) return NOTHING;
    const read = { reader, account, skipped };
    if (reader.epoch === undefined || hasPending(reader, account)) {
      return layersOf(kind, account, await statementsFor(read, bucketsFor(question)));
    }
    const epoch = await reader.epoch(account);
    const signature = signatureOf(kind, question);
    const known = caches.layers.get(signature);
    if (known?.epoch === epoch) return known.value;
    const statements = await statementsFor(read, bucketsFor(question), { ...caches, epoch });
    const value = layersOf(kind, account, statements);
    caches.layers.set(
      signature,
      { epoch, value },
      ENTRY_BYTES + 2 * signature.length + PLACE_BYTES * statements.length,
    );
    return value;
  };
}

const NOTHING: readonly Layer[] = [];

/** Services are given authorizations, identities access in the account in which they act. */
function layerKind(caller: Caller, account: string): LayerKind | undefined {
  if (caller.kind === 'service') return 'authorization';
  return caller.account === account ? 'access' : undefined;
}

function layersOf(kind: LayerKind, account: string, statements: readonly Statement[]): readonly Layer[] {
  return statements.length === 0 ? NOTHING : [{ kind, account, statements, may: 'grant' }];
}

/** Whether a unit holds writes of policies that are not committed: what it reads then is nobody else's to use. */
function hasPending(reader: PolicyReader, account: string): boolean {
  if (!('writes' in reader) || typeof reader.writes !== 'function') return false;
  const writes: readonly { collection: { name: string }; account: string }[] = reader.writes();
  return writes.some(
    (write) =>
      write.account === account &&
      (write.collection.name === policies.name || write.collection.name === customRoles.name),
  );
}

/** Everything of a question that `bucketsFor` looks at, in one text. */
function signatureOf(kind: LayerKind, { caller, resource }: Question): string {
  const target = resource.attributes;
  const who =
    caller.kind === 'service'
      ? textOf(caller.attributes ?? {})
      : `${caller.id}\n${caller.role ?? ''}\n${caller.groups?.join(' ') ?? ''}`;
  const what =
    kind === 'authorization' ? textOf(target) : `${target['serviceName'] ?? ''}\n${target['serviceInstance'] ?? ''}`;
  return `${kind} ${resource.ref.account}\n${who}\n${what}`;
}

/** Lengths keep values apart whatever they hold. */
function textOf(attributes: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in attributes) text += `${name} ${attributes[name]!.length} ${attributes[name]}\n`;
  return text;
}

interface Reading {
  readonly reader: PolicyReader;
  readonly account: string;
  readonly skipped: (message: string) => void;
}

/** Caches, and the epoch for which they are asked. */
type CachesAt = Caches & { readonly epoch: number };

async function statementsFor(
  reading: Reading,
  buckets: readonly string[],
  kept?: CachesAt,
): Promise<readonly Statement[]> {
  const found: (readonly Statement[])[] = [];
  for (const bucket of buckets) {
    const family = familyOf(bucket);
    if (family !== undefined && !(await isNamed(reading, family, kept))) continue;
    const bytes = (statements: readonly Statement[]) => STATEMENT_BYTES * statements.length;
    const statements = await remembered(
      kept?.statements,
      kept?.epoch,
      `${reading.account} ${bucket}`,
      () => compileBucket(reading, bucket),
      bytes,
    );
    if (statements.length > 0) found.push(statements);
  }
  // One array stays the same object: the engine knows what it has indexed by the array it stands in.
  return found.length === 1 ? found[0]! : found.flat();
}

function isNamed({ reader, account }: Reading, family: string, kept: CachesAt | undefined): Promise<boolean> {
  const look = async () =>
    (await reader.list(policies, account, { index: 'family', key: family, limit: 1 })).items.length > 0;
  return remembered(kept?.families, kept?.epoch, `${account} ${family}`, look, () => 0);
}

/** What was found under this epoch, or is found now. */
async function remembered<V>(
  cache: Cache<Kept<V>> | undefined,
  epoch: number | undefined,
  key: string,
  find: () => Promise<V>,
  bytes: (value: V) => number,
): Promise<V> {
  const known = cache?.get(key);
  if (known !== undefined && known.epoch === epoch) return known.value;
  const value = await find();
  if (epoch !== undefined) cache?.set(key, { epoch, value }, ENTRY_BYTES + 2 * key.length + bytes(value));
  return value;
}

async function compileBucket({ reader, account, skipped }: Reading, bucket: string): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  let roles: CustomRoles | undefined;
  let after: string | undefined;
  do {
    const query = { index: 'match', key: bucket, limit: PAGE, ...(after === undefined ? {} : { after }) };
    const page = await reader.list(policies, account, query);
    for (const { id, value } of page.items) {
      if (value.policy.roles.some(isCustomRole)) roles ??= await customRolesOf(reader, account);
      const compiled = compile(value.policy, id, roles);
      if (compiled.skipped !== undefined) skipped(compiled.skipped);
      statements.push(...compiled.statements);
    }
    after = page.next;
  } while (after !== undefined);
  return statements;
}

/** The roles that an account has made for itself. */
export async function customRolesOf(reader: PolicyReader, account: string): Promise<CustomRoles> {
  const found = new Map<string, CustomRole>();
  for (const { value } of (await reader.list(customRoles, account, { limit: PAGE })).items) {
    const crn = customRoleCrn(account, value.name);
    found.set(crn, { crn, display_name: value.displayName, actions: value.actions });
  }
  return found;
}
