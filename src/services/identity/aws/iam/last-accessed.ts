/** Reports on which services a user, group, role or policy gives access to, and when that was last used. */
import type * as Iam from '@aws-sdk/client-iam';
import type { Context } from '../../../../context.ts';
import { type AnyAllowed, operation } from '../../../../operation.ts';
import type { ResourceRef } from '../../../../policy/names.ts';
import type { Answered, Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { IamAccount, tagContext } from '../access.ts';
import { allRef, IAM } from '../documents.ts';
import {
  type AccessReport,
  accessReports,
  FORGET_REPORT,
  REPORT_KEPT,
  type ReportedEntity,
  WRITE_REPORT,
} from '../usage/access-report.ts';
import { grantsService } from '../usage/granted.ts';
import { allowUsage, Usage } from '../usage/kept.ts';
import { serviceNames } from '../usage/service-names.data.ts';
import type { Use } from '../usage/uses.ts';
import { allowEntity, policiesOfEntity } from './entity.ts';
import { inOrder, pageOf } from './listing.ts';
import { readPolicy } from './policy-view.ts';

/** Who asked for a report; all sessions of a role are one. */
const askerOf = ({ identity: { caller } }: Context): string => caller.uniqueId ?? caller.id;

/**
 * Begins a report. The same right is asked for twice: of what the report is about, which tells whether it is there, and
 * for keeping the report.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
 */
export const generateServiceLastAccessedDetails = operation(
  'iam.GenerateServiceLastAccessedDetails',
  async (
    cx,
    { Arn: arn, Granularity: granularity = 'SERVICE_LEVEL' }: Input<Iam.GenerateServiceLastAccessedDetailsCommandInput>,
  ): Promise<Output<Iam.GenerateServiceLastAccessedDetailsCommandOutput>> => {
    const { account } = cx.identity.caller;
    const { ref, tags } = await subjectAsked(cx, arn);
    const usage = await allowUsage(cx, Usage.generateServiceLastAccessedDetails, ref, tagContext(tags, IAM));
    const job = cx.newId();
    cx.putPart(usage, accessReports, job, { arn, granularity, by: askerOf(cx), createdAt: cx.now });
    cx.schedule({ kind: WRITE_REPORT, account, due: cx.now, payload: { job } });
    cx.schedule({ kind: FORGET_REPORT, account, due: cx.now + REPORT_KEPT, payload: { job } });
    return { JobId: job };
  },
  { recorded: ({ Arn, Granularity }) => ({ Arn, Granularity }) },
);

async function subjectAsked(
  cx: Context,
  arn: string,
): Promise<{ readonly ref: ResourceRef; readonly tags: Readonly<Record<string, string>> }> {
  if (/^arn:[^:]*:iam:[^:]*:[^:]*:policy\//.test(arn)) {
    const { allowed, policy } = await readPolicy(cx, 'generateServiceLastAccessedDetails', arn);
    return { ref: allowed.ref, tags: policy.tags };
  }
  const { kind, allowed } = await allowEntity(cx, 'generateServiceLastAccessedDetails', arn);
  return { ref: allowed.ref, tags: kind === 'group' ? {} : allowed.value.tags };
}

export const getServiceLastAccessedDetails = operation(
  'iam.GetServiceLastAccessedDetails',
  async (
    cx,
    input: Input<Iam.GetServiceLastAccessedDetailsCommandInput>,
  ): Promise<Output<Iam.GetServiceLastAccessedDetailsCommandOutput>> => {
    const allowed = await cx.allow(IamAccount.getServiceLastAccessedDetails, allRef(cx.identity.caller.account));
    const report = await reportOf(cx, allowed, input.JobId);
    const services = report.result?.services ?? [];
    const { items, rest } = await pageOf(cx, ['GetServiceLastAccessedDetails', input.JobId], input, inOrder(services));
    return {
      ...statusOf(report),
      JobType: report.granularity,
      ServicesLastAccessed: items.map((service) => shownService(service, report.result?.entities ?? [])),
      ...rest,
    };
  },
  { recorded: ({ JobId }) => ({ JobId }) },
);

export const getServiceLastAccessedDetailsWithEntities = operation(
  'iam.GetServiceLastAccessedDetailsWithEntities',
  async (
    cx,
    input: Input<Iam.GetServiceLastAccessedDetailsWithEntitiesCommandInput>,
  ): Promise<Output<Iam.GetServiceLastAccessedDetailsWithEntitiesCommandOutput>> => {
    const { JobId, ServiceNamespace: service } = input;
    const { account } = cx.identity.caller;
    const allowed = await cx.allow(IamAccount.getServiceLastAccessedDetailsWithEntities, allRef(account));
    const report = await reportOf(cx, allowed, JobId);
    requireService(service);
    const entities = report.result?.services.includes(service) ? newestFirst(report.result.entities, service) : [];
    const scope = ['GetServiceLastAccessedDetailsWithEntities', JobId, service];
    const { items, rest } = await pageOf(cx, scope, input, inOrder(entities));
    return {
      ...statusOf(report),
      EntityDetailsList: items.map(({ kind, arn, id, name, path, services }) => ({
        EntityInfo: { Arn: arn, Name: name, Type: kind, Id: id, Path: path },
        LastAuthenticated: dateOf(services[service]),
      })),
      ...rest,
    };
  },
  { recorded: ({ JobId, ServiceNamespace }) => ({ JobId, ServiceNamespace }) },
);

/** A report is for who asked for it alone. */
async function reportOf(cx: Context, allowed: AnyAllowed, job: string): Promise<AccessReport> {
  const { account } = allowed.ref;
  const report = (await cx.accountOf(allowed).get(accessReports, account, `${account}/${job}`))?.value;
  if (report?.by === askerOf(cx)) return report;
  throw awsFault('NoSuchEntity', `The job with id ${job} cannot be found.`);
}

function statusOf({ arn, createdAt, result }: AccessReport) {
  return {
    JobStatus:
      result === undefined ? ('IN_PROGRESS' as const) : result.failed ? ('FAILED' as const) : ('COMPLETED' as const),
    JobCreationDate: new Date(createdAt),
    JobCompletionDate: result && new Date(result.completedAt),
    ...(result?.failed ? { Error: { Code: 'NoSuchEntity', Message: `ARN ${arn} is no longer there.` } } : {}),
  };
}

/** The last use of a service by any of the entities, how many used it, and its actions. */
function shownService(service: string, entities: readonly ReportedEntity[]): Iam.ServiceLastAccessed {
  const [last, ...others] = newestFirst(entities, service).filter(({ services }) => services[service] !== undefined);
  return {
    ServiceName: serviceNames[service] ?? service,
    ServiceNamespace: service,
    LastAuthenticated: dateOf(last?.services[service]),
    LastAuthenticatedEntity: last?.arn,
    LastAuthenticatedRegion: last?.services[service]?.region,
    TotalAuthenticatedEntities: last ? others.length + 1 : 0,
    TrackedActionsLastAccessed: actionsUsed(service, entities),
  };
}

/** Actions of the service that were used; undefined when there are none. */
function actionsUsed(
  service: string,
  entities: readonly ReportedEntity[],
): Iam.TrackedActionLastAccessed[] | undefined {
  const found = new Map<string, { readonly arn: string; readonly use: Use }>();
  for (const { arn, actions = {} } of entities) {
    for (const [action, use] of Object.entries(actions)) {
      if (action.startsWith(`${service}:`) && use.at >= (found.get(action)?.use.at ?? 0))
        found.set(action, { arn, use });
    }
  }
  if (found.size === 0) return undefined;
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([action, { arn, use }]) => ({
      ActionName: action.slice(service.length + 1),
      LastAccessedEntity: arn,
      LastAccessedTime: new Date(use.at),
      LastAccessedRegion: use.region,
    }));
}

function newestFirst(entities: readonly ReportedEntity[], service: string): readonly ReportedEntity[] {
  const at = ({ services }: ReportedEntity): number => services[service]?.at ?? 0;
  return entities.toSorted((a, b) => at(b) - at(a));
}

const dateOf = (use: Use | undefined): Date | undefined => use && new Date(use.at);

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPoliciesGrantingServiceAccess.html */
export const listPoliciesGrantingServiceAccess = operation(
  'iam.ListPoliciesGrantingServiceAccess',
  async (
    cx,
    { Arn: arn, Marker, ServiceNamespaces }: Input<Iam.ListPoliciesGrantingServiceAccessCommandInput>,
  ): Promise<Output<Iam.ListPoliciesGrantingServiceAccessCommandOutput>> => {
    const entity = await allowEntity(cx, 'listPoliciesGrantingServiceAccess', arn);
    ServiceNamespaces.forEach(requireService);
    const sources = await policiesOfEntity(cx, entity);
    const scope = ['ListPoliciesGrantingServiceAccess', arn, ...ServiceNamespaces];
    const { items, rest } = await pageOf(cx, scope, { Marker }, inOrder(ServiceNamespaces));
    return {
      PoliciesGrantingServiceAccess: items.map((service) => ({
        ServiceNamespace: service,
        Policies: sources.filter(({ text }) => grantsService(text, service)).map(shownSource),
      })),
      ...rest,
    };
  },
  { recorded: ({ Arn, ServiceNamespaces }) => ({ Arn, ServiceNamespaces }) },
);

const ENTITY_TYPES = { user: 'USER', group: 'GROUP', role: 'ROLE' } as const;

function shownSource({
  holder,
  name,
  arn,
}: Awaited<ReturnType<typeof policiesOfEntity>>[number]): Iam.PolicyGrantingServiceAccess {
  return arn === undefined
    ? { PolicyName: name, PolicyType: 'INLINE', EntityType: ENTITY_TYPES[holder.kind], EntityName: holder.entity.name }
    : { PolicyName: name, PolicyType: 'MANAGED', PolicyArn: arn };
}

function requireService(service: string): void {
  if (Object.hasOwn(serviceNames, service)) return;
  throw awsFault('InvalidInput', `Invalid Service Namespace: \`${service}\` is the prefix of no service's actions`);
}

export const lastAccessedOperations = {
  GenerateServiceLastAccessedDetails: generateServiceLastAccessedDetails,
  GetServiceLastAccessedDetails: getServiceLastAccessedDetails,
  GetServiceLastAccessedDetailsWithEntities: getServiceLastAccessedDetailsWithEntities,
  ListPoliciesGrantingServiceAccess: listPoliciesGrantingServiceAccess,
} satisfies Answered<typeof Iam>;
