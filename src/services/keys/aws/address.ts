/**
 * By which names callers mean a key: its id, its ARN, an alias, the ARN of an alias. Keys of other accounts have no name
 * but an ARN. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
 */
import type { Action } from '../../../access.ts';
import type { Context as AskContext } from '../../../authorize.ts';
import type { Context } from '../../../context.ts';
import type { Fault } from '../../../faults.ts';
import type { Allowed } from '../../../operation.ts';
import { arnOf, awsRef, cloudOf, PARTITION, parseArn, type ResourceRef } from '../../../policy/names.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { KmsAlias, KmsKey } from './access.ts';
import { aliasRef, KMS, type KmsKeyDocument, keyRef } from './documents.ts';

const KEY_ID = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;
const ALIAS = /^alias\/./;

/** The key or alias that a name means. Throws `NotFoundException` and `InvalidArnException` for what names neither. */
function readName(cx: Context, name: string): ResourceRef {
  const { account } = cx.identity.caller;
  if (KEY_ID.test(name)) return keyRef(account, cx.region, name);
  if (ALIAS.test(name)) return aliasRef(account, cx.region, name);
  const arn = parseArn(name);
  if (arn === undefined) throw awsFault('NotFoundException', `Invalid keyId '${name}'`);
  const ref = awsRef(name, '');
  if (arn.partition !== PARTITION || ref.service !== KMS || cloudOf(ref.account) !== 'aws') throw invalidArn(name);
  // https://github.com/nakedible/openssl-engine-kms/issues/1: a key in another Region than the one that is asked.
  if (ref.location !== cx.region) throw awsFault('NotFoundException', `Invalid arn ${ref.location}`);
  if (ref.type === 'alias' ? ref.id === '' : ref.type !== 'key' || !KEY_ID.test(ref.id)) throw invalidArn(name);
  return ref;
}

const invalidArn = (name: string): Fault => awsFault('InvalidArnException', `Invalid arn ${name}`);

/** A key that was named, and the context keys of questions about it that come of the name. */
export interface NamedKey {
  readonly ref: ResourceRef;
  readonly own?: AskContext;
}

/** The key that a name means; whether there is one is for who may ask. */
export async function findKey(cx: Context, name: string): Promise<NamedKey> {
  const ref = readName(cx, name);
  if (ref.type === 'key') return { ref };
  const alias = `alias/${ref.id}`;
  return { ref: await keyOfAlias(cx, ref, alias), own: { 'kms:requestalias': alias } };
}

/**
 * Asks for the key of a name; `own`: context keys of this question besides those that every question about a key has.
 * Throws `NotFoundException`, `InvalidArnException` and `denied`.
 */
export async function allowKey<N extends string>(
  cx: Context,
  action: Action<KmsKeyDocument, N>,
  name: string,
  own?: AskContext,
): Promise<Allowed<KmsKeyDocument, N>> {
  return allowFound(cx, action, await findKey(cx, name), own);
}

/** The same for a key that has been found. */
export function allowFound<N extends string>(
  cx: Context,
  action: Action<KmsKeyDocument, N>,
  key: NamedKey,
  own?: AskContext,
): Promise<Allowed<KmsKeyDocument, N>> {
  return cx.allow(action, key.ref, { ...own, ...key.own, ...callerContext(cx) });
}

/** What every question to KMS has. */
export function callerContext(cx: Context): AskContext {
  return { 'kms:calleraccount': cx.identity.caller.account };
}

/**
 * Asks for a key that must go by its id or ARN and be of the caller's account: the operation knows no other.
 * A key of another account is refused in the words in which one that is not there is.
 */
export async function allowOwnKey<N extends string>(
  cx: Context,
  action: Action<KmsKeyDocument, N>,
  name: string,
  own?: AskContext,
): Promise<Allowed<KmsKeyDocument, N>> {
  const ref = readKeyName(cx, name);
  const key = await allowFound(cx, action, { ref }, own);
  if (ref.account !== cx.identity.caller.account) throw notAcross(cx, action.aws ?? action.name);
  return key;
}

/** A name that must be a key's id or ARN. */
export function readKeyName(cx: Context, name: string): ResourceRef {
  const ref = readName(cx, name);
  if (ref.type === 'key') return ref;
  throw parseArn(name) ? invalidArn(name) : awsFault('NotFoundException', `Invalid keyId '${name}'`);
}

function notAcross(cx: Context, words: string): Fault {
  return awsFault(
    'AccessDenied',
    `User: ${cx.identity.caller.id} is not authorized to perform: ${words} on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
  );
}

async function keyOfAlias(cx: Context, ref: ResourceRef, alias: string): Promise<ResourceRef> {
  const { account, location } = ref;
  const [found] = await cx.locate(KmsKey.type, 'alias', `${account}/${location}/${alias}`, 1);
  if (found) return found.ref;
  if (account === cx.identity.caller.account) throw KmsAlias.type.absent!(ref);
  // A key that there cannot be is asked for: of other accounts' aliases, absent and forbidden must look the same.
  return keyRef(account, location, uuidOf(cx.seals.mac('kms: no alias', arnOf(ref))));
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
