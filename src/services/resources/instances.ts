/** Service instances: made, found, changed, locked and deleted. https://cloud.ibm.com/apidocs/resource-controller */
import type { Action, ResourceType } from '../../access.ts';
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import { type Allowed, operation } from '../../operation.ts';
import { ibmRef, parseCrn, type ResourceRef } from '../../policy/names.ts';
import type { Document, Json } from '../../store/store.ts';
import { Group, Instance, type InstanceDocument } from './access.ts';
import { planOf, regionOfTarget } from './catalog.ts';
import { allowFound } from './found.ts';
import { allowGroup } from './groups.ts';

/** What is in the way of deleting an instance: documents found under `index` by the instance's GUID. */
export interface InstanceContents {
  readonly type: ResourceType<never>;
  readonly index: string;
}

/** An instance as the caller may see it. */
export interface InstanceView {
  readonly ref: ResourceRef;
  readonly instance: Readonly<InstanceDocument>;
}

export interface NewInstance {
  readonly name: string;
  /** A region, or a deployment of the catalog by id or CRN. */
  readonly target: string;
  /** Id or CRN. */
  readonly resourceGroup: string;
  /** Id or name of a plan. */
  readonly plan: string;
  readonly tags?: readonly string[];
  readonly parameters?: Readonly<Record<string, Json>>;
  readonly allowCleanup?: boolean;
  readonly locked?: boolean;
}

export interface InstanceFilter {
  readonly guid?: string;
  readonly name?: string;
  readonly resourceGroupId?: string;
  readonly offeringId?: string;
  readonly planId?: string;
  readonly state?: string;
  /** Milliseconds since 1970, both inclusive. */
  readonly updatedFrom?: number;
  readonly updatedTo?: number;
}

/** Makes an instance. The caller needs to see the resource group, and to be allowed to create in it. */
export const createInstance = operation(
  'resources.create-instance',
  async (cx, input: NewInstance): Promise<InstanceView> => {
    const found = planOf(input.plan);
    if (!found) throw invalid('unknown-plan', 'resource_plan_id', `there is no plan \`${input.plan}\``);
    const region = regionOfTarget(found.plan, input.target);
    if (!region) {
      const where = `the plan \`${found.plan.name}\` is not deployed in \`${input.target}\``;
      throw invalid('unknown-target', 'target', where);
    }
    const { account, id: by } = cx.identity.caller;
    const group = await allowGroup(cx, Group.read, account, input.resourceGroup);
    const guid = cx.newId();
    const ref = ibmRef({ account, service: found.offering.name, location: region, instance: guid });
    const instance: InstanceDocument = {
      guid,
      name: checkedName(input.name),
      service: found.offering.name,
      planId: found.plan.id,
      region,
      resourceGroupId: group.ref.id,
      state: 'active',
      tags: input.tags ?? [],
      parameters: input.parameters ?? {},
      allowCleanup: input.allowCleanup ?? false,
      locked: input.locked ?? false,
      planHistory: [{ planId: found.plan.id, from: cx.now, by }],
      lastOperation: 'create',
      createdAt: cx.now,
      createdBy: by,
      updatedAt: cx.now,
      updatedBy: by,
    };
    cx.create(await cx.allowNew(Instance.create, ref, instance), instance);
    return { ref, instance };
  },
  { recorded: ({ name, target, resourceGroup, plan }) => ({ name, target, resourceGroup, plan }) },
);

/** A page of the account's instances that the caller may see; `next` is handed back as `start`. */
export const listInstances = operation(
  'resources.list-instances',
  async (
    cx,
    input: { filter: InstanceFilter; limit: number; start?: string },
  ): Promise<{ instances: InstanceView[]; next?: string }> => {
    const page = await cx.allowEach(Instance.list, cx.identity.caller.account, {
      limit: input.limit,
      ...(input.start === undefined ? {} : { after: input.start }),
      keep: (document) => fits(document, input.filter),
    });
    return {
      instances: page.items.map(({ ref, value }) => ({ ref, instance: value })),
      ...(page.next === undefined ? {} : { next: page.next }),
    };
  },
);

/** `id`: CRN or GUID. A removed instance is still shown, as removed. */
export const getInstance = operation(
  'resources.get-instance',
  async (cx, input: { id: string }): Promise<InstanceView> => view(await allowInstance(cx, Instance.read, input.id)),
);

export const updateInstance = operation(
  'resources.update-instance',
  async (
    cx,
    input: {
      id: string;
      name?: string;
      plan?: string;
      parameters?: Readonly<Record<string, Json>>;
      allowCleanup?: boolean;
    },
  ): Promise<InstanceView> => {
    const allowed = await allowInstance(cx, Instance.update, input.id);
    const { value } = allowed;
    checkActive(value);
    checkUnlocked(value);
    if (input.plan !== undefined && planOf(input.plan)?.plan.id !== value.planId) {
      throw invalid(
        'unknown-plan',
        'resource_plan_id',
        `\`${value.service}\` cannot change its plan to \`${input.plan}\``,
      );
    }
    return change(cx, allowed, {
      ...(input.name === undefined ? {} : { name: checkedName(input.name) }),
      ...(input.parameters === undefined ? {} : { parameters: { ...value.parameters, ...input.parameters } }),
      ...(input.allowCleanup === undefined ? {} : { allowCleanup: input.allowCleanup }),
    });
  },
  { recorded: ({ id, name, plan }) => ({ id, name, plan }) },
);

/** Locks or unlocks an instance: both may be done again. */
export const lockInstance = operation(
  'resources.lock-instance',
  async (cx, input: { id: string; locked: boolean }): Promise<InstanceView> => {
    const allowed = await allowInstance(cx, Instance.update, input.id);
    checkActive(allowed.value);
    return change(cx, allowed, { locked: input.locked });
  },
  { recorded: ({ id, locked }) => ({ id, locked }) },
);

/** Deletes an instance in which nothing is active. `contents`: what services keep in their instances. */
export function deleteInstanceOf(contents: readonly InstanceContents[]) {
  return operation(
    'resources.delete-instance',
    async (cx, input: { id: string }): Promise<void> => {
      const allowed = await allowInstance(cx, Instance.delete, input.id);
      checkActive(allowed.value);
      checkUnlocked(allowed.value);
      for (const { type, index } of contents) {
        const inside = await cx.locate(type, index, allowed.value.guid);
        if (inside.length > 0) throw containsActive(inside.length);
      }
      const by = cx.identity.caller.id;
      change(cx, allowed, { state: 'removed', lastOperation: 'delete', deletedAt: cx.now, deletedBy: by });
    },
    { recorded: ({ id }) => ({ id }) },
  );
}

/** Finds an instance by CRN or GUID and asks for it. */
async function allowInstance<N extends string>(
  cx: Context,
  action: Action<InstanceDocument, N>,
  id: string,
): Promise<Allowed<InstanceDocument, N>> {
  const crn = parseCrn(id);
  const refs = crn ? [crn] : (await cx.locate(Instance.type, 'everyGuid', id)).map(({ ref }) => ref);
  const { account } = cx.identity.caller;
  return allowFound(cx, action, refs, ibmRef({ account, service: '', instance: crn?.instance ?? id }));
}

function change(cx: Context, allowed: Allowed<InstanceDocument>, changes: Partial<InstanceDocument>): InstanceView {
  const by = cx.identity.caller.id;
  const instance: InstanceDocument = {
    ...allowed.value,
    lastOperation: 'update',
    updatedAt: cx.now,
    updatedBy: by,
    ...changes,
  };
  cx.update(allowed, instance);
  return { ref: allowed.ref, instance };
}

function view({ ref, value }: Allowed<InstanceDocument>): InstanceView {
  return { ref, instance: value };
}

function fits({ value }: Document<InstanceDocument>, filter: InstanceFilter): boolean {
  return (
    value.state === (filter.state ?? 'active') &&
    (filter.guid === undefined || value.guid === filter.guid) &&
    (filter.name === undefined || value.name === filter.name) &&
    (filter.resourceGroupId === undefined || value.resourceGroupId === filter.resourceGroupId) &&
    (filter.offeringId === undefined || planOf(value.planId)?.offering.id === filter.offeringId) &&
    (filter.planId === undefined || value.planId === filter.planId) &&
    (filter.updatedFrom === undefined || value.updatedAt >= filter.updatedFrom) &&
    (filter.updatedTo === undefined || value.updatedAt <= filter.updatedTo)
  );
}

function checkedName(name: string): string {
  if (/^[\p{L}\p{N} ._:-]{1,180}$/u.test(name)) return name;
  const rule = "an instance's name has 1 to 180 letters, digits, spaces and `- . _ :`";
  throw invalid('instance-name', 'name', `\`${name.slice(0, 200)}\`: ${rule}`);
}

function checkActive(instance: InstanceDocument): void {
  if (instance.state === 'removed') throw new Fault('gone', 'instance-removed', 'the instance has been deleted');
}

function checkUnlocked(instance: InstanceDocument): void {
  if (instance.locked) throw new Fault('state', 'instance-locked', 'the instance is locked: unlock it first');
}

/** The broker's refusal in the words that the resource controller passes on. https://cloud.ibm.com/docs/key-protect?topic=key-protect-delete-instance */
function containsActive(count: number): Fault {
  const description = `CONTAINS_ACTIVE_KEYS: Remove all keys before de-provisioning: Instance contains ${count} active keys`;
  return new Fault(
    'state',
    'instance-not-empty',
    `Please contact the Service Provider for this error. [409, Conflict] ${description}`,
  );
}

function invalid(reason: string, field: string, message: string): Fault {
  return new Fault('invalid', reason, message, { target: { type: 'field', name: field } });
}
