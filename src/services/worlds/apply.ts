/**
 * Applying a world file: what is new is added, what is there stays as it is. What the file says otherwise about it is
 * told, not done.
 */
import type { Context } from '../../context.ts';
import { Fault } from '../../faults.ts';
import { operation } from '../../operation.ts';
import {
  Account,
  accountRef,
  EVERY_ACCOUNT,
  emailKey,
  Membership,
  membershipRef,
  Person,
  personRef,
} from '../accounts/access.ts';
import { Grouping, type GroupingDocument, groupingRef } from '../accounts/groupings.ts';
import { ApiKey, apiKeyRef, iamIdOf, ServiceId, Settings, serviceIdRef, settingsRef } from '../identity/ibm/access.ts';
import { NEW_SETTINGS } from '../identity/ibm/settings.ts';
import { digestOf, newSecret } from '../identity/identity.ts';
import { WorldFile, worldFileRef } from './access.ts';
import { applyAws } from './apply-aws.ts';
import type { IbmAccount, World } from './file.ts';
import { applyGrants, type WantedGrant } from './grants.ts';

/** Announced for each account that is made: `{ cloud }`. */
export const ACCOUNT_MADE = 'accounts.made';
const MOST_ACCOUNTS = 10_000;
const MOST_MEMBERS = 7_500;

export interface MadeCredential {
  readonly account: string;
  /** E-mail address, service ID's name, `root`, or an AWS user's name. */
  readonly principal: string;
  readonly apiKey?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
}

/** What applying did. `credentials` are those that the file left out: they are shown this once. */
export interface Applied {
  readonly added: string[];
  /** What the file says that was not done, in words. */
  readonly notDone: string[];
  readonly credentials: MadeCredential[];
}

/** One run of `apply`. */
export interface Applying extends Applied {
  readonly cx: Context;
}

export const applyWorld = operation('worlds.apply', async (cx, world: World): Promise<Applied> => {
  const run: Applying = { cx, added: [], notDone: [], credentials: [] };
  await cx.allowNew(WorldFile.apply, worldFileRef, {});
  await reportAbsent(run, world);
  for (const account of world.ibm) await applyIbm(run, account);
  for (const account of world.aws) await applyAws(run, account);
  for (const enterprise of world.enterprises) {
    await applyGrouping(run, `enterprise-${enterprise.name}`, `enterprise \`${enterprise.name}\``, { enterprise });
  }
  for (const organization of world.organizations) {
    await applyGrouping(run, organization.id, `organization \`${organization.id}\``, { organization });
  }
  return { added: run.added, notDone: run.notDone, credentials: run.credentials };
});

async function reportAbsent({ cx, notDone }: Applying, world: World): Promise<void> {
  const wanted = new Set([...world.ibm, ...world.aws].map(({ id }) => id));
  for (const { ref } of await cx.locate(Account.type, 'every', EVERY_ACCOUNT, MOST_ACCOUNTS)) {
    if (!wanted.has(ref.account)) notDone.push(`account \`${ref.account}\` is not in the file: it stays`);
  }
}

async function applyIbm(run: Applying, wanted: IbmAccount): Promise<void> {
  const { cx } = run;
  const owner = await person(run, wanted.owner.email, wanted.owner.name);
  const account = await cx.allowIfThere(Account.read, accountRef(wanted.id));
  if (account) {
    if (account.value.name !== wanted.name) {
      run.notDone.push(`account \`${wanted.id}\` keeps its name \`${account.value.name}\``);
    }
    if (account.value.owner !== owner) run.notDone.push(`account \`${wanted.id}\` keeps its owner`);
  } else {
    const draft = { id: wanted.id, name: wanted.name, cloud: 'ibm', owner, createdAt: cx.now } as const;
    cx.create(await cx.allowNew(Account.create, accountRef(wanted.id), draft), draft);
    cx.create(await cx.allowNew(Settings.create, settingsRef(wanted.id), NEW_SETTINGS), NEW_SETTINGS);
    cx.emit(ACCOUNT_MADE, wanted.id, { cloud: 'ibm' });
    run.added.push(`account \`${wanted.id}\` (${wanted.name})`);
  }
  const members: Member[] = [{ ...wanted.owner, iamId: owner, policies: [] }];
  for (const user of wanted.users) members.push({ ...user, iamId: await person(run, user.email, user.name) });
  for (const member of members) {
    await applyMember(run, wanted.id, member);
    await applyGrants(run, wanted.id, { iamId: member.iamId, name: member.email }, member.policies);
  }
  await reportAbsentMembers(run, wanted.id, new Set(members.map(({ iamId }) => iamId)));
  for (const serviceId of wanted.serviceIds) {
    const iamId = await applyServiceId(run, wanted.id, serviceId);
    await applyGrants(run, wanted.id, { iamId, name: serviceId.name }, serviceId.policies);
  }
}

/** The iam_id of the person with an e-mail address, who is made when unknown. */
async function person({ cx, notDone }: Applying, email: string, name: string | undefined): Promise<string> {
  const [found] = await cx.locate(Person.type, 'email', emailKey(email));
  if (found) {
    const { value } = await cx.allow(Person.read, found.ref);
    if (name !== undefined && value.name !== name) notDone.push(`\`${email}\` keeps the name \`${value.name}\``);
    return found.ref.id;
  }
  const iamId = `IBMid-${cx.newId().replaceAll('-', '').slice(0, 10).toUpperCase()}`;
  const draft = { iamId, email, name: name ?? email.slice(0, email.indexOf('@')) };
  cx.create(await cx.allowNew(Person.create, personRef(iamId), draft), draft);
  return iamId;
}

interface Member {
  readonly email: string;
  readonly iamId: string;
  readonly apiKey?: string | undefined;
  readonly policies: readonly WantedGrant[];
}

async function applyMember(run: Applying, account: string, member: Member): Promise<void> {
  const { cx } = run;
  const ref = membershipRef(account, member.iamId);
  if (await cx.allowIfThere(Membership.read, ref)) {
    if (member.apiKey !== undefined && !(await isKeyOf(cx, member.apiKey, member.iamId))) {
      run.notDone.push(`\`${member.email}\` keeps the API keys they have in account \`${account}\``);
    }
    return;
  }
  const draft = { iamId: member.iamId, state: 'ACTIVE', addedAt: cx.now } as const;
  cx.create(await cx.allowNew(Membership.create, ref, draft), draft);
  run.added.push(`\`${member.email}\` in account \`${account}\``);
  // One person, one key for all their accounts, unless the file gives another.
  const hasKey = (await cx.locate(ApiKey.type, 'iamId', member.iamId)).length > 0;
  if (member.apiKey !== undefined || !hasKey) await addKey(run, account, member.iamId, member.email, member.apiKey);
}

async function isKeyOf(cx: Context, apiKey: string, iamId: string): Promise<boolean> {
  const [found] = await cx.locate(ApiKey.type, 'digest', digestOf(apiKey));
  return found?.attributes['iamId'] === iamId;
}

async function addKey(run: Applying, account: string, iamId: string, principal: string, given?: string): Promise<void> {
  const { cx } = run;
  const apiKey = given ?? newSecret();
  const digest = digestOf(apiKey);
  if (given !== undefined && (await cx.locate(ApiKey.type, 'digest', digest)).length > 0) {
    if (await isKeyOf(cx, given, iamId)) return;
    throw new Fault(
      'conflict',
      'api-key-taken',
      `the API key of \`${principal}\` is somebody else's already: give another`,
    );
  }
  const draft = {
    name: 'world',
    description: 'made by a world file',
    iamId,
    digest,
    locked: false,
    disabled: false,
    supportSessions: false,
    actionWhenLeaked: 'none',
    createdAt: cx.now,
    createdBy: cx.identity.caller.id,
    modifiedAt: cx.now,
  } as const;
  const ref = apiKeyRef(account, `ApiKey-${cx.newId()}`);
  cx.create(await cx.allowNew(ApiKey.createOwn, ref, draft), draft);
  if (given === undefined) run.credentials.push({ account, principal, apiKey });
}

async function reportAbsentMembers({ cx, notDone }: Applying, account: string, wanted: ReadonlySet<string>) {
  const page = await cx.allowEach(Membership.read, account, { limit: MOST_MEMBERS });
  for (const { value } of page.items) {
    if (wanted.has(value.iamId)) continue;
    const { email } = (await cx.allow(Person.read, personRef(value.iamId))).value;
    notDone.push(`\`${email}\` is not in the file: they stay in account \`${account}\``);
  }
}

/** The service ID's iam_id. */
async function applyServiceId(run: Applying, account: string, wanted: IbmAccount['serviceIds'][number]) {
  const { cx } = run;
  const query = { index: 'name', key: wanted.name, limit: 1 };
  const [found] = (await cx.allowEach(ServiceId.read, account, query)).items;
  if (found) {
    if (wanted.apiKey !== undefined && !(await isKeyOf(cx, wanted.apiKey, iamIdOf(found.ref.id)))) {
      run.notDone.push(`service ID \`${wanted.name}\` keeps the API keys it has in account \`${account}\``);
    }
    return iamIdOf(found.ref.id);
  }
  const id = `ServiceId-${cx.newId()}`;
  const draft = {
    name: wanted.name,
    ...(wanted.description === undefined ? {} : { description: wanted.description }),
    uniqueInstanceCrns: [],
    locked: false,
    createdAt: cx.now,
    createdBy: cx.identity.caller.id,
    modifiedAt: cx.now,
  };
  cx.create(await cx.allowNew(ServiceId.create, serviceIdRef(account, id), draft), draft);
  run.added.push(`service ID \`${wanted.name}\` in account \`${account}\``);
  await addKey(run, account, iamIdOf(id), wanted.name, wanted.apiKey);
  return iamIdOf(id);
}

/** Kept as the file has it; the services that answer for enterprises and organizations will read it. */
async function applyGrouping(run: Applying, id: string, words: string, draft: GroupingDocument) {
  const found = await run.cx.allowIfThere(Grouping.read, groupingRef(id));
  if (found) {
    if (JSON.stringify(found.value) !== JSON.stringify(draft)) run.notDone.push(`${words} keeps the accounts it has`);
    return;
  }
  run.cx.create(await run.cx.allowNew(Grouping.create, groupingRef(id), draft), draft);
  run.added.push(words);
}
