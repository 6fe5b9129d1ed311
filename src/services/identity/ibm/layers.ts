/**
 * What members may do about identities without a policy: make API keys of their own and service IDs, unless the
 * account's settings restrict it.
 * https://cloud.ibm.com/docs/account?topic=account-restrict-service-id-create
 */
import type { LayerSource, PolicyReader } from '../../../authorize.ts';
import type { Layer, Question } from '../../../policy/model.ts';
import { identitySettings, SETTINGS_ID } from './access.ts';

const CREATE_SERVICE_ID = 'iam-identity.serviceid.create';
const CREATE_OWN_KEY = 'iam-identity.user-apikey.create';

const NONE: readonly Layer[] = [];

export const memberLayers: LayerSource = async (reader, question) => {
  const { caller, resource } = question;
  const { service, account } = resource.ref;
  if (service !== 'iam-identity' || caller.kind !== 'user' || caller.account !== account) return NONE;
  if (await mayCreate(reader, question)) {
    return [
      layer(question, 'account settings', 'every member may do this: the settings of the account do not restrict it'),
    ];
  }
  return NONE;
};

async function mayCreate(reader: PolicyReader, { action, caller, resource }: Question): Promise<boolean> {
  const own = action === CREATE_OWN_KEY && resource.attributes['iamId'] === caller.id;
  if (!own && action !== CREATE_SERVICE_ID) return false;
  const { account } = resource.ref;
  const settings = (await reader.get(identitySettings, account, SETTINGS_ID))?.value;
  return (own ? settings?.restrictCreateApiKey : settings?.restrictCreateServiceId) !== 'RESTRICTED';
}

function layer({ caller, action, resource }: Question, policy: string, text: string): Layer {
  const { account } = resource.ref;
  return {
    kind: 'self',
    account,
    may: 'grant',
    statements: [
      {
        effect: 'allow',
        principals: { kind: 'exact', id: caller.id },
        actions: { kind: 'exact', names: new Set([action.toLowerCase()]) },
        resources: { kind: 'any' },
        conditions: [],
        origin: { account, policy, statement: '0', text },
      },
    ],
  };
}
