/** Grants: made, retired by whom they serve, revoked by whom the key belongs to. They count at once. */
import type {
  CreateGrantCommandInput,
  CreateGrantCommandOutput,
  RetireGrantCommandInput,
  RevokeGrantCommandInput,
} from '@aws-sdk/client-kms';
import type { Context } from '../../../context.ts';
import { type Allowed, operation } from '../../../operation.ts';
import { GRANT_ID } from '../../../policy/aws/grants.ts';
import { arnOf } from '../../../policy/names.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsKey } from './access.ts';
import { allowFound, readKeyName } from './address.ts';
import { documentIdOf, type GrantDocument, grants, type KmsKeyDocument } from './documents.ts';
import { bindGrant, type GrantDraft, grantKeys, readGrant, requireFit } from './grant-request.ts';
import { readGrantToken, writeGrantToken } from './grant-token.ts';
import { requireState } from './states.ts';
import { endDryRun, requireGrantTokens } from './use.ts';

const GRANT = /^[0-9a-f]{64}$/;

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html */
export const createKmsGrant = operation(
  'kms.CreateGrant',
  async (cx, input: Input<CreateGrantCommandInput>): Promise<Output<CreateGrantCommandOutput>> => {
    const ref = readKeyName(cx, input.KeyId);
    const asked = readGrant(input);
    requireGrantTokens(cx, input.GrantTokens);
    const key = await allowFound(cx, KmsKey.createGrant, { ref }, { ...grantKeys(asked), ...serviceContext(cx) });
    requireState(arnOf(key.ref), key.value.state, 'use');
    requireFit(key.value, asked);
    const draft = await bindGrant(cx, asked);
    const same = await findSame(cx, key, draft);
    const grant = same ?? { ...draft, ...newGrant(cx, key) };
    endDryRun(input.DryRun);
    if (!same) cx.putPart(key, grants, grant.id, grant);
    return { GrantId: grant.id, GrantToken: writeGrantToken(cx, { key: arnOf(key.ref), grant: grant.id }) };
  },
  { recorded: ({ KeyId, GranteePrincipal = null, Operations }) => ({ KeyId, GranteePrincipal, Operations }) },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html */
export const retireKmsGrant = operation(
  'kms.RetireGrant',
  async (cx, input: Input<RetireGrantCommandInput>): Promise<object> => {
    const { key: name, grant: id } = grantNamed(cx, input);
    const own = { [GRANT_ID]: id };
    const key = await allowFound(cx, KmsKey.retireGrant, { ref: readKeyName(cx, name) }, own);
    await removeGrant(cx, key, id, input.DryRun);
    return {};
  },
  { recorded: ({ KeyId = null, GrantId = null }) => ({ KeyId, GrantId }) },
);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_RevokeGrant.html */
export const revokeKmsGrant = operation(
  'kms.RevokeGrant',
  async (cx, input: Input<RevokeGrantCommandInput>): Promise<object> => {
    const ref = readKeyName(cx, input.KeyId);
    const key = await allowFound(cx, KmsKey.revokeGrant, { ref }, serviceContext(cx));
    await removeGrant(cx, key, input.GrantId, input.DryRun);
    return {};
  },
  { recorded: ({ KeyId, GrantId }) => ({ KeyId, GrantId }) },
);

/** Whether a service of AWS makes, lists or revokes grants for what it keeps. */
export function serviceContext({ identity: { caller, context } }: Context): { readonly [key: string]: string } {
  const forService = caller.kind === 'service' || context?.['kms:viaservice'] !== undefined;
  return { 'kms:grantisforawsresource': String(forService) };
}

type MayGrant = Allowed<KmsKeyDocument, 'kms-key.createGrant'>;

function newGrant(cx: Context, key: MayGrant): Omit<GrantDocument, keyof GrantDraft> {
  const id = `${cx.newId()}${cx.newId()}`.replaceAll('-', '');
  return { id, key: documentIdOf(key.ref), issuer: cx.identity.caller.account, createdAt: cx.now };
}

/** The grant that was made before under the name of the draft, when it is the same in everything. */
async function findSame(cx: Context, key: MayGrant, draft: GrantDraft): Promise<GrantDocument | undefined> {
  if (draft.name === undefined) return undefined;
  const query = { index: 'named', key: `${documentIdOf(key.ref)}/${draft.name}`, limit: 100 };
  const { items } = await cx.parts(key, grants, query);
  const wanted = comparable(draft);
  return items.find(({ value }) => comparable(value) === wanted)?.value;
}

function comparable({ grantee, retiring, operations, constraints }: GrantDraft): string {
  const pairs = (of: Readonly<Record<string, string>> | undefined) => of && Object.entries(of).toSorted();
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset, SourceArn: source } = constraints ?? {};
  return JSON.stringify([grantee, retiring, operations, pairs(equals), pairs(subset), source]);
}

/** A grant by its token, or by its key and id. */
function grantNamed(
  cx: Context,
  { GrantToken: token, KeyId: key, GrantId: grant }: Input<RetireGrantCommandInput>,
): { readonly key: string; readonly grant: string } {
  if (token !== undefined && key === undefined && grant === undefined) {
    const named = readGrantToken(cx, token);
    if (named) return named;
    throw awsFault('InvalidGrantTokenException', 'The grant token is not valid.');
  }
  if (token !== undefined || key === undefined || grant === undefined) {
    throw awsFault('ValidationException', 'Specify either a grant token, or a key ARN and a grant ID.');
  }
  return { key, grant };
}

async function removeGrant(
  cx: Context,
  key: Allowed<KmsKeyDocument, 'kms-key.retireGrant' | 'kms-key.revokeGrant'>,
  id: string,
  dryRun: boolean | undefined,
): Promise<void> {
  if (!GRANT.test(id)) throw awsFault('InvalidGrantIdException', `Invalid grant ID ${id}`);
  if (!(await cx.part(key, grants, id))) throw awsFault('NotFoundException', `Grant ID ${id} not found`);
  endDryRun(dryRun);
  cx.removePart(key, grants, id);
}
