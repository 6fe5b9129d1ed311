/** AssumeRole: a user or a session becomes a role, of its own account or of another. */
import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { operation } from '../../../../operation.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Role } from '../access.ts';
import { refuseMfa } from './credentials.ts';
import { roleAt } from './role-address.ts';
import { allowSession, giveSession, type Wanted } from './role-session.ts';
import { readSessionTags } from './session-tags.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRole = operation(
  'sts.AssumeRole',
  async (cx, input: Input<AssumeRoleCommandInput>): Promise<Output<AssumeRoleCommandOutput>> => {
    const { caller, session } = cx.identity;
    const ref = roleAt(input.RoleArn, `${input.RoleArn} is invalid`);
    refuseMfa(input);
    refuseContexts(input);
    const wanted: Wanted = {
      sessionName: input.RoleSessionName,
      tags: readSessionTags(input.Tags, input.TransitiveTagKeys, session?.transitiveTags),
      sourceIdentity: keptIdentity(session?.sourceIdentity, input.SourceIdentity),
      own: input.ExternalId === undefined ? {} : { 'sts:externalid': input.ExternalId },
    };
    const role = await allowSession(cx, Role.assumeRole, ref, wanted);
    return giveSession(cx, role, wanted, { ...input, chained: caller.kind === 'role-session' });
  },
  {
    recorded: ({ RoleArn, RoleSessionName, DurationSeconds, PolicyArns, SourceIdentity, TransitiveTagKeys }) => ({
      RoleArn,
      RoleSessionName,
      ...(DurationSeconds === undefined ? {} : { DurationSeconds }),
      ...(PolicyArns === undefined ? {} : { PolicyArns: PolicyArns.map(({ arn }) => arn ?? '') }),
      ...(SourceIdentity === undefined ? {} : { SourceIdentity }),
      ...(TransitiveTagKeys === undefined ? {} : { TransitiveTagKeys }),
    }),
  },
);

/**
 * A source identity stays the same through a chain of sessions.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
function keptIdentity(inherited: string | undefined, wanted: string | undefined): string | undefined {
  if (inherited === undefined || wanted === undefined || wanted === inherited) return inherited ?? wanted;
  throw awsFault(
    'ValidationError',
    'The source identity of the calling session cannot be changed: leave SourceIdentity out, or give the same one.',
  );
}

/** Assertions of IAM Identity Center, which no account of the plane has. */
function refuseContexts({ ProvidedContexts }: Input<AssumeRoleCommandInput>): void {
  const [first] = ProvidedContexts ?? [];
  if (first === undefined) return;
  throw awsFault('ValidationError', `There is no context provider ${first.ProviderArn}.`);
}
