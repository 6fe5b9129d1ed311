/** The AWS part of a decision case: the caller, the resource and the layers of policies around them. */
import { type Fields, fields, isFields, list, text } from '../fields.ts';
import type { BucketFacts, Caller, ContextValue, Facts, Layer, LayerKind, Question, Statement } from '../model.ts';
import { awsRef, completeArn, parseArn, parsePrincipal, roleArnOf } from '../names.ts';
import { type AclGrant, aclStatements } from './acl.ts';
import { compilePolicy, type PolicyKind, type Problem } from './compile.ts';
import { grantStatements, type KeyGrant } from './grants.ts';
import { type ResourceShare, shareStatements } from './shares.ts';

export interface World {
  readonly question: Question;
  readonly layers: readonly Layer[];
  readonly facts: Facts;
  readonly problems: readonly (Problem & { readonly policy: string })[];
}

export function awsCase(name: string, request: Fields, policies: Fields, facts: Fields): World {
  const caller = callerOf(request['principal'], facts, name);
  const resource = text(request['resource'], `${name}: request.resource`);
  const owner = request['resourceAccount'];
  const ref = awsRef(resource, typeof owner === 'string' ? owner : caller.account);
  const question: Question = {
    caller,
    action: text(request['action'], `${name}: request.action`),
    // The case says who owns the resource; an ARN of a shared resource may carry another account.
    resource: {
      ref: { ...ref, account: typeof owner === 'string' ? owner : ref.account },
      name: resource,
      attributes: {},
    },
    context: contextOf(fields(request['context'] ?? {}, `${name}: request.context`)),
  };
  const problems: (Problem & { policy: string })[] = [];
  const layers = layersOf(question, policies, problems);
  return { question, layers, facts: factsOf(facts), problems };
}

/** The fact `principalUniqueId` is of the user, or of the role or user behind a session. */
function callerOf(principal: unknown, facts: Fields, name: string): Caller {
  const caller = principalOf(principal, facts, name);
  const uniqueId = facts['principalUniqueId'];
  const mayHaveOne = caller.kind === 'user' || caller.kind === 'role-session' || caller.kind === 'federated-session';
  return mayHaveOne && typeof uniqueId === 'string' ? { ...caller, uniqueId } : caller;
}

function principalOf(principal: unknown, facts: Fields, name: string): Caller {
  if (isFields(principal)) {
    return { kind: 'federated', id: text(principal['federated'], `${name}: request.principal.federated`), account: '' };
  }
  const id = text(principal, `${name}: request.principal`);
  if (id === 'anonymous') return { kind: 'anonymous', id, account: '' };
  const named = parsePrincipal(id);
  if (!named) {
    if (parseArn(completeArn(id)))
      throw new Error(`${name}: \`${id}\` is no principal: use the ARN of a user, session or root`);
    return { kind: 'service', id, account: '' };
  }
  const { account } = named;
  switch (named.kind) {
    case 'root':
    case 'user':
      return { kind: named.kind, id, account };
    case 'role':
      return { kind: 'role-session', id, account, role: id };
    case 'federated-user': {
      const user = facts['federatingUser'];
      return { kind: 'federated-session', id, account, ...(typeof user === 'string' ? { role: user } : {}) };
    }
    case 'assumed-role': {
      const path = facts['principalRolePath'];
      return { kind: 'role-session', id, account, role: roleArnOf(id, typeof path === 'string' ? path : '/')! };
    }
  }
}

function contextOf(given: Fields): Question['context'] {
  const value = (one: unknown): ContextValue => (Array.isArray(one) ? one.map(String) : String(one));
  // Without a prototype, so that no key is there which the case does not write.
  const context: Record<string, ContextValue> = Object.create(null);
  for (const [key, one] of Object.entries(given)) {
    if (one !== null && one !== undefined) context[key.toLowerCase()] = value(one);
  }
  return context;
}

function factsOf(facts: Fields): Facts {
  const is = (name: string) => facts[name] === true;
  return {
    principalAccountIsManagement: is('principalAccountIsManagement'),
    resourceAccountIsManagement: is('resourceAccountIsManagement'),
    principalIsServiceLinkedRole: is('principalIsServiceLinkedRole'),
    s3: bucketFactsOf(fields(facts['s3'] ?? {}, 'facts.s3')),
  };
}

/** Settings as the API names them: `publicAccessBlock` (a bucket's, or a list with the account's), `ownership`. */
function bucketFactsOf(s3: Fields): BucketFacts {
  const blocks = list(s3['publicAccessBlock']).map((block) => fields(block, 'facts.s3.publicAccessBlock'));
  return {
    ignorePublicAcls: blocks.some((block) => block['IgnorePublicAcls'] === true),
    restrictPublicBuckets: blocks.some((block) => block['RestrictPublicBuckets'] === true),
    bucketOwnerEnforced: s3['ownership'] === 'BucketOwnerEnforced',
  };
}

function layersOf(question: Question, policies: Fields, problems: (Problem & { policy: string })[]): readonly Layer[] {
  const principal = question.caller.account;
  const owner = question.resource.ref.account;
  const layers: Layer[] = [];
  const add = (
    kind: LayerKind,
    account: string,
    may: Layer['may'],
    statements: readonly Statement[],
    name?: string,
  ) => {
    layers.push({ kind, account, statements, may, ...(name === undefined ? {} : { name }) });
  };
  const documents = (field: string, kind: PolicyKind, account: string, given = list(policies[field])) =>
    given.flatMap((document, n) => {
      const policy = given.length === 1 ? field : `${field}[${n}]`;
      const compiled = compilePolicy(document, { kind, account, policy });
      problems.push(...compiled.problems.map((problem) => ({ ...problem, policy })));
      return compiled.statements;
    });
  const given = (field: string) => policies[field] !== undefined && policies[field] !== null;

  add('identity', principal, 'both', documents('identity', 'identity', principal));
  if (given('resource')) add('resource', owner, 'both', documents('resource', 'resource', owner));
  if (given('boundary')) add('boundary', principal, 'limit', documents('boundary', 'boundary', principal));
  if (given('session')) add('session', principal, 'limit', documents('session', 'session', principal));
  if (given('vpce')) add('endpoint', principal, 'limit', documents('vpce', 'endpoint', principal));
  if (given('accessPoint')) add('access-point', owner, 'both', documents('accessPoint', 'resource', owner));

  const levels = (field: string, kind: LayerKind, policy: PolicyKind, account: string) => {
    for (const [n, level] of list(policies[field]).entries()) {
      add(kind, account, 'limit', documents(`${field}[${n}]`, policy, account, list(level)), `level ${n}`);
    }
  };
  levels('scps', 'guardrail', 'scp', principal);
  levels('rcps', 'resource-guardrail', 'rcp', owner);
  if (owner !== principal) {
    levels('resourceAccountScps', 'guardrail', 'scp', owner);
    levels('principalAccountRcps', 'resource-guardrail', 'rcp', principal);
  }
  if (given('grants')) add('grant', owner, 'grant', grantStatements(list(policies['grants']).map(grantOf), owner));
  if (given('acl')) add('acl', owner, 'grant', aclStatements(list(policies['acl']).map(aclGrantOf), owner));
  if (given('ramShares'))
    add('share', owner, 'grant', shareStatements(list(policies['ramShares']).map(shareOf), owner));
  return layers;
}

function grantOf(given: unknown): KeyGrant {
  const grant = fields(given, 'a grant');
  const constraints = fields(grant['constraints'] ?? {}, 'the constraints of a grant');
  const pairs = (name: string) =>
    constraints[name] === undefined ? {} : { [name]: textsByKey(fields(constraints[name], `\`${name}\``)) };
  return {
    grantee: text(grant['grantee'], 'the grantee of a grant'),
    operations: list(grant['operations']).map(String),
    constraints: { ...pairs('EncryptionContextSubset'), ...pairs('EncryptionContextEquals') },
  };
}

function aclGrantOf(given: unknown): AclGrant {
  const grant = fields(given, 'a grant of an ACL');
  return {
    grantee: textsByKey(fields(grant['grantee'], 'the grantee of an ACL')),
    permission: text(grant['permission'], 'the permission of an ACL'),
  };
}

function shareOf(given: unknown): ResourceShare {
  const share = fields(given, 'a share');
  const permission = fields(share['permission'], 'the permission of a share');
  const { status } = share;
  return {
    resource: text(share['resource'], 'the resource of a share'),
    principals: list(share['principals']).map(String),
    permission: { name: String(permission['name']), actions: list(permission['actions']).map(String) },
    ...(status === undefined ? {} : { status: String(status) }),
  };
}

function textsByKey(given: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
}
