/** What a session of a role may do, what it carries along, and how long it lasts. */
import assert from 'node:assert/strict';
import { makeRole, makeUser } from './aws-cast.ts';
import type { AwsClients } from './aws-clients.ts';
import { may, policyOf, rootOf, trusts } from './aws-policies.ts';
import type { AwsStory } from './aws-story.ts';

/** A user of B, and the roles that it will enter. */
interface Scene {
  readonly worker: AwsClients;
  /** ARN of the role of this name in A or B. */
  arn(land: 'a' | 'b', name: string): string;
}

const HOUR = 3600;

export async function sessions(story: AwsStory): Promise<void> {
  const scene = await setScene(story);
  await sessionPolicies(story, scene);
  await sessionTags(story, scene);
  await sourceIdentity(story, scene);
  await durations(story, scene);
}

async function setScene(story: AwsStory): Promise<Scene> {
  const { b, run } = story;
  const arn: Scene['arn'] = (land, name) => `arn:aws:iam::${story[land].account}:role/${name}-${run}`;
  const name = `worker-${run}`;
  const worker = await makeUser(story.endpoint, b, name, may('EnterReader', 'sts:AssumeRole', arn('a', 'Reader')));
  const { iam } = b.admin;
  await iam.createGroup({ GroupName: `team-${run}` });
  await iam.addUserToGroup({ GroupName: `team-${run}`, UserName: name });
  await iam.putGroupPolicy({
    GroupName: `team-${run}`,
    PolicyName: 'own',
    PolicyDocument: policyOf(
      may('BecomeTeam', 'sts:AssumeRole', arn('b', 'Team')),
      may('TagTeam', 'sts:TagSession', arn('b', 'Team')),
    ),
  });
  const { Policy } = await iam.createPolicy({
    PolicyName: `visits-${run}`,
    PolicyDocument: policyOf(
      may('EnterNamed', 'sts:AssumeRole', arn('a', 'Named')),
      may('NameOneself', 'sts:SetSourceIdentity', arn('a', 'Named')),
    ),
  });
  await iam.attachUserPolicy({ UserName: name, PolicyArn: Policy!.Arn! });
  return { worker, arn };
}

async function sessionPolicies(story: AwsStory, { worker, arn }: Scene): Promise<void> {
  const { a, run } = story;
  story.say('\n4. A session may do less than its role, never more');
  const RoleArn = arn('a', 'Reader');
  const RoleName = `Reader-${run}`;
  await makeRole(
    a,
    RoleName,
    [trusts('Worker', `arn:aws:iam::${story.b.account}:user/worker-${run}`)],
    may('See', 'iam:GetRole', RoleArn),
    may('List', 'iam:ListRolePolicies', RoleArn),
  );
  const enter = (limits: { Policy?: string; PolicyArns?: { arn: string }[] }) => () =>
    worker.sts.assumeRole({ RoleArn, RoleSessionName: 'reading', ...limits });
  const see =
    ({ iam }: AwsClients) =>
    () =>
      iam.getRole({ RoleName });
  const list =
    ({ iam }: AwsClients) =>
    () =>
      iam.listRolePolicies({ RoleName });

  const whole = story.as(await story.allowed("B's worker enters Reader", enter({})));
  await story.allowed('and sees the role', see(whole));
  const Policy = policyOf(may('Only', ['iam:ListRolePolicies', 'iam:ListUsers']));
  const limited = story.as(await enter({ Policy })());
  await story.allowed('with a session policy for lists, it lists', list(limited));
  await story.denied('and does not see', { account: a.account, layer: 'session' }, see(limited));
  await story.denied('nor lists what the role may not', { account: a.account, layer: 'identity' }, () =>
    limited.iam.listUsers({}),
  );
  const managed = await a.admin.iam.createPolicy({
    PolicyName: `lists-${run}`,
    PolicyDocument: policyOf(may('Lists', 'iam:ListRolePolicies')),
  });
  const PolicyArns = [{ arn: managed.Policy!.Arn! }];
  const byArn = story.as(await enter({ PolicyArns })());
  await story.allowed('with a managed policy for lists, it lists', list(byArn));
  await story.denied('and does not see', { account: a.account, layer: 'session' }, see(byArn));
}

async function sessionTags(story: AwsStory, { worker, arn }: Scene): Promise<void> {
  const { a, b, run } = story;
  story.say('\n5. Tags that a session carries, and those that it hands on');
  const project = arn('a', 'Project');
  await makeRole(
    b,
    `Team-${run}`,
    [trusts('Become', rootOf(b.account)), trusts('Tag', rootOf(b.account), 'sts:TagSession')],
    may('EnterProject', 'sts:AssumeRole', project),
    may('TagProject', 'sts:TagSession', project),
  );
  const ofTag = (key: string, value: string) => ({ StringEquals: { [`aws:PrincipalTag/${key}`]: value } });
  await makeRole(
    a,
    `Project-${run}`,
    [
      trusts('EnterAsBlue', arn('b', 'Team'), 'sts:AssumeRole', ofTag('team', 'blue')),
      trusts('Tag', arn('b', 'Team'), 'sts:TagSession'),
    ],
    may('SeeAsBlue', 'iam:GetRole', project, ofTag('team', 'blue')),
    may('ListWithTicket', 'iam:ListRolePolicies', project, ofTag('ticket', '42')),
  );
  const become = (team: string) => () =>
    worker.sts.assumeRole({
      RoleArn: arn('b', 'Team'),
      RoleSessionName: 'teamwork',
      Tags: [
        { Key: 'team', Value: team },
        { Key: 'ticket', Value: '42' },
      ],
      TransitiveTagKeys: ['team'],
    });
  const enter =
    ({ sts }: AwsClients, Tags?: { Key: string; Value: string }[]) =>
    () =>
      sts.assumeRole({ RoleArn: project, RoleSessionName: 'project', ...(Tags ? { Tags } : {}) });

  const blue = story.as(await story.allowed('the worker becomes Team, tagged blue', become('blue')));
  const inside = story.as(await story.allowed('Team enters Project of A', enter(blue)));
  await story.allowed('there it is still blue', () => inside.iam.getRole({ RoleName: `Project-${run}` }));
  await story.denied(
    'its ticket was not handed on',
    { account: a.account, layer: 'identity', key: 'aws:principaltag/ticket' },
    () => inside.iam.listRolePolicies({ RoleName: `Project-${run}` }),
  );
  await story.refused(
    'what was handed on cannot be replaced',
    'InvalidParameterValue',
    enter(blue, [{ Key: 'team', Value: 'red' }]),
  );
  const red = story.as(await become('red')());
  await story.denied('a red Team enters Project', { account: a.account, key: 'aws:principaltag/team' }, enter(red));
}

async function sourceIdentity(story: AwsStory, { worker, arn }: Scene): Promise<void> {
  const { a, b, run } = story;
  story.say('\n6. Who it was stays known through a chain of roles');
  const next = arn('a', 'Next');
  const user = `arn:aws:iam::${b.account}:user/worker-${run}`;
  await makeRole(
    a,
    `Named-${run}`,
    [
      trusts('Enter', user),
      trusts('Name', user, 'sts:SetSourceIdentity', { StringLike: { 'sts:SourceIdentity': 'worker-*' } }),
    ],
    may('EnterNext', 'sts:AssumeRole', next),
    may('KeepName', 'sts:SetSourceIdentity', next),
  );
  await makeRole(
    a,
    `Next-${run}`,
    [
      trusts('EnterAsAnn', rootOf(a.account), 'sts:AssumeRole', {
        StringEquals: { 'aws:SourceIdentity': 'worker-ann' },
      }),
      trusts('Name', rootOf(a.account), 'sts:SetSourceIdentity'),
    ],
    may('See', 'iam:GetRole', next),
  );
  const enter = (SourceIdentity: string) => () =>
    worker.sts.assumeRole({ RoleArn: arn('a', 'Named'), RoleSessionName: 'named', SourceIdentity });
  const goOn =
    ({ sts }: AwsClients, more: { SourceIdentity?: string; DurationSeconds?: number } = {}) =>
    () =>
      sts.assumeRole({ RoleArn: next, RoleSessionName: 'next', ...more });

  const ann = story.as(await story.allowed('the worker enters as worker-ann', enter('worker-ann')));
  await story.denied('and as eve', { account: a.account, key: 'sts:sourceidentity' }, enter('eve'));
  const further = await story.allowed('worker-ann goes on', goOn(ann));
  assert.equal(further.SourceIdentity, 'worker-ann');
  await story.refused('and not as another', 'ValidationError', goOn(ann, { SourceIdentity: 'worker-bob' }));
  const bob = story.as(await enter('worker-bob')());
  await story.denied('worker-bob goes on', { account: a.account, key: 'aws:sourceidentity' }, goOn(bob));

  story.say('\n7. How long');
  await a.admin.iam.updateRole({ RoleName: `Next-${run}`, MaxSessionDuration: 12 * HOUR });
  await story.refused('a chain of roles lasts an hour', 'ValidationError', goOn(ann, { DurationSeconds: HOUR + 1 }));
  const hour = await story.allowed('worker-ann goes on for an hour', goOn(ann, { DurationSeconds: HOUR }));
  assert.equal(await secondsLeft(story, hour), HOUR);
}

async function durations(story: AwsStory, { worker, arn }: Scene): Promise<void> {
  const { a, run } = story;
  const enter = (DurationSeconds: number) => () =>
    worker.sts.assumeRole({ RoleArn: arn('a', 'Reader'), RoleSessionName: 'long', DurationSeconds });
  await story.refused('a session of less than 15 minutes', 'ValidationError', enter(899));
  await story.refused('a session beyond what the role gives', 'ValidationError', enter(2 * HOUR));
  await a.admin.iam.updateRole({ RoleName: `Reader-${run}`, MaxSessionDuration: 2 * HOUR });
  const long = await story.allowed('the role now gives two hours', enter(2 * HOUR));
  assert.equal(await secondsLeft(story, long), 2 * HOUR);
  await story.advanceClock(2 * HOUR + 1);
  await story.refused('and no more', 'ExpiredToken', () => story.as(long).iam.getRole({ RoleName: `Reader-${run}` }));
}

/** To the nearest minute: what the story itself takes does not count. */
async function secondsLeft(
  story: AwsStory,
  { Credentials }: { Credentials?: { Expiration: Date | undefined } | undefined },
) {
  const left = Credentials!.Expiration!.getTime() - (await story.now());
  return Math.round(left / 60_000) * 60;
}
