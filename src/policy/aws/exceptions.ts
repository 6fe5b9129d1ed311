/** Where a service departs from the general rules. Each row cites the page that says so. */
import type { Question } from '../model.ts';
import type { Settled } from '../need.ts';
import { rcpServiceNames } from './rcp-services.data.ts';

interface StrictResource {
  /** Actions in lower case: a service, or one action. */
  readonly actions: RegExp;
  /** The type of resource that has the policy: the actions may be asked of others too. */
  readonly type: string;
  readonly page: string;
}

/** Resources whose policy must allow, whatever identity policies say (T2, K1). */
const strictResources: readonly StrictResource[] = [
  {
    actions: /^sts:(assumerole|assumerolewithsaml|assumerolewithwebidentity|tagsession|setsourceidentity)$/,
    type: 'role',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html',
  },
  {
    actions: /^sts:assumeroot$/,
    type: '',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management',
  },
  { actions: /^kms:/, type: 'key', page: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html' },
];

/** Actions of a strict service that name no resource with a policy (`kms:ListKeys`) are ordinary. */
export function isStrict(question: Question): boolean {
  const { type } = question.resource.ref;
  const action = question.action.toLowerCase();
  return strictResources.some((row) => row.actions.test(action) && row.type === type);
}

/** The vendor's own words for a refusal that no policy makes. */
export interface SettledWords {
  /** The error's code, when it is not the usual one for what is not allowed. */
  readonly code?: string;
  readonly message: string;
}

interface SettledRow {
  readonly applies: (action: string, question: Question) => boolean;
  readonly answer: Settled;
  readonly words?: (question: Question) => SettledWords;
  readonly page: string;
}

/** Temporary credentials say when they were issued; long-term ones do not. */
function isSession({ caller, context }: Question): boolean {
  return caller.kind === 'role-session' || caller.kind === 'federated-session' || 'aws:tokenissuetime' in context;
}

/** The credentials of GetSessionToken: a user's own, but temporary. A session of AssumeRoot is another thing. */
function isSessionOfUser(question: Question): boolean {
  const { caller, context } = question;
  if (caller.kind !== 'user' && caller.kind !== 'root') return false;
  return isSession(question) && context['aws:assumedroot'] !== 'true';
}

/** What the credentials of GetSessionToken can ask of STS; tags and source identity are parts of AssumeRole. */
const OF_USER_SESSIONS = /^sts:(getcalleridentity|setsourceidentity|assumerole|tagsession)$/;

const notAccepted = (): SettledWords => ({
  code: 'InvalidClientTokenId',
  message: 'The security token included in the request is invalid',
});

const API = 'https://docs.aws.amazon.com/STS/latest/APIReference';

/** Calls whose answer no policy changes. The first row that applies counts. */
const settledRows: readonly SettledRow[] = [
  {
    applies: (action) => action === 'sts:getcalleridentity',
    answer: { outcome: 'allow', note: 'GetCallerIdentity needs no permission, and no policy can deny it' },
    page: `${API}/API_GetCallerIdentity.html`,
  },
  {
    applies: (action, question) => /^sts:get(session|federation)token$/.test(action) && isSession(question),
    answer: { outcome: 'implicit-deny', note: 'temporary credentials cannot be exchanged for further ones' },
    words: ({ action }) => ({ message: `Cannot call ${action.slice('sts:'.length)} with session credentials` }),
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html',
  },
  {
    applies: (action) => action === 'sts:getsessiontoken',
    answer: { outcome: 'allow', note: 'GetSessionToken needs no permission, and no policy can deny it' },
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html',
  },
  {
    applies: (action, { caller }) => caller.kind === 'federated-session' && action.startsWith('iam:'),
    answer: { outcome: 'implicit-deny', note: 'the session of a federated user cannot call IAM' },
    words: notAccepted,
    page: `${API}/API_GetFederationToken.html`,
  },
  {
    applies: (action, { caller }) => caller.kind === 'federated-session' && action.startsWith('sts:'),
    answer: { outcome: 'implicit-deny', note: 'the session of a federated user cannot call STS' },
    page: `${API}/API_GetFederationToken.html`,
  },
  {
    applies: (action, question) =>
      action.startsWith('iam:') &&
      isSessionOfUser(question) &&
      question.context['aws:multifactorauthpresent'] !== 'true',
    answer: { outcome: 'implicit-deny', note: 'the credentials of GetSessionToken cannot call IAM without MFA' },
    words: notAccepted,
    page: `${API}/API_GetSessionToken.html`,
  },
  {
    applies: (action, question) =>
      action.startsWith('sts:') && !OF_USER_SESSIONS.test(action) && isSessionOfUser(question),
    answer: { outcome: 'implicit-deny', note: 'the credentials of GetSessionToken can call AssumeRole alone of STS' },
    page: `${API}/API_GetSessionToken.html`,
  },
  {
    applies: (action, { caller }) => caller.kind === 'root' && action === 'sts:assumerole',
    answer: { outcome: 'implicit-deny', note: 'the root user cannot assume a role' },
    words: () => ({ message: 'Roles may not be assumed by root accounts.' }),
    page: `${API}/API_AssumeRole.html`,
  },
];

export function settled(question: Question): Settled | undefined {
  return rowFor(question)?.answer;
}

/** What the vendor says of a refusal that no policy makes; undefined where it says what it says of every refusal. */
export function settledWords(question: Question): SettledWords | undefined {
  return rowFor(question)?.words?.(question);
}

function rowFor(question: Question): SettledRow | undefined {
  const action = question.action.toLowerCase();
  return settledRows.find((row) => row.applies(action, question));
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
