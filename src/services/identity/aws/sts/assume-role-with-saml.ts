/** AssumeRoleWithSAML: whoever a role's account lets in by a SAML provider becomes the role. Unsigned. */
import type { AssumeRoleWithSAMLCommandInput, AssumeRoleWithSAMLCommandOutput } from '@aws-sdk/client-sts';
import { type Credential, operation } from '../../../../operation.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { Role } from '../access.ts';
import { assertedBy } from './asserted.ts';
import { roleAt } from './role-address.ts';
import { allowSession, DEFAULT_SECONDS, giveSession, type Wanted } from './role-session.ts';
import { readSessionTags } from './session-tags.ts';

type In = Input<AssumeRoleWithSAMLCommandInput>;

export const samlCredential = ({ SAMLAssertion, RoleArn, PrincipalArn }: In): Credential => ({
  kind: 'saml-assertion',
  assertion: SAMLAssertion,
  role: RoleArn,
  provider: PrincipalArn,
});

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html */
export const assumeRoleWithSaml = operation(
  'sts.AssumeRoleWithSAML',
  async (cx, input: In): Promise<Output<AssumeRoleWithSAMLCommandOutput>> => {
    const asserted = assertedBy(cx.identity);
    const { saml } = asserted;
    if (saml === undefined) throw new Error('the caller was not identified by SAML');
    const ref = roleAt(input.RoleArn, 'Request ARN is invalid');
    const tags = Object.entries(asserted.tags).map(([Key, Value]) => ({ Key, Value }));
    const wanted: Wanted = {
      sessionName: saml.sessionName,
      tags: readSessionTags(tags, asserted.transitiveTagKeys),
      sourceIdentity: asserted.sourceIdentity,
    };
    const role = await allowSession(cx, Role.assumeRoleWithSAML, ref, wanted);
    // The provider's word on when the session ends holds beside what the caller asks for.
    const duration = Math.min(input.DurationSeconds ?? DEFAULT_SECONDS, saml.duration ?? Number.POSITIVE_INFINITY);
    const given = await giveSession(cx, role, wanted, {
      ...input,
      DurationSeconds: duration,
      context: asserted.kept,
    });
    return {
      ...given,
      Subject: asserted.subject,
      SubjectType: saml.subjectType,
      Issuer: asserted.issuer,
      Audience: asserted.audience,
      NameQualifier: saml.nameQualifier,
    };
  },
  { recorded: ({ RoleArn, PrincipalArn }) => ({ RoleArn, PrincipalArn }) },
);
