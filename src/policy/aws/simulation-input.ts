/** What a policy simulation is asked, and what the API refuses of it. */
import { parseJson } from '../json.ts';
import { awsRef, parseArn, parsePrincipal } from '../names.ts';
import { compilePolicy, type PolicyKind } from './compile.ts';

/** A policy with the id that results name it by. */
export interface SourcePolicy {
  /** `PolicyInputList.1`, the name of a managed policy, or `user_bob_NAME` for bob's inline policy NAME. */
  readonly id: string;
  /** JSON text. */
  readonly document: string;
}

export interface ContextEntry {
  readonly ContextKeyName?: string | undefined;
  readonly ContextKeyValues?: readonly string[] | undefined;
  readonly ContextKeyType?: string | undefined;
}

export interface Simulation {
  /** Identity policies, those of groups included. */
  readonly policies: readonly SourcePolicy[];
  /** At most one. */
  readonly boundaries: readonly SourcePolicy[];
  /** JSON text; every resource is treated as if it had this policy. */
  readonly resourcePolicy?: string | undefined;
  /** The account that asks; the caller is of it when there is no `callerArn`. */
  readonly account: string;
  /** ARN of a user; a resource policy needs it. */
  readonly callerArn?: string | undefined;
  /** `arn:aws:iam::ACCOUNT:root`, for resources whose ARN names no account; by default the caller's account. */
  readonly resourceOwner?: string | undefined;
  readonly actions: readonly string[];
  /** Empty: all resources, `*`. */
  readonly resources: readonly string[];
  readonly context: readonly ContextEntry[];
  readonly resourceHandlingOption?: string | undefined;
}

export interface SimulationFault {
  readonly code: 'InvalidInput';
  readonly message: string;
}

/**
 * Which EC2 resources each scenario must name.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
 */
const SCENARIOS: Readonly<Record<string, readonly string[]>> = {
  'EC2-VPC-InstanceStore': ['instance', 'image', 'security-group', 'network-interface'],
  'EC2-VPC-InstanceStore-Subnet': ['instance', 'image', 'security-group', 'network-interface', 'subnet'],
  'EC2-VPC-EBS': ['instance', 'image', 'security-group', 'network-interface', 'volume'],
  'EC2-VPC-EBS-Subnet': ['instance', 'image', 'security-group', 'network-interface', 'subnet', 'volume'],
};

const CONTEXT_TYPE = /^(string|numeric|boolean|ip|binary|date)(List)?$/;

/** The first thing that is wrong with a simulation; undefined when it can be run. */
export function checkSimulation(simulation: Simulation): SimulationFault | undefined {
  const message =
    actionFault(simulation) ??
    resourceFault(simulation) ??
    callerFault(simulation) ??
    contextFault(simulation) ??
    policyFault(simulation);
  return message === undefined ? undefined : { code: 'InvalidInput', message };
}

function actionFault({ actions }: Simulation): string | undefined {
  const bad = actions.find((action) => !/^[a-z0-9-]+:[a-z0-9]+$/i.test(action));
  return bad === undefined ? undefined : `\`${bad}\` is no action: write the service and the action, without wildcards`;
}

function resourceFault({ resources, resourceHandlingOption: option }: Simulation): string | undefined {
  const bad = resources.find((resource) => resource !== '*' && !parseArn(resource));
  if (bad !== undefined) return `\`${bad}\` is no resource: use an ARN or \`*\``;
  if (option === undefined) return undefined;
  const needed = Object.hasOwn(SCENARIOS, option) ? SCENARIOS[option] : undefined;
  if (!needed) return `\`${option}\` is no resource handling option: use one of ${Object.keys(SCENARIOS).join(', ')}`;
  const given = new Set(resources.map((resource) => awsRef(resource, '').type));
  const lacking = needed.find((type) => !given.has(type));
  return lacking === undefined ? undefined : `the option \`${option}\` needs a resource of type \`${lacking}\``;
}

function callerFault({ callerArn, resourcePolicy, resourceOwner }: Simulation): string | undefined {
  if (callerArn !== undefined && parsePrincipal(callerArn)?.kind !== 'user') {
    return `\`${callerArn}\` cannot be simulated: the caller must be the ARN of an IAM user`;
  }
  if (resourcePolicy !== undefined && callerArn === undefined) {
    return 'a resource policy needs a caller: give the ARN of an IAM user';
  }
  return resourceOwner === undefined || parsePrincipal(resourceOwner)?.kind === 'root'
    ? undefined
    : `\`${resourceOwner}\` is no account: write \`arn:aws:iam::ACCOUNT:root\``;
}

function contextFault({ context }: Simulation): string | undefined {
  for (const { ContextKeyName: key, ContextKeyType: type, ContextKeyValues: values = [] } of context) {
    if (!key) return 'a context entry needs a `ContextKeyName`';
    const found = CONTEXT_TYPE.exec(type ?? '');
    if (!found) return `the context entry \`${key}\` has no known type`;
    if (!found[2] && values.length !== 1)
      return `the context entry \`${key}\` of type \`${type}\` needs exactly one value`;
  }
  return undefined;
}

function policyFault({ policies, boundaries, resourcePolicy }: Simulation): string | undefined {
  if (boundaries.length > 1) return 'the list of permissions boundary policies cannot have more than one item';
  const own = resourcePolicy === undefined ? [] : [{ id: 'ResourcePolicy', document: resourcePolicy }];
  return [
    ...policies.map((policy) => documentFault(policy, 'identity')),
    ...boundaries.map((policy) => documentFault(policy, 'boundary')),
    ...own.map((policy) => documentFault(policy, 'resource')),
  ].find((fault) => fault !== undefined);
}

function documentFault({ id, document }: SourcePolicy, kind: PolicyKind): string | undefined {
  const parsed = parseJson(document);
  if ('message' in parsed) return `${id}: line ${parsed.line}, column ${parsed.column}: ${parsed.message}`;
  const [problem] = compilePolicy(parsed.value, { kind, account: '', policy: id }).problems;
  if (!problem) return undefined;
  const { line, column } = parsed.locate(problem.path === '$' ? '' : problem.path);
  return `${id}: line ${line}, column ${column}: ${problem.path}: ${problem.message}`;
}
