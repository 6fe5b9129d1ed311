/**
 * Roles of B and C enter A by a role of A that trusts them: example 2 of the document "Share resources securely", first
 * as it is printed, then with what is wrong in it put right.
 */
import assert from 'node:assert/strict';
import type { AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { makeRole, makeUser } from './aws-cast.ts';
import type { AwsClients } from './aws-clients.ts';
import { may, policyOf, rootOf, type Statement, trusts } from './aws-policies.ts';
import { type AwsParties, type AwsStory, type Land, tellAws } from './aws-story.ts';
import { failedOn } from './explained.ts';
import { type IbmPeople, userSessions, webIdentity } from './federation.ts';
import { sessions } from './sessions.ts';
import type { Plane, Story } from './story.ts';

const EXTERNAL_ID = 'SharedResourceAccess2024';
const PRINTED_ADDRESSES = ['10.0.0.0/8', '172.16.0.0/12'];
const PRINTED_WINDOW = { from: '2024-01-01T00:00:00Z', to: '2024-12-31T23:59:59Z' };
const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const HOUR = 3_600_000;

interface Trust {
  readonly roles: readonly string[];
  readonly addresses?: readonly string[];
  readonly window?: Window;
}

interface Window {
  readonly from: string;
  readonly to: string;
}

const windowOf = (from: number, to: number): Window => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** The trust policy of the example, with its Sid added. */
function trustOf({ roles, addresses = PRINTED_ADDRESSES, window = PRINTED_WINDOW }: Trust): Statement {
  return trusts('Partners', roles, 'sts:AssumeRole', {
    StringEquals: { 'sts:ExternalId': EXTERNAL_ID },
    IpAddress: { 'aws:SourceIp': addresses },
    DateGreaterThan: { 'aws:CurrentTime': window.from },
    DateLessThan: { 'aws:CurrentTime': window.to },
  });
}

/** Plays the story; answers how many calls it was. */
export async function assume(plane: Plane, parties: AwsParties, people: IbmPeople): Promise<Story['counts']> {
  const story = tellAws(plane, parties);
  const scene = await setScene(story);
  const inside = await windowOfExample(story, scene);
  await eachCondition(story, scene, inside);
  await sessions(story);
  await userSessions(story);
  await webIdentity(story, plane.ibm, people);
  return story.counts;
}

/** A role of a partner and a user who may become it. */
interface Partner {
  readonly role: string;
  readonly user: AwsClients;
  become(): Promise<AssumeRoleCommandOutput>;
}

interface Scene {
  readonly processing: Partner;
  readonly analytics: Partner;
  /** One whom A does not know. */
  readonly stranger: Partner;
  /** Name of the role of A. */
  readonly entrance: string;
  /** Enters A; `ExternalId`: that of the example unless another is given, none for null. */
  enter(session: AwsClients, ExternalId?: string | null): () => Promise<AssumeRoleCommandOutput>;
  /** Sets the trust policy of the role of A. */
  trust(next: Omit<Trust, 'roles'>): Promise<unknown>;
}

async function setScene(story: AwsStory): Promise<Scene> {
  const { a, b, c, run } = story;
  const entrance = `SharedResources-${run}`;
  const RoleArn = `arn:aws:iam::${a.account}:role/${entrance}`;
  const processing = await makePartner(story, b, 'DataProcessingRole', RoleArn);
  const analytics = await makePartner(story, c, 'AnalyticsRole', RoleArn);
  const stranger = await makePartner(story, c, 'StrangerRole', RoleArn);
  const roles = [processing.role, analytics.role];
  return {
    processing,
    analytics,
    stranger,
    entrance,
    enter:
      ({ sts }, ExternalId = EXTERNAL_ID) =>
      () =>
        sts.assumeRole({ RoleArn, RoleSessionName: 'visit', ...(ExternalId === null ? {} : { ExternalId }) }),
    trust: (next) =>
      a.admin.iam.updateAssumeRolePolicy({
        RoleName: entrance,
        PolicyDocument: policyOf(trustOf({ roles, ...next })),
      }),
  };
}

async function makePartner(story: AwsStory, land: Land, name: string, entrance: string): Promise<Partner> {
  const RoleName = `${name}-${story.run}`;
  const role = `arn:aws:iam::${land.account}:role/${RoleName}`;
  const user = await makeUser(story.endpoint, land, `user-of-${RoleName}`, may('Become', 'sts:AssumeRole', role));
  const ownAccount = trusts('OwnAccount', rootOf(land.account));
  await makeRole(land, RoleName, [ownAccount], may('Enter', 'sts:AssumeRole', entrance));
  return { role, user, become: () => user.sts.assumeRole({ RoleArn: role, RoleSessionName: 'work' }) };
}

/** The partners' sessions, and the window in which they may enter. */
interface Inside {
  readonly ofB: AwsClients;
  readonly ofC: AwsClients;
  readonly window: Window;
}

async function windowOfExample(story: AwsStory, scene: Scene): Promise<Inside> {
  const { a } = story;
  const { processing, analytics, entrance, enter, trust } = scene;
  story.say('\n1. The trust policy as the document prints it');
  const printed = ['arn:aws:iam::ACCOUNT-A:role/DataProcessingRole', 'arn:aws:iam::ACCOUNT-B:role/AnalyticsRole'];
  await story.refused('A makes the role for `ACCOUNT-A`', 'MalformedPolicyDocumentException', () =>
    a.admin.iam.createRole({
      RoleName: entrance,
      AssumeRolePolicyDocument: policyOf(trustOf({ roles: printed })),
    }),
  );
  await makeRole(a, entrance, [trustOf({ roles: [processing.role, analytics.role] })]);
  story.say('         with the ids of B and C, and roles that they have, A can make it');
  const ofB = story.as(await story.allowed("B's user becomes DataProcessingRole", processing.become));
  const ofC = story.as(await story.allowed("C's user becomes AnalyticsRole", analytics.become));
  const inA = { account: a.account, layer: 'resource' };
  const closed = { ...inA, key: 'aws:currenttime' };
  await story.denied("B's role enters A from this machine", { ...inA, key: 'aws:sourceip' }, enter(ofB));
  await trust({ addresses: LOOPBACK });
  const late = await story.denied("B's role enters A in 2024's window", closed, enter(ofB));
  const [passed] = failedOn(await story.why(late), 'aws:currenttime');
  assert.deepEqual(passed?.failed?.expected, [PRINTED_WINDOW.to], '`why` says until when it was open');
  assert.ok(Date.parse(passed.failed.got?.[0] ?? '') > Date.parse(PRINTED_WINDOW.to), '`why` says when it was asked');

  story.say('\n2. The window moved');
  const now = await story.now();
  await trust({ addresses: LOOPBACK, window: windowOf(now + HOUR, now + 2 * HOUR) });
  await story.denied("B's role enters A before it opens", closed, enter(ofB));
  const window = windowOf(now - HOUR, now + HOUR);
  await trust({ addresses: LOOPBACK, window });
  const visit = story.as(await story.allowed("B's role enters A", enter(ofB)));
  await story.allowed("C's role enters A", enter(ofC));
  const visitor = await story.allowed('the visitor asks who it is', () => visit.sts.getCallerIdentity({}));
  assert.equal(visitor.Arn, `arn:aws:sts::${a.account}:assumed-role/${entrance}/visit`);
  return { ofB, ofC, window };
}

async function eachCondition(story: AwsStory, scene: Scene, { ofB, ofC, window }: Inside): Promise<void> {
  const { processing, stranger, enter, trust } = scene;
  story.say('\n3. Each condition, and who is trusted');
  const inA = { account: story.a.account, layer: 'resource' };
  await story.denied("with another partner's ExternalId", { ...inA, key: 'sts:externalid' }, enter(ofB, 'Guessed'));
  await story.denied('without an ExternalId', { ...inA, key: 'sts:externalid' }, enter(ofB, null));
  await trust({ window });
  await story.denied('from an address outside', { ...inA, key: 'aws:sourceip' }, enter(ofC));
  await trust({ addresses: LOOPBACK, window });
  const unknown = story.as(await story.allowed("C's user becomes a role that A does not know", stranger.become));
  await story.denied('that role enters A', inA, enter(unknown));
  await story.denied("B's user itself enters A", inA, enter(processing.user));
  await story.advanceClock((2 * HOUR) / 1000);
  await story.refused("B's session after its hour", 'ExpiredToken', enter(ofB));
  const next = story.as(await processing.become());
  await story.denied("B's role enters A after the window", { ...inA, key: 'aws:currenttime' }, enter(next));
}
