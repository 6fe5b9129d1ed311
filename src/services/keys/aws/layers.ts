/** What a KMS key's own policy and the grants on it say to a question about the key. */
import type { LayerSource, PolicyReader } from '../../../authorize.ts';
import { grantStatements, type KeyGrant } from '../../../policy/aws/grants.ts';
import type { Layer, Statement } from '../../../policy/model.ts';
import { arnOf, type ResourceRef } from '../../../policy/names.ts';
import type { Document } from '../../../store/store.ts';
import { type Compile, createCompiler, createLayerMemory } from '../../identity/aws/compiling.ts';
import { documentIdOf, type GrantDocument, grants, KMS, keyPolicies, POLICY_NAME } from './documents.ts';

const NOTHING: readonly Layer[] = [];
const PAGE = 1000;

/** Makes the source of the layers of a plane's KMS keys, with caches of its own. */
export function createKeySource(): LayerSource {
  const compile = createCompiler();
  const remembered = createLayerMemory();
  return async (reader, { resource: { ref, name } }) => {
    if (ref.service !== KMS || ref.cloud !== 'aws' || ref.type !== 'key') return NOTHING;
    return remembered(reader, ref.account, name, () => keyLayers(reader, compile, ref));
  };
}

async function keyLayers(reader: PolicyReader, compile: Compile, ref: ResourceRef): Promise<readonly Layer[]> {
  const { account } = ref;
  const policy = await reader.get(keyPolicies, account, `${documentIdOf(ref)}/${POLICY_NAME}`);
  const statements = policy
    ? compile(policy.value.text, 'resource', account, `key policy of ${arnOf(ref)}`)
    : whereThereIsNoKey(account);
  const layers: Layer[] = [{ kind: 'resource', account, statements, may: 'both' }];
  const granted = await grantsOn(reader, ref);
  if (granted.length > 0) layers.push({ kind: 'grant', account, statements: granted, may: 'grant' });
  return layers;
}

/**
 * What is not there has no policy. Those whom the account's own policies would let use it may learn that it is not
 * there; nobody else.
 */
function whereThereIsNoKey(account: string): readonly Statement[] {
  return [
    {
      effect: 'allow',
      principals: { kind: 'account', account },
      actions: { kind: 'wildcard', patterns: ['*'] },
      resources: { kind: 'attached' },
      conditions: [],
      origin: {
        account,
        policy: 'the rule for keys that are not there',
        statement: '0',
        text: 'there is no such key: its account may be told so',
      },
    },
  ];
}

async function grantsOn(reader: PolicyReader, ref: ResourceRef): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  let after: string | undefined;
  do {
    const query = { index: 'key', key: documentIdOf(ref), limit: PAGE, ...(after === undefined ? {} : { after }) };
    const page = await reader.list(grants, ref.account, query);
    statements.push(...grantStatements(page.items.map(grantOf), ref.account));
    after = page.next;
  } while (after !== undefined);
  return statements;
}

function grantOf({ value }: Document<GrantDocument>): KeyGrant {
  const { id, grantee, retiring, operations, constraints } = value;
  return {
    id,
    grantee: grantee.id ?? grantee.name,
    operations,
    ...(retiring ? { retiring: retiring.id ?? retiring.name } : {}),
    ...(constraints ? { constraints } : {}),
  };
}
