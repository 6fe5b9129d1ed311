/** Managed policies: found by ARN, attached to users, groups and roles, or set as their boundary. */
import type { AttachedPolicy } from '@aws-sdk/client-iam';
import type { Context as AskContext } from '../../../../authorize.ts';
import type { Context } from '../../../../context.ts';
import type { Fault } from '../../../../faults.ts';
import { arnOf, awsRef, nameWithoutPath, PARTITION, parseArn, pathOfName } from '../../../../policy/names.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Policy } from '../access.ts';
import { IAM, type PolicyHolder } from '../documents.ts';
import { isAwsManaged, managedPolicy } from '../managed-policies/managed-policies.ts';
import { type EntriesAfter, namedEntries } from './listing.ts';
import { type Quota, requireRoom } from './quotas.ts';

interface Bounded {
  /** ARN of the permissions boundary. */
  readonly boundary?: string;
}

/** What policies may test of a change to a user or role: the boundary that it has. */
export function boundaryContext(entity: Readonly<Bounded> | undefined): AskContext {
  return entity?.boundary === undefined ? {} : { 'iam:permissionsboundary': entity.boundary };
}

/** The same, of attaching and detaching a policy. */
export const attachContext =
  (arn: string) =>
  (entity: Readonly<Bounded> | undefined): AskContext => ({ 'iam:policyarn': arn, ...boundaryContext(entity) });

/** Throws `ValidationError` for what is no ARN, `InvalidInput` for that of something else than a policy. */
export function requirePolicyArn(arn: string): void {
  const parsed = parseArn(arn);
  if (parsed === undefined) throw awsFault('ValidationError', `ARN ${arn} is not valid.`);
  if (parsed.service === IAM && parsed.resource.startsWith('policy/')) return;
  throw awsFault('InvalidInput', `ARN ${arn} is not valid: it is not that of a managed policy`);
}

/** The ARN of a managed policy of the account or of AWS, as that policy has it; undefined when there is none. */
async function existingArn(cx: Context, arn: string): Promise<string | undefined> {
  requirePolicyArn(arn);
  if (isAwsManaged(arn)) return (await managedPolicy(arn))?.arn;
  const { account } = cx.identity.caller;
  const ref = awsRef(arn, account);
  if (ref.account !== account || !arn.startsWith(`arn:${PARTITION}:`)) return undefined;
  const found = await cx.locateAt(Policy.type, ref);
  return found && arnOf(found.ref);
}

/** ARN of a policy that can be attached. Throws `NoSuchEntity`. */
export async function attachableArn(cx: Context, arn: string): Promise<string> {
  const found = await existingArn(cx, arn);
  if (found === undefined) throw awsFault('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
  return found;
}

/** ARN of a policy that can be a permissions boundary. Throws `NoSuchEntity`. */
export async function boundaryArn(cx: Context, arn: string): Promise<string> {
  const found = await existingArn(cx, arn);
  if (found === undefined) {
    throw awsFault('NoSuchEntity', `Scope ARN: ${arn} does not exist or is not attachable.`);
  }
  return found;
}

/** What is attached once this policy is too. Attaching again changes nothing. Throws `LimitExceeded`. */
export function withAttached({ attached }: PolicyHolder, arn: string, quota: Quota): readonly string[] {
  if (attached.includes(arn)) return attached;
  requireRoom(quota, attached.length);
  return [...attached, arn];
}

/** What is attached without this policy. Throws `NoSuchEntity` when it is not. */
export function withoutAttached({ attached }: PolicyHolder, arn: string): readonly string[] {
  requirePolicyArn(arn);
  if (!attached.includes(arn)) throw noSuchPolicy(arn);
  return attached.filter((other) => other !== arn);
}

export function noSuchPolicy(arn: string): Fault {
  return awsFault('NoSuchEntity', `Policy ${arn} was not found.`);
}

/** The attached policies under a path, by ARN. */
export function attachedEntries({ attached }: PolicyHolder, pathPrefix = '/'): EntriesAfter<AttachedPolicy> {
  const entries: (readonly [string, AttachedPolicy])[] = [];
  for (const PolicyArn of attached) {
    const { id } = awsRef(PolicyArn, '');
    if (!pathOfName(id).startsWith(pathPrefix)) continue;
    entries.push([PolicyArn, { PolicyName: nameWithoutPath(id), PolicyArn }]);
  }
  return namedEntries(entries);
}
