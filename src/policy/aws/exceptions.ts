/** Where a service departs from the general rules. Each row cites the page that says so. */
import type { Question } from '../model.ts';

interface StrictResource {
  /** Actions in lower case: a service, or one action. */
  readonly actions: RegExp;
  readonly page: string;
}

/** Resources whose policy must allow, whatever identity policies say (T2, K1). */
const strictResources: readonly StrictResource[] = [
  {
    actions: /^sts:(assumerole|assumerolewithsaml|assumerolewithwebidentity|tagsession|setsourceidentity)$/,
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html',
  },
  { actions: /^kms:/, page: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html' },
];

/** Actions of a strict service that name no resource with a policy (`kms:ListKeys`) are ordinary. */
export function isStrict(question: Question): boolean {
  if (question.resource.name === '*') return false;
  const action = question.action.toLowerCase();
  return strictResources.some((row) => row.actions.test(action));
}

/** T9. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export function alwaysAllowed(question: Question): string | undefined {
  return question.action.toLowerCase() === 'sts:getcalleridentity'
    ? 'GetCallerIdentity needs no permission, and no policy can deny it'
    : undefined;
}

/** O8: permissions that resource control policies leave alone. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html */
const rcpExemptActions: ReadonlySet<string> = new Set(['kms:retiregrant']);

export function isRcpExempt(question: Question): string | undefined {
  return rcpExemptActions.has(question.action.toLowerCase())
    ? `resource control policies do not bind ${question.action}`
    : undefined;
}
