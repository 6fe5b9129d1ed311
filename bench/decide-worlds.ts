/** The worlds of `bench/decide.ts`: policies and 4,096 distinct, shuffled requests with the answer that each must get. */
import { loadCase } from '../src/policy/case.ts';
import type { AttributeTest, Caller, Facts, Layer, Question, Statement } from '../src/policy/model.ts';
import { ibmRef } from '../src/policy/names.ts';
import { evaluate } from '../src/policy/plain/evaluate.ts';
import type { PlainDocument, PlainStatement, PlainWorld } from '../src/policy/plain/world.ts';

export interface Request {
  readonly question: Question;
  readonly layers: readonly Layer[];
  readonly facts: Facts;
  readonly allowed: boolean;
}

export interface World {
  readonly name: string;
  readonly requests: readonly Request[];
  /** The same requests for the plain evaluator, and for peers; only where policies are AWS documents. */
  readonly plain?: readonly PlainWorld[];
}

const COUNT = 4096;
const OWN = '111111111111';

/** A small generator with a fixed seed, so that every run asks the same. */
function randomly(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function shuffled<T>(items: readonly T[], random: (below: number) => number): T[] {
  const out = [...items];
  for (let n = out.length - 1; n > 0; n -= 1) {
    const m = random(n + 1);
    [out[n], out[m]] = [out[m]!, out[n]!];
  }
  return out;
}

type Ask = PlainWorld['request'];

/**
 * A world of AWS documents. Each document is compiled once and shared by all layers that it stands in, as a plane
 * keeps the policies of an organization's root.
 */
function awsWorld(
  name: string,
  asks: readonly Ask[],
  policiesOf: (ask: Ask) => PlainWorld['policies'],
  isAllowed?: (ask: Ask) => boolean,
): World {
  const plain = shuffled(asks, randomly(7)).map((request): PlainWorld => ({ request, policies: policiesOf(request) }));
  const sets = new Map<PlainWorld['policies'], readonly Layer[]>();
  const compiled = new Map<unknown, Layer['statements']>();
  const requests = plain.map((world): Request => {
    const { question, layers, facts } = loadCase({
      name,
      ...world,
      policies: sets.has(world.policies) ? {} : world.policies,
    });
    let kept = sets.get(world.policies);
    if (!kept) {
      const levels = world.policies.scps ?? [];
      const guardrails = layers.filter((layer) => layer.kind === 'guardrail');
      for (const [n, { statements }] of guardrails.entries())
        if (!compiled.has(levels[n])) compiled.set(levels[n], statements);
      kept = layers.map((layer) => {
        const level = levels[guardrails.indexOf(layer)];
        return level ? { ...layer, statements: compiled.get(level)! } : layer;
      });
      sets.set(world.policies, kept);
    }
    return {
      question,
      layers: kept,
      facts,
      allowed: isAllowed ? isAllowed(world.request) : evaluate(world) === 'allow',
    };
  });
  return { name, requests, plain };
}

const allow = (Action: string | string[], Resource: string | string[]): PlainStatement => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const document = (...Statement: PlainStatement[]): PlainDocument => ({ Version: '2012-10-17', Statement });

/** (a) One principal with 10 policies of 5 statements, and a resource policy. */
export function onePrincipal(): World {
  const services = ['ec2', 'sqs', 'sns', 'dynamodb', 'lambda', 'logs', 'rds', 's3', 'ecr', 'events'];
  const identity = services.map((service) =>
    document(
      allow([`${service}:Get*`, `${service}:List*`], `arn:aws:${service}:*:${OWN}:team-a/*`),
      allow(`${service}:Describe*`, '*'),
      allow([`${service}:Put*`, `${service}:Create*`], [`arn:aws:${service}:eu-west-1:${OWN}:team-a/x*`]),
      { ...allow(`${service}:Delete*`, '*'), Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
      { Effect: 'Deny', Action: `${service}:*`, Resource: `arn:aws:${service}:*:${OWN}:secret/*` },
    ),
  );
  const bucket: PlainDocument = document(
    { ...allow('s3:GetObject', 'arn:aws:s3:::box/public/*'), Principal: { AWS: `arn:aws:iam::${OWN}:role/reader` } },
    { ...allow('s3:PutObject', 'arn:aws:s3:::box/in/*'), Principal: { AWS: `arn:aws:iam::${OWN}:role/writer` } },
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: 'arn:aws:s3:::box/*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  );
  const policies = { identity, resource: bucket };
  const random = randomly(1);
  const verbs = ['GetThing', 'ListThings', 'DescribeThing', 'PutThing', 'DeleteThing', 'CreateThing'];
  const asks = Array.from({ length: COUNT }, (_, n): Ask => {
    const service = services[random(services.length)]!;
    const bucketAsk = random(3) === 0;
    const place = ['team-a/x', 'team-b/x', 'secret/x', 'team-a/y'][random(4)]!;
    return {
      principal: `arn:aws:sts::${OWN}:assumed-role/reader/ci`,
      action: bucketAsk ? ['s3:GetObject', 's3:PutObject'][random(2)]! : `${service}:${verbs[random(verbs.length)]!}`,
      resource: bucketAsk
        ? `arn:aws:s3:::box/${['public', 'in'][random(2)]!}/${n}`
        : `arn:aws:${service}:eu-west-1:${OWN}:${place}${n}`,
      resourceAccount: OWN,
      context: { 'aws:SecureTransport': random(8) === 0 ? 'false' : 'true', 'aws:MultiFactorAuthPresent': 'true' },
    };
  });
  return awsWorld('(a) one principal, 50 statements', asks, () => policies);
}

/** (b) and (c) A bucket policy of `size` statements: a prefix for each role. */
export function bucketPolicy(size: number, name: string): World {
  const own = Array.from(
    { length: size - 1 },
    (_, n): PlainStatement => ({
      ...allow(['s3:GetObject', 's3:PutObject'], `arn:aws:s3:::box/team-${n}/*`),
      Principal: { AWS: `arn:aws:iam::${OWN}:role/team-${n}` },
      ...(n % 5 === 0 ? { Condition: { StringEquals: { 'aws:SourceVpce': `vpce-${n}` } } } : {}),
    }),
  );
  const insecure: PlainStatement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const policies = { identity: [], resource: document(...own, insecure) };
  const random = randomly(2);
  const asks = Array.from({ length: COUNT }, (_, n): Ask => {
    const role = random(size - 1);
    const team = random(3) === 0 ? random(size - 1) : role;
    return {
      principal: `arn:aws:sts::${OWN}:assumed-role/team-${role}/ci`,
      action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'][random(3)]!,
      resource: `arn:aws:s3:::box/team-${team}/${n}`,
      resourceAccount: OWN,
      context: { 'aws:SecureTransport': random(10) === 0 ? 'false' : 'true', 'aws:SourceVpce': `vpce-${role}` },
    };
  });
  // The plain evaluator would need minutes for ten thousand statements, so this says what the policy says.
  return awsWorld(
    name,
    asks,
    () => policies,
    ({ principal, action, resource, context }) => {
      const team = (text: string) => /team-(\d+)\//.exec(text)?.[1];
      const allowed = action !== 's3:DeleteObject' && context['aws:SecureTransport'] === 'true';
      return allowed && team(principal) === team(resource);
    },
  );
}

/** (d) Accounts of an organization with 5 levels of SCPs, the upper ones shared. */
export function organization(accounts: number, name: string): World {
  const full = allow('*', '*');
  const level = (n: string) => [
    document(full, { Effect: 'Deny', Action: `organizations:Leave${n}*`, Resource: '*' }),
    document({
      Effect: 'Deny',
      Action: ['iam:CreateUser', 'ec2:Terminate*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1'] } },
    }),
  ];
  const root = level('root');
  const units = Array.from({ length: 10 }, (_, n) => level(`unit${n}`));
  const teams = Array.from({ length: 50 }, (_, n) => level(`team${n}`));
  const stages = Array.from({ length: 3 }, (_, n) => level(`stage${n}`));
  const policies = Array.from({ length: accounts }, (_, n) => ({
    identity: [document(allow(['s3:*', 'ec2:*', 'iam:*'], '*'))],
    scps: [root, units[n % 10]!, teams[n % 50]!, stages[n % 3]!, level(`account${n}`)],
  }));
  const id = (n: number) => String(100_000_000_000 + n);
  const random = randomly(3);
  const asks = Array.from({ length: COUNT }, (_, n): Ask => {
    const account = random(accounts);
    return {
      principal: `arn:aws:iam::${id(account)}:user/u${random(5)}`,
      action: ['s3:GetObject', 'ec2:TerminateInstances', 'iam:CreateUser', 'rds:CreateDBInstance'][random(4)]!,
      resource: `arn:aws:ec2:eu-west-1:${id(account)}:thing/${n}`,
      resourceAccount: id(account),
      context: { 'aws:RequestedRegion': ['eu-west-1', 'us-east-1'][random(2)]! },
    };
  });
  return awsWorld(name, asks, ({ resourceAccount }) => policies[Number(resourceAccount) - 100_000_000_000]!);
}

const equal = (name: string, value: string): AttributeTest => ({ name, operator: 'stringEquals', value });
/** As it would come out of a store: text that was parsed is in one piece, text that was put together is not. */
const parsed = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const hex = (n: number) => parsed(n.toString(16).padStart(32, '0'));

/** (c) An account with `size` authorization policies for services of as many other accounts. */
export function authorizations(size: number, name: string): World {
  const owner = hex(0);
  const reader = { kind: 'exact', names: new Set(['kms.secrets.wrap', 'kms.secrets.unwrap']) } as const;
  const statements = Array.from(
    { length: size },
    (_, n): Statement => ({
      effect: 'allow',
      principals: { kind: 'service', tests: [equal('serviceName', 'server-protect'), equal('accountId', hex(n + 1))] },
      actions: reader,
      resources: {
        kind: 'attributes',
        tests: [equal('accountId', owner), equal('serviceName', 'kms'), equal('serviceInstance', `instance-${n % 40}`)],
      },
      conditions: [],
      origin: { account: owner, policy: `policy-${n}`, statement: '0', text: '' },
    }),
  );
  const layers: readonly Layer[] = [{ kind: 'authorization', account: owner, statements, may: 'grant' }];
  const random = randomly(4);
  const requests = Array.from({ length: COUNT }, (_, n): Request => {
    const source = random(size);
    const instance = random(2) === 0 ? source % 40 : random(40);
    const caller: Caller = {
      kind: 'service',
      id: `crn-${source}`,
      account: hex(source + 1),
      attributes: { serviceName: 'server-protect', accountId: hex(source + 1), serviceInstance: 'i' },
    };
    const ref = ibmRef({ account: owner, service: 'kms', instance: `instance-${instance}`, type: 'key', id: `${n}` });
    const attributes = {
      accountId: owner,
      serviceName: 'kms',
      serviceInstance: ref.instance,
      resourceType: 'key',
      resource: ref.id,
    };
    const question: Question = {
      caller,
      action: 'kms.secrets.unwrap',
      resource: { ref, name: `key ${n}`, attributes },
      context: {},
    };
    return { question, layers, facts: {}, allowed: instance === source % 40 };
  });
  return { name, requests };
}
