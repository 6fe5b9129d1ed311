/** A session of a role: what is asked for it, whoever asks, and what it is then. */
import type { Action } from '../../../../access.ts';
import type { Context as AskContext } from '../../../../authorize.ts';
import type { Context } from '../../../../context.ts';
import type { Allowed } from '../../../../operation.ts';
import { arnOf, awsResource, type ResourceRef } from '../../../../policy/names.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { Role } from '../access.ts';
import type { RoleDocument } from '../documents.ts';
import type { AwsSession } from '../session-token.ts';
import { type GivenCredentials, giveCredentials } from './credentials.ts';
import { packedSize, readSessionPolicies } from './session-policies.ts';
import { allTags, hasTags, type SessionTags, tagsContext, transitiveKeys } from './session-tags.ts';

/** How long a session of a role lasts when nobody says. */
export const DEFAULT_SECONDS = 3600;
const CHAINED_SECONDS = 3600;

/** What a caller wants of a role. */
export interface Wanted {
  readonly sessionName: string;
  readonly tags: SessionTags;
  readonly sourceIdentity?: string | undefined;
  /** Further context keys of the questions. */
  readonly own?: AskContext;
}

/**
 * Asks for a session of a role, for its tags, and for its source identity. Throws `denied`, in the same words whether
 * the role exists or not.
 */
export async function allowSession(
  cx: Context,
  action: Action<RoleDocument>,
  ref: ResourceRef,
  { sessionName, tags, sourceIdentity, own }: Wanted,
): Promise<Allowed<RoleDocument>> {
  const context = (role: RoleDocument | undefined): AskContext => ({
    ...own,
    ...tagsContext(tags, role?.tags),
    'sts:rolesessionname': sessionName,
    ...(sourceIdentity === undefined ? {} : { 'sts:sourceidentity': sourceIdentity }),
  });
  const role = await cx.allow(action, ref, context);
  if (hasTags(tags)) await cx.allow(Role.tagSession, ref, context);
  if (sourceIdentity !== undefined) await cx.allow(Role.setSourceIdentity, ref, context);
  return role;
}

/** What a session gets besides what was asked for. */
export interface Given {
  /** Seconds. */
  readonly DurationSeconds?: number | undefined;
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined;
  /** Made by a session of a role: it lasts an hour at most. */
  readonly chained?: boolean;
  readonly context?: AwsSession['context'];
}

export interface GivenSession {
  readonly Credentials: GivenCredentials;
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string };
  readonly PackedPolicySize: number | undefined;
  readonly SourceIdentity: string | undefined;
}

/** Gives the session that `allowSession` allowed. */
export async function giveSession(
  cx: Context,
  { ref, value: role }: Allowed<RoleDocument>,
  { sessionName, tags, sourceIdentity }: Wanted,
  given: Given,
): Promise<GivenSession> {
  const { account } = ref;
  const chained = given.chained ?? false;
  const duration = durationOf(role, given.DurationSeconds, chained);
  const policies = await readSessionPolicies(cx, account, given);
  const size = packedSize(policies, tags.passed);
  const credentials = giveCredentials(cx, {
    account,
    of: { kind: 'role', role: role.name, id: role.id, name: sessionName },
    duration,
    ...policies,
    tags: allTags(tags),
    transitive: transitiveKeys(tags),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(given.context === undefined ? {} : { context: given.context }),
  });
  return {
    Credentials: credentials,
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${sessionName}`,
      Arn: arnOf(awsResource({ account, service: 'sts', type: 'assumed-role', id: `${role.name}/${sessionName}` })),
    },
    PackedPolicySize: size,
    SourceIdentity: sourceIdentity,
  };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: the role's own limit, and that of a chain. */
function durationOf({ maxSession }: RoleDocument, wanted: number | undefined, chained: boolean): number {
  if (wanted === undefined) return DEFAULT_SECONDS;
  if (chained && wanted > CHAINED_SECONDS) {
    throw awsFault(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (wanted <= maxSession) return wanted;
  throw awsFault('ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
}
