/** What the owner of an IBM Cloud account may do: everything in it, with a token for that account. */
import type { LayerSource } from '../../authorize.ts';
import type { Layer } from '../../policy/model.ts';
import { type AccountDocument, accounts } from './access.ts';

const NONE: readonly Layer[] = [];

/** By the stored account, so that what the engine compiles for the owner is compiled once. */
const byAccount = new WeakMap<Readonly<AccountDocument>, readonly Layer[]>();

/** https://cloud.ibm.com/docs/account?topic=account-userroles */
export const ownerLayer: LayerSource = async (reader, { caller, resource }) => {
  const { account } = resource.ref;
  if (caller.kind !== 'user' || caller.account !== account) return NONE;
  const value = (await reader.get(accounts, account, account))?.value;
  if (value?.owner !== caller.id) return NONE;
  let layers = byAccount.get(value);
  if (!layers) {
    layers = [layerOf(account, caller.id)];
    byAccount.set(value, layers);
  }
  return layers;
};

function layerOf(account: string, owner: string): Layer {
  return {
    kind: 'owner',
    account,
    may: 'grant',
    statements: [
      {
        effect: 'allow',
        principals: { kind: 'exact', id: owner },
        actions: { kind: 'wildcard', patterns: ['*'] },
        resources: { kind: 'any' },
        conditions: [],
        origin: {
          account,
          policy: 'account owner',
          statement: '0',
          text: 'the owner of an account may do everything in it',
        },
      },
    ],
  };
}
