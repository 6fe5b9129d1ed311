/** Where a service departs from the general rules. Each row cites the page that says so. */
import type { Question } from '../model.ts';
import type { Settled } from '../need.ts';
import { rcpServiceNames } from './rcp-services.data.ts';

interface StrictResource {
  /** Actions in lower case: a service, or one action. */
  readonly actions: RegExp;
  /** A resource type of the service that has no policy. */
  readonly but?: string;
  readonly page: string;
}

/** Resources whose policy must allow, whatever identity policies say (T2, K1). */
const strictResources: readonly StrictResource[] = [
  {
    actions: /^sts:(assumerole|assumerolewithsaml|assumerolewithwebidentity|tagsession|setsourceidentity)$/,
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html',
  },
  { actions: /^kms:/, but: 'alias', page: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html' },
];

/** Actions of a strict service that name no resource with a policy (`kms:ListKeys`) are ordinary. */
export function isStrict(question: Question): boolean {
  if (question.resource.name === '*') return false;
  const action = question.action.toLowerCase();
  return strictResources.some(
    ({ actions, but }) => actions.test(action) && (but === undefined || but !== question.resource.ref.type),
  );
}

interface SettledRow {
  readonly applies: (action: string, question: Question) => boolean;
  readonly answer: Settled;
  readonly page: string;
}

/** Calls whose answer no policy changes. The first row that applies counts. */
const settledRows: readonly SettledRow[] = [
  {
    applies: (action) => action === 'sts:getcalleridentity',
    answer: { outcome: 'allow', note: 'GetCallerIdentity needs no permission, and no policy can deny it' },
    page: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html',
  },
  {
    applies: (action, { caller }) => caller.kind === 'federated-session' && /^(iam|sts):/.test(action),
    answer: { outcome: 'implicit-deny', note: 'the session of a federated user cannot call IAM or STS' },
    page: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html',
  },
  {
    applies: (action, { caller }) => caller.kind === 'root' && action === 'sts:assumerole',
    answer: { outcome: 'implicit-deny', note: 'the root user cannot assume a role' },
    page: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html',
  },
];

export function settled(question: Question): Settled | undefined {
  const action = question.action.toLowerCase();
  return settledRows.find((row) => row.applies(action, question))?.answer;
}

/**
 * O7: the services whose resources resource control policies bind. Grows with the vendor's list.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
const rcpServices: ReadonlySet<string> = new Set(rcpServiceNames);

/** O8: permissions that resource control policies leave alone, listed on the same page. */
const rcpExemptActions: ReadonlySet<string> = new Set(['kms:retiregrant']);

/** Why resource control policies do not bind a call, in words. */
export function isRcpExempt(question: Question): string | undefined {
  const action = question.action.toLowerCase();
  if (rcpExemptActions.has(action)) return `resource control policies do not bind ${question.action}`;
  const service = action.slice(0, Math.max(0, action.indexOf(':')));
  return rcpServices.has(service) ? undefined : `resource control policies do not bind the service ${service}`;
}
