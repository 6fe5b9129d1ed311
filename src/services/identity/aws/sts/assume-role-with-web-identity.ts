/** AssumeRoleWithWebIdentity: whoever a role's account lets in by an OIDC provider becomes the role. Unsigned. */
import type {
  AssumeRoleWithWebIdentityCommandInput,
  AssumeRoleWithWebIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { type Credential, operation } from '../../../../operation.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { Role } from '../access.ts';
import { assertedBy } from './asserted.ts';
import { roleAt } from './role-address.ts';
import { allowSession, giveSession, type Wanted } from './role-session.ts';
import { readSessionTags } from './session-tags.ts';

type In = Input<AssumeRoleWithWebIdentityCommandInput>;

export const webIdentityCredential = ({ WebIdentityToken, RoleArn, ProviderId }: In): Credential => ({
  kind: 'web-identity',
  token: WebIdentityToken,
  role: RoleArn,
  ...(ProviderId === undefined ? {} : { provider: ProviderId }),
});

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export const assumeRoleWithWebIdentity = operation(
  'sts.AssumeRoleWithWebIdentity',
  async (cx, input: In): Promise<Output<AssumeRoleWithWebIdentityCommandOutput>> => {
    const asserted = assertedBy(cx.identity);
    const ref = roleAt(input.RoleArn, 'Request ARN is invalid');
    const tags = Object.entries(asserted.tags).map(([Key, Value]) => ({ Key, Value }));
    const wanted: Wanted = {
      sessionName: input.RoleSessionName,
      tags: readSessionTags(tags, asserted.transitiveTagKeys),
      sourceIdentity: asserted.sourceIdentity,
    };
    const role = await allowSession(cx, Role.assumeRoleWithWebIdentity, ref, wanted);
    const given = await giveSession(cx, role, wanted, { ...input, context: asserted.kept });
    return {
      ...given,
      SubjectFromWebIdentityToken: asserted.subject,
      Provider: cx.identity.caller.id,
      Audience: asserted.audience,
    };
  },
  { recorded: ({ RoleArn, RoleSessionName }) => ({ RoleArn, RoleSessionName }) },
);
