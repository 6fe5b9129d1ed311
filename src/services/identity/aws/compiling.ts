/** What AWS policies compile to, kept for as long as it is worth keeping. */
import type { PolicyReader } from '../../../authorize.ts';
import { compilePolicy, type PolicyKind } from '../../../policy/aws/compile.ts';
import { parseJson } from '../../../policy/json.ts';
import type { Layer, Statement } from '../../../policy/model.ts';
import { type Cache, createCache } from '../../../store/cache.ts';

/** Bytes accounted to compiled documents, and to the layers put together from them. */
const DOCUMENTS_BYTES = 32 * 1024 * 1024;
const LAYERS_BYTES = 16 * 1024 * 1024;
const STATEMENT_BYTES = 2048;
const ENTRY_BYTES = 256;

/** Compiles policy documents; equal texts of one policy once. */
export type Compile = (text: string, kind: PolicyKind, account: string, policy: string) => readonly Statement[];

export function createCompiler(): Compile {
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

/** Layers, and the epoch of the account under which they were read. */
interface Kept {
  readonly epoch: number;
  readonly layers: readonly Layer[];
}

/** Reads layers of an account, or gives those that were read under `key` since the account's policies last changed. */
export type Remembered = (
  reader: PolicyReader,
  account: string,
  key: string,
  read: () => Promise<readonly Layer[]>,
) => Promise<readonly Layer[]>;

/** What is read under one epoch of an account stays right as long as the epoch stands. */
export function createLayerMemory(): Remembered {
  const kept: Cache<Kept> = createCache(LAYERS_BYTES);
  return async (reader, account, key, read) => {
    if (reader.epoch === undefined || writesPolicies(reader, account)) return read();
    const epoch = await reader.epoch(account);
    const known = kept.get(key);
    if (known?.epoch === epoch) return known.layers;
    const layers = await read();
    const statements = layers.reduce((sum, layer) => sum + layer.statements.length, 0);
    kept.set(key, { epoch, layers }, ENTRY_BYTES + 2 * key.length + 64 * statements);
    return layers;
  };
}

/** Whether a unit holds policies that are not committed: what it reads then is nobody else's to use. */
function writesPolicies(reader: PolicyReader, account: string): boolean {
  if (!('writes' in reader) || typeof reader.writes !== 'function') return false;
  const writes: readonly { collection: { decides: boolean }; account: string }[] = reader.writes();
  return writes.some((write) => write.account === account && write.collection.decides);
}
