/** The policy simulator: what policies would say, those of an entity or those of the request alone. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import { operation } from '../../../../operation.ts';
import { contextKeysIn } from '../../../../policy/aws/context-keys.ts';
import { simulate } from '../../../../policy/aws/simulate.ts';
import { checkSimulation, type Simulation, type SourcePolicy } from '../../../../policy/aws/simulation-input.ts';
import { arnOf, awsRef, nameWithoutPath } from '../../../../policy/names.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IamAccount } from '../access.ts';
import { allRef } from '../documents.ts';
import { inlineId, type PolicySource } from '../policy-sources.ts';
import { allowEntity, boundaryOf, type Entity, policiesOfEntity } from './entity.ts';
import { inOrder, pageOf } from './listing.ts';

/** One page is no more work than this, however many resources are named. */
const DECISIONS_PER_PAGE = 10_000;
const ACTIONS_PER_PAGE = 100;

type CustomInput = Input<Iam.SimulateCustomPolicyCommandInput>;
type PrincipalInput = Input<Iam.SimulatePrincipalPolicyCommandInput>;

export const simulateCustomPolicy = operation(
  'iam.SimulateCustomPolicy',
  async (cx, input: CustomInput): Promise<Output<Iam.SimulateCustomPolicyCommandOutput>> => {
    await cx.allow(IamAccount.simulateCustomPolicy, allRef(cx.identity.caller.account));
    return pageOfResults(cx, input, {
      ...requested(cx, input),
      policies: numbered('PolicyInputList', input.PolicyInputList),
      boundaries: givenBoundaries(input),
      callerArn: input.CallerArn,
    });
  },
  { recorded: ({ CallerArn, ActionNames }) => ({ CallerArn, actions: ActionNames.length }) },
);

export const simulatePrincipalPolicy = operation(
  'iam.SimulatePrincipalPolicy',
  async (cx, input: PrincipalInput): Promise<Output<Iam.SimulatePrincipalPolicyCommandOutput>> => {
    const entity = await allowEntity(cx, 'simulatePrincipalPolicy', input.PolicySourceArn);
    const own = (await policiesOfEntity(cx, entity)).map(sourcePolicy);
    return pageOfResults(cx, input, {
      ...requested(cx, input),
      policies: [...own, ...numbered('PolicyInputList', input.PolicyInputList)],
      boundaries: input.PermissionsBoundaryPolicyInputList ? givenBoundaries(input) : await ownBoundary(cx, entity),
      callerArn: input.CallerArn ?? (entity.kind === 'user' ? arnOf(entity.allowed.ref) : undefined),
    });
  },
  {
    recorded: ({ PolicySourceArn, CallerArn, ActionNames }) => ({
      PolicySourceArn,
      CallerArn,
      actions: ActionNames.length,
    }),
  },
);

export const getContextKeysForCustomPolicy = operation(
  'iam.GetContextKeysForCustomPolicy',
  async (
    cx,
    { PolicyInputList }: Input<Iam.GetContextKeysForCustomPolicyCommandInput>,
  ): Promise<Output<Iam.GetContextKeysForCustomPolicyCommandOutput>> => {
    await cx.allow(IamAccount.getContextKeysForCustomPolicy, allRef(cx.identity.caller.account));
    return keysOf(cx, numbered('PolicyInputList', PolicyInputList));
  },
);

export const getContextKeysForPrincipalPolicy = operation(
  'iam.GetContextKeysForPrincipalPolicy',
  async (
    cx,
    { PolicySourceArn, PolicyInputList }: Input<Iam.GetContextKeysForPrincipalPolicyCommandInput>,
  ): Promise<Output<Iam.GetContextKeysForPrincipalPolicyCommandOutput>> => {
    const entity = await allowEntity(cx, 'getContextKeysForPrincipalPolicy', PolicySourceArn);
    const own = (await policiesOfEntity(cx, entity)).map(sourcePolicy);
    return keysOf(cx, [...own, ...numbered('PolicyInputList', PolicyInputList)]);
  },
  { recorded: ({ PolicySourceArn }) => ({ PolicySourceArn }) },
);

/** What both simulations take from the request alike. */
function requested(
  cx: Context,
  input: CustomInput | PrincipalInput,
): Omit<Simulation, 'policies' | 'boundaries' | 'callerArn'> {
  return {
    resourcePolicy: input.ResourcePolicy,
    account: cx.identity.caller.account,
    resourceOwner: ownerArn(input.ResourceOwner),
    actions: input.ActionNames,
    resources: input.ResourceArns ?? [],
    context: input.ContextEntries ?? [],
    resourceHandlingOption: input.ResourceHandlingOption,
  };
}

/** The owner of resources is an account: its id alone means the same as its ARN. */
function ownerArn(owner: string | undefined): string | undefined {
  return owner !== undefined && /^\d{12}$/.test(owner) ? `arn:aws:iam::${owner}:root` : owner;
}

/** A page of the actions, simulated. A mark is good for the same request alone. */
async function pageOfResults(
  cx: Context,
  { Marker, MaxItems = ACTIONS_PER_PAGE, ...rest }: CustomInput | PrincipalInput,
  simulation: Simulation,
): Promise<Output<Iam.SimulateCustomPolicyCommandOutput>> {
  requireGood(simulation);
  const most = Math.max(1, Math.floor(DECISIONS_PER_PAGE / Math.max(1, simulation.resources.length)));
  const listing = { Marker, MaxItems: Math.min(MaxItems, most) };
  const page = await pageOf(cx, ['Simulate', JSON.stringify(rest)], listing, inOrder(simulation.actions));
  const simulated = simulate({ ...simulation, actions: page.items });
  if ('code' in simulated) throw awsFault(simulated.code, simulated.message);
  // The types of policies that AWS answers are none of its own enumeration.
  return { EvaluationResults: simulated.results as Iam.EvaluationResult[], ...page.rest };
}

function requireGood(simulation: Simulation): void {
  const fault = checkSimulation(simulation);
  if (fault) throw awsFault(fault.code, fault.message);
}

/** Policies of the request, by the ids that results name them by. */
function numbered(parameter: string, documents: readonly string[] = []): readonly SourcePolicy[] {
  return documents.map((document, n) => ({ id: `${parameter}.${n + 1}`, document }));
}

function sourcePolicy({ holder, name, arn, text }: PolicySource): SourcePolicy {
  return { id: arn === undefined ? inlineId(holder, name) : name, document: text };
}

function givenBoundaries({
  PermissionsBoundaryPolicyInputList,
}: CustomInput | PrincipalInput): readonly SourcePolicy[] {
  return numbered('PermissionsBoundaryPolicyInputList', PermissionsBoundaryPolicyInputList);
}

async function ownBoundary(cx: Context, entity: Entity): Promise<readonly SourcePolicy[]> {
  const boundary = await boundaryOf(cx, entity);
  return boundary === undefined ? [] : [{ id: nameWithoutPath(awsRef(boundary.arn, '').id), document: boundary.text }];
}

/** The keys that policies refer to. Throws `InvalidInput` for a text that is no policy. */
function keysOf(
  cx: Context,
  policies: readonly SourcePolicy[],
): Output<Iam.GetContextKeysForCustomPolicyCommandOutput> {
  const { account } = cx.identity.caller;
  requireGood({ policies, boundaries: [], account, actions: [], resources: [], context: [] });
  return { ContextKeyNames: [...contextKeysIn(policies.map(({ document }) => document))] };
}

export const simulationOperations = {
  SimulateCustomPolicy: simulateCustomPolicy,
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
  GetContextKeysForCustomPolicy: getContextKeysForCustomPolicy,
  GetContextKeysForPrincipalPolicy: getContextKeysForPrincipalPolicy,
} satisfies Answered<typeof Iam>;
