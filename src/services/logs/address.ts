/** By which names callers mean a log group: its name, or its ARN with or without `:*`. */
import type { Context } from '../../context.ts';
import { awsRef, logGroupIn, PARTITION, parseArn, type ResourceRef } from '../../policy/names.ts';
import { awsFault } from '../../wire/aws/fault.ts';
import { groupRef, LOGS, streamRef } from './documents.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
const GROUP_NAME = /^[\w./#-]{1,512}$/;

export interface Named {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** A group of the caller's account in the Region of the call; its stream, or what is asked about the group itself. */
export function ownStream(cx: Context, group: string, stream?: string): ResourceRef {
  return streamRef(cx.identity.caller.account, cx.region, group, stream);
}

/** The same where the group may be named in two ways. */
export function namedStream(cx: Context, { logGroupName: name, logGroupIdentifier: named }: Named, stream?: string) {
  if ((name === undefined) === (named === undefined)) {
    throw awsFault('InvalidParameterException', 'Specify either logGroupName or logGroupIdentifier, and not both.');
  }
  if (name !== undefined) return ownStream(cx, name, stream);
  if (parseArn(named!) === undefined && GROUP_NAME.test(named!)) return ownStream(cx, named!, stream);
  const { account, location, id } = groupAt(cx, named!);
  return streamRef(account, location, id, stream);
}

/** The group of an ARN. Throws `InvalidParameterException` for what is no log group in the Region of the call. */
export function groupAt(cx: Context, arn: string): ResourceRef {
  const ref = awsRef(arn, '');
  const group = logGroupIn(ref.id);
  const isWhole = ref.id === group || ref.id === `${group}:*`;
  const isGroup = ref.service === LOGS && ref.type === 'log-group' && isWhole && /^[0-9]{12}$/.test(ref.account);
  if (!isGroup || !GROUP_NAME.test(group) || parseArn(arn)?.partition !== PARTITION || ref.location !== cx.region) {
    throw awsFault('InvalidParameterException', `Invalid ARN of a log group in ${cx.region}: '${arn}'`);
  }
  return groupRef(ref.account, ref.location, group);
}
