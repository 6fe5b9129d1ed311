/** Grants, listed by their key or by who may retire them. */
import type {
  GrantListEntry,
  ListGrantsCommandInput,
  ListGrantsCommandOutput,
  ListRetirableGrantsCommandInput,
  ListRetirableGrantsCommandOutput,
} from '@aws-sdk/client-kms';
import { operation } from '../../../operation.ts';
import { arnOf, parsePrincipal } from '../../../policy/names.ts';
import type { Document } from '../../../store/store.ts';
import type { Input, Output } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { rootRef } from '../../identity/aws/documents.ts';
import { KmsAccount, KmsKey } from './access.ts';
import { allowFound, readKeyName } from './address.ts';
import { allKeysRef, documentIdOf, type GrantDocument, grants, keyOfDocument } from './documents.ts';
import { serviceContext } from './grants.ts';
import { pageOf, readPaging, showEnd } from './listing.ts';
import { recordKey } from './use.ts';

const GRANTS = { size: 50, most: 100 };

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html */
export const listKmsGrants = operation(
  'kms.ListGrants',
  async (cx, input: Input<ListGrantsCommandInput>): Promise<Output<ListGrantsCommandOutput>> => {
    const ref = readKeyName(cx, input.KeyId);
    const key = await allowFound(cx, KmsKey.listGrants, { ref }, serviceContext(cx));
    const { GrantId: id, GranteePrincipal: arn, GranteeServicePrincipal: service } = input;
    const list = `kms.ListGrants ${JSON.stringify([arnOf(key.ref), id, arn, service])}`;
    const page = readPaging(cx, list, input, GRANTS);
    const grantee = arn ?? service;
    const wanted = ({ value }: Document<GrantDocument>) =>
      (id === undefined || value.id === id) && (grantee === undefined || value.grantee.name === grantee);
    const found: Document<GrantDocument>[] = [];
    let { after } = page as { readonly after?: string };
    for (;;) {
      const query = { index: 'key', key: documentIdOf(key.ref), limit: page.limit, ...(after ? { after } : {}) };
      const { items, next } = await cx.parts(key, grants, query);
      found.push(...items.filter(wanted));
      after = next;
      if (next === undefined || found.length > page.limit) break;
    }
    const shown = found.slice(0, page.limit);
    const more = found.length > page.limit ? shown.at(-1)!.id : after;
    return { Grants: shown.map(showGrant), ...showEnd(cx, list, more) };
  },
  { recorded: recordKey },
);

/** Grants that one principal may retire, on keys of whatever account. */
const MOST_RETIRABLE = 10_000;

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html */
export const listRetirableKmsGrants = operation(
  'kms.ListRetirableGrants',
  async (cx, input: Input<ListRetirableGrantsCommandInput>): Promise<Output<ListRetirableGrantsCommandOutput>> => {
    const { account: own } = cx.identity.caller;
    const account = await cx.allow(KmsAccount.listRetirableGrants, allKeysRef(own, cx.region));
    const who = input.RetiringPrincipal ?? '';
    if (parsePrincipal(who)?.account !== own) {
      throw awsFault('InvalidArnException', `ARN does not refer to a valid principal of this account: ${who}`);
    }
    const list = `kms.ListRetirableGrants ${who}`;
    const page = readPaging(cx, list, input, GRANTS);
    const all = await cx.partsAcross(account, grants, { index: 'retiring', key: who, most: MOST_RETIRABLE });
    const here = all.filter(({ account: of, value }) => keyOfDocument(of, value.key).location === cx.region);
    const { items, next } = pageOf(here, (grant) => `${grant.account}/${grant.id}`, page);
    return { Grants: items.map(showGrant), ...showEnd(cx, list, next) };
  },
);

function showGrant({ account, value }: Document<GrantDocument>): GrantListEntry {
  const { grantee, retiring, constraints } = value;
  return {
    KeyId: arnOf(keyOfDocument(account, value.key)),
    GrantId: value.id,
    Name: value.name ?? '',
    CreationDate: new Date(value.createdAt),
    ...(parsePrincipal(grantee.name)
      ? { GranteePrincipal: grantee.name }
      : { GranteeServicePrincipal: grantee.name, GranteePrincipal: grantee.name }),
    ...(retiring === undefined
      ? {}
      : { [parsePrincipal(retiring.name) ? 'RetiringPrincipal' : 'RetiringServicePrincipal']: retiring.name }),
    IssuingAccount: arnOf(rootRef(value.issuer)),
    Operations: [...value.operations],
    ...(constraints ? { Constraints: constraints } : {}),
  };
}
