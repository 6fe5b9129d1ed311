/**
 * Roles of B and C enter A by a role of A that trusts them: example 2 of the document "Share resources securely", first
 * as it is printed, then with what is wrong in it put right.
 */
import assert from 'node:assert/strict';
import { type AwsClients, sessionOf } from './aws-clients.ts';
import { may, policyOf, rootOf, type Statement, trusts } from './aws-policies.ts';
import { type AwsParties, type AwsStory, type Land, makeRole, makeUser, tellAws } from './aws-story.ts';
import { failedOn } from './explained.ts';
import { type IbmPeople, userSessions, webIdentity } from './federation.ts';
import { sessions } from './sessions.ts';
import type { Plane, Story } from './story.ts';

const EXTERNAL_ID = 'SharedResourceAccess2024';
const PRINTED_ADDRESSES = ['10.0.0.0/8', '172.16.0.0/12'];
const PRINTED_WINDOW = { from: '2024-01-01T00:00:00Z', to: '2024-12-31T23:59:59Z' };
const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const HOUR = 3600;

interface Trust {
  readonly roles: readonly string[];
  readonly addresses?: readonly string[];
  readonly window?: { readonly from: string; readonly to: string };
}

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
  await partners(story);
  await sessions(story);
  await userSessions(story);
  await webIdentity(story, plane.ibm, people);
  return story.counts;
}

/** A role of a partner and a user who may become it; what the role may enter is in A. */
interface Partner {
  readonly user: AwsClients;
  readonly role: string;
}

async function makePartner(story: AwsStory, land: Land, name: string, entrance: string): Promise<Partner> {
  const role = `arn:aws:iam::${land.account}:role/${name}-${story.run}`;
  const user = await makeUser(
    story.endpoint,
    land,
    `user-of-${name}-${story.run}`,
    may('Become', 'sts:AssumeRole', role),
  );
  await makeRole(
    land,
    `${name}-${story.run}`,
    [trusts('OwnAccount', rootOf(land.account))],
    may('Enter', 'sts:AssumeRole', entrance),
  );
  return { user, role };
}

async function partners(story: AwsStory): Promise<void> {
  const { a, b, c, run } = story;
  const RoleName = `SharedResources-${run}`;
  const entrance = `arn:aws:iam::${a.account}:role/${RoleName}`;
  const processing = await makePartner(story, b, 'DataProcessingRole', entrance);
  const analytics = await makePartner(story, c, 'AnalyticsRole', entrance);
  const stranger = await makePartner(story, c, 'StrangerRole', entrance);
  const roles = [processing.role, analytics.role];

  const become =
    ({ user, role }: Partner) =>
    () =>
      user.sts.assumeRole({ RoleArn: role, RoleSessionName: 'work' });
  const enter =
    (session: AwsClients, ExternalId: string | undefined = EXTERNAL_ID) =>
    () =>
      session.sts.assumeRole({ RoleArn: entrance, RoleSessionName: 'visit', ExternalId });
  const trust = (next: Trust) =>
    a.admin.iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: policyOf(trustOf(next)) });

  story.say('\n1. The trust policy as the document prints it');
  const printed = ['arn:aws:iam::ACCOUNT-A:role/DataProcessingRole', 'arn:aws:iam::ACCOUNT-B:role/AnalyticsRole'];
  await story.refused('A makes the role for `ACCOUNT-A`', 'MalformedPolicyDocumentException', () =>
    a.admin.iam.createRole({ RoleName, AssumeRolePolicyDocument: policyOf(trustOf({ roles: printed })) }),
  );
  await makeRole(a, RoleName, [trustOf({ roles })]);
  story.say('         with the ids of B and C, and roles that they have, A can make it');
  const b1 = sessionOf(story.endpoint, await story.allowed("B's user becomes DataProcessingRole", become(processing)));
  const c1 = sessionOf(story.endpoint, await story.allowed("C's user becomes AnalyticsRole", become(analytics)));
  await story.denied("B's role enters A from this machine", { account: a.account, key: 'aws:sourceip' }, enter(b1));
  await trust({ roles, addresses: LOOPBACK });
  const late = await story.denied(
    "B's role enters A in 2024's window",
    { account: a.account, key: 'aws:currenttime' },
    enter(b1),
  );
  const [passed] = failedOn(await story.why(late), 'aws:currenttime');
  assert.deepEqual(passed?.failed?.expected, [PRINTED_WINDOW.to], '`why` says until when it was open');
  assert.ok(Date.parse(passed.failed.got?.[0] ?? '') > Date.parse(PRINTED_WINDOW.to), '`why` says when it was asked');

  story.say('\n2. The window moved');
  const now = await story.now();
  const window = { from: new Date(now - HOUR * 1000).toISOString(), to: new Date(now + HOUR * 1000).toISOString() };
  await trust({ roles, addresses: LOOPBACK, window });
  const visit = await story.allowed("B's role enters A", enter(b1));
  await story.allowed("C's role enters A", enter(c1));
  const visitor = await story.allowed('the visitor asks who it is', () =>
    sessionOf(story.endpoint, visit).sts.getCallerIdentity({}),
  );
  assert.equal(visitor.Arn, `arn:aws:sts::${a.account}:assumed-role/${RoleName}/visit`);

  story.say('\n3. Each condition, and who is trusted');
  const inA = { account: a.account, layer: 'resource' };
  await story.denied("with another partner's ExternalId", { ...inA, key: 'sts:externalid' }, enter(b1, 'Guessed'));
  await story.denied('without an ExternalId', { ...inA, key: 'sts:externalid' }, () =>
    b1.sts.assumeRole({ RoleArn: entrance, RoleSessionName: 'visit' }),
  );
  await trust({ roles, window });
  await story.denied('from an address outside', { ...inA, key: 'aws:sourceip' }, enter(c1));
  await trust({ roles, addresses: LOOPBACK, window });
  const c2 = sessionOf(
    story.endpoint,
    await story.allowed("C's user becomes a role that A does not know", become(stranger)),
  );
  await story.denied('that role enters A', inA, enter(c2));
  await story.denied("B's user itself enters A", inA, enter(processing.user));
  await story.advanceClock(2 * HOUR);
  await story.refused("B's session after its hour", 'ExpiredToken', enter(b1));
  const b2 = sessionOf(story.endpoint, await become(processing)());
  await story.denied("B's role enters A after the window", { ...inA, key: 'aws:currenttime' }, enter(b2));
}
