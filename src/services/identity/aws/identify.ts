/**
 * Who an AWS access key belongs to. The signature is checked with the secret of the key, and that the identity behind it
 * still is what it was is looked up on every call.
 */
import type { Fault } from '../../../faults.ts';
import type { Credential, Identity } from '../../../operation.ts';
import type { Caller } from '../../../policy/model.ts';
import { arnOf, awsResource } from '../../../policy/names.ts';
import type { Seals } from '../../../seals.ts';
import type { Document, Store, Unit } from '../../../store/store.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { accounts } from '../../accounts/access.ts';
import {
  type AccessKeyDocument,
  accessKeys,
  keyOf,
  ROOT_USER,
  type RoleDocument,
  roleRef,
  roles,
  rootRef,
  type UserDocument,
  userRef,
  users,
} from './documents.ts';
import { type AwsSession, openSession, type SessionUser } from './session-token.ts';

/** About 2 KB each. */
const REMEMBERED_TOKENS = 4_000;

export type AwsSignature = Extract<Credential, { kind: 'aws-signature' }>;
export type AwsIdentify = (unit: Unit, credential: AwsSignature, now: number) => Promise<Identity>;

/** Makes the check of AWS signatures. The function throws `unauthenticated`, with the vendor's code as reason. */
export function createAwsIdentify(store: Pick<Store, 'open'>, seals: Seals): AwsIdentify {
  const remembered = new Map<string, AwsSession>();

  /** A token says the same each time it is opened. */
  function sessionOf(token: string): AwsSession {
    const known = remembered.get(token);
    if (known) return known;
    const session = openSession(seals, token);
    if (session === undefined) throw invalidToken();
    if (remembered.size >= REMEMBERED_TOKENS) remembered.delete(remembered.keys().next().value!);
    remembered.set(token, session);
    return session;
  }

  return async (unit, credential, now) => {
    if (credential.sessionToken !== undefined) {
      const session = sessionOf(credential.sessionToken);
      if (session.accessKeyId !== credential.accessKeyId) throw invalidToken();
      if (!credential.matches(session.secret)) throw badSignature();
      if (now >= session.expiresAt) {
        throw awsFault('ExpiredToken', 'The security token included in the request is expired');
      }
      return bySession(unit, session);
    }
    const [key] = await unit.find(accessKeys, 'id', credential.accessKeyId);
    if (key === undefined) throw invalidToken();
    if (!credential.matches(secretOf(store, key))) throw badSignature();
    if (!key.value.active) throw invalidToken();
    return byKey(unit, key.account, key.value.user, key.value.id);
  };
}

/** Opening a sealed secret costs more than checking a signature with it: kept as long as the key's document is. */
const secrets = new WeakMap<object, string>();

function secretOf(store: Pick<Store, 'open'>, key: Document<AccessKeyDocument>): string {
  let secret = secrets.get(key.value);
  if (secret === undefined) {
    secret = store.open(accessKeys, key, 'secret').toString();
    secrets.set(key.value, secret);
  }
  return secret;
}

function invalidToken(): Fault {
  return awsFault('InvalidClientTokenId', 'The security token included in the request is invalid.');
}

function badSignature(): Fault {
  return awsFault(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

async function byKey(unit: Unit, account: string, user: string, accessKeyId: string): Promise<Identity> {
  await requireAccount(unit, account);
  const document = await unit.get(users, account, user);
  if (document === undefined) throw invalidToken();
  const { caller, name, context } = userOf(document);
  return { caller, name, context, credential: { kind: 'aws-signature', id: accessKeyId } };
}

async function bySession(unit: Unit, session: AwsSession): Promise<Identity> {
  await requireAccount(unit, session.account);
  const { caller, name, context } = await sessionPrincipal(unit, session);
  const own = sessionContext(session);
  return {
    caller,
    name,
    context: { ...context, ...own },
    session: handedOn(session),
    credential: { kind: 'aws-signature', id: session.accessKeyId },
  };
}

async function requireAccount(unit: Unit, account: string): Promise<void> {
  if ((await unit.get(accounts, account, account)) === undefined) throw invalidToken();
}

type Principal = Required<Pick<Identity, 'caller' | 'name' | 'context'>>;

/** The identity behind a session must be there still, and must not be a successor of the same name. */
async function sessionPrincipal(unit: Unit, session: AwsSession): Promise<Principal> {
  const { account, of } = session;
  switch (of.kind) {
    case 'role': {
      const role = await unit.get(roles, account, keyOf(of.role));
      if (role?.value.id !== of.id) throw invalidToken();
      return roleSession(role, session, of.name);
    }
    case 'federated':
      return federatedSession(await userBehind(unit, account, of.by), session, of.name);
    default: {
      const principal = userOf(await userBehind(unit, account, of));
      return { ...principal, caller: limited(principal.caller, session) };
    }
  }
}

async function userBehind(unit: Unit, account: string, of: SessionUser): Promise<Document<UserDocument>> {
  const user = await unit.get(users, account, of.kind === 'root' ? ROOT_USER : of.user);
  if (user === undefined || (of.kind === 'user' && user.value.id !== of.id)) throw invalidToken();
  return user;
}

const known = new WeakMap<object, Principal>();

/** A user, or the root user; made once per revision of its document. */
function userOf({ account, value }: Document<UserDocument>): Principal {
  let principal = known.get(value);
  if (principal === undefined) {
    const root = value.name === ROOT_USER;
    const arn = arnOf(root ? rootRef(account) : userRef(account, value.path, value.name));
    principal = {
      caller: { kind: root ? 'root' : 'user', id: arn, account, ...(root ? {} : { uniqueId: value.id }) },
      name: root ? 'root' : value.name,
      context: {
        ...principalContext(account, arn, value.tags),
        'aws:principaltype': root ? 'Account' : 'User',
        'aws:userid': root ? account : value.id,
        ...(root ? {} : { 'aws:username': value.name }),
      },
    };
    known.set(value, principal);
  }
  return principal;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-infouse */
function roleSession({ account, value: role }: Document<RoleDocument>, session: AwsSession, name: string): Principal {
  const arn = arnOf(roleRef(account, role.path, role.name));
  const sts = awsResource({ account, service: 'sts', type: 'assumed-role', id: `${role.name}/${name}` });
  const caller: Caller = { kind: 'role-session', id: arnOf(sts), account, role: arn, uniqueId: role.id };
  return {
    caller: limited(caller, session),
    name: `${role.name}/${name}`,
    context: {
      ...principalContext(account, arn, withoutOverridden(role.tags, session.tags)),
      ...principalTags(session.tags),
      'aws:principaltype': 'AssumedRole',
      'aws:userid': `${role.id}:${name}`,
    },
  };
}

function federatedSession(
  { account, value: user }: Document<UserDocument>,
  session: AwsSession,
  name: string,
): Principal {
  const sts = arnOf(awsResource({ account, service: 'sts', type: 'federated-user', id: name }));
  const root = user.name === ROOT_USER;
  const behind = arnOf(root ? rootRef(account) : userRef(account, user.path, user.name));
  return {
    caller: limited(
      { kind: 'federated-session', id: sts, account, role: behind, ...(root ? {} : { uniqueId: user.id }) },
      session,
    ),
    name,
    context: {
      ...principalContext(account, sts, withoutOverridden(user.tags, session.tags)),
      ...principalTags(session.tags),
      'aws:principaltype': 'FederatedUser',
      'aws:userid': `${account}:${name}`,
    },
  };
}

function limited(caller: Caller, { policies, policyArns }: AwsSession): Caller {
  return policies.length + policyArns.length === 0 ? caller : { ...caller, session: { policies, policyArns } };
}

function principalContext(
  account: string,
  arn: string,
  tags: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    ...principalTags(tags),
    'aws:principalarn': arn,
    'aws:principalaccount': account,
    'aws:principalisawsservice': 'false',
    'aws:viaawsservice': 'false',
  };
}

function principalTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [`aws:principaltag/${key.toLowerCase()}`, value]),
  );
}

/** A session's tag takes the place of the role's of the same key, whatever its case. */
function withoutOverridden(
  tags: Readonly<Record<string, string>>,
  by: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const overridden = new Set(Object.keys(by).map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !overridden.has(key.toLowerCase())));
}

/** What only temporary credentials have. */
function sessionContext(session: AwsSession): NonNullable<Identity['context']> {
  return {
    'aws:tokenissuetime': new Date(session.issuedAt).toISOString(),
    'aws:multifactorauthpresent': 'false',
    ...(session.sourceIdentity === undefined ? {} : { 'aws:sourceidentity': session.sourceIdentity }),
    ...session.context,
  };
}

/** What the session hands on to sessions made from it. */
function handedOn({ expiresAt, tags, transitive, sourceIdentity }: AwsSession): NonNullable<Identity['session']> {
  return {
    expiresAt,
    transitiveTags: Object.fromEntries(transitive.map((key) => [key, tags[key] ?? ''])),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
}
