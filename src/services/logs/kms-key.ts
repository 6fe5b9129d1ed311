/** Which KMS key new events of a group are encrypted under; events that are there keep theirs. */
import type {
  AssociateKmsKeyCommandInput,
  AssociateKmsKeyCommandOutput,
  DisassociateKmsKeyCommandInput,
  DisassociateKmsKeyCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Context } from '../../context.ts';
import { operation } from '../../operation.ts';
import type { ResourceRef } from '../../policy/names.ts';
import type { Input, Output } from '../../wire/aws/face.ts';
import { LogGroup } from './access.ts';
import { namedStream } from './address.ts';
import { requireKmsKey } from './encryption.ts';

interface Target {
  readonly logGroupName?: string | undefined;
  readonly resourceIdentifier?: string | undefined;
}

/** Results of queries, which a `resourceIdentifier` can mean too, are not kept here. */
function targetOf(cx: Context, { logGroupName, resourceIdentifier }: Target): ResourceRef {
  return namedStream(cx, { logGroupName, logGroupIdentifier: resourceIdentifier });
}

export const associateKmsKey = operation(
  'logs.AssociateKmsKey',
  async (cx, input: Input<AssociateKmsKeyCommandInput>): Promise<Output<AssociateKmsKeyCommandOutput>> => {
    const group = await cx.allow(LogGroup.associateKmsKey, targetOf(cx, input));
    await requireKmsKey(cx, group, input.kmsKeyId);
    cx.update(group, { ...group.value, kmsKey: input.kmsKeyId });
    return {};
  },
  { recorded: ({ kmsKeyId }) => ({ kmsKeyId }) },
);

export const disassociateKmsKey = operation(
  'logs.DisassociateKmsKey',
  async (cx, input: Input<DisassociateKmsKeyCommandInput>): Promise<Output<DisassociateKmsKeyCommandOutput>> => {
    const group = await cx.allow(LogGroup.disassociateKmsKey, targetOf(cx, input));
    const { kmsKey: _kmsKey, ...rest } = group.value;
    cx.update(group, rest);
    return {};
  },
);
