/**
 * CloudWatch Logs acts for whoever has a log group. A lends its key to the service for groups of B: for C the service
 * must not be able to use it, whatever C's own people may do.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
import assert from 'node:assert/strict';
import type { CloudWatchLogs, CreateLogGroupCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import { makeKey, makeUser, setKeyPolicy } from './aws-cast.ts';
import { type Conditions, may, type Statement } from './aws-policies.ts';
import { type AwsParties, type AwsStory, type Land, tellAws } from './aws-story.ts';
import type { Plane, Story } from './story.ts';

const SERVICE = 'logs.us-east-1.amazonaws.com';
const STREAM = 'stream';
const MESSAGE = 'what only B should read';

/** Plays the story; answers how many calls it was. */
export async function deputy(plane: Plane, parties: AwsParties): Promise<Story['counts']> {
  const story = tellAws(plane, parties);
  const { a, b, c } = story;
  const KeyId = await makeKey(a);
  const lend = (...statements: readonly Statement[]) => setKeyPolicy(a, KeyId, ...statements);
  const ofB = await logger(story, b, '/lent');
  const ofC = await logger(story, c, '/lent');
  const inA = { account: a.account, layer: 'resource' };

  story.say('\n1. The service acts for B');
  await story.denied("B makes a log group under A's key, which is not lent", inA, ofB.makeGroup(KeyId));
  const forGroupsOfB = {
    StringEquals: { 'aws:SourceAccount': b.account },
    ArnLike: { 'aws:SourceArn': `arn:aws:logs:us-east-1:${b.account}:log-group:/lent/*` },
  };
  await lend(forService(forGroupsOfB));
  await story.allowed('and when A lends it to the service for groups of B', ofB.makeGroup(KeyId));
  const logGroupName = ofB.lastGroup();
  await ofB.logs.createLogStream({ logGroupName, logStreamName: STREAM });
  const event = { timestamp: await story.now(), message: MESSAGE };
  await story.allowed('B writes to it', () =>
    ofB.logs.putLogEvents({ logGroupName, logStreamName: STREAM, logEvents: [event] }),
  );
  const read = () => ofB.logs.getLogEvents({ logGroupName, logStreamName: STREAM, startFromHead: true });
  const { events } = await story.allowed('and reads', read);
  assert.equal(events?.[0]?.message, MESSAGE);
  const elsewhere = await logger(story, b, '/other');
  await story.denied('B makes a group of another name', { ...inA, key: 'aws:sourcearn' }, elsewhere.makeGroup(KeyId));

  story.say('\n2. It does not act with that right for C');
  const notC = { ...inA, key: 'aws:sourceaccount' };
  await story.denied("C makes a log group under A's key", notC, ofC.makeGroup(KeyId));
  await ofC.makeGroup()();
  await story.denied("C puts a group that it has under A's key", notC, () =>
    ofC.logs.associateKmsKey({ logGroupName: ofC.lastGroup(), kmsKeyId: KeyId }),
  );
  await story.denied('C asks the key itself, and says that it is for the group of B', inA, () =>
    c.admin.kms.generateDataKey({
      KeyId,
      KeySpec: 'AES_256',
      EncryptionContext: { 'aws:logs:arn': `arn:aws:logs:us-east-1:${b.account}:log-group:${logGroupName}` },
    }),
  );

  story.say("\n3. Only what A's policy says");
  await lend(forService({ StringEquals: { 'aws:SourceAccount': c.account } }));
  await story.allowed('A lends it for C: C makes a log group', ofC.makeGroup(KeyId));
  await story.denied('and B cannot read what it has', { ...inA, key: 'aws:sourceaccount' }, read);
  await lend(forService());
  await story.allowed('A lends it to the service for anybody: B reads', read);
  await story.allowed('and C makes a log group: this is why the conditions are needed', ofC.makeGroup(KeyId));
  await lend();
  await story.denied('A takes it back: B cannot read', inA, read);
  return story.counts;
}

/** The service may use the key, for whom the condition says. */
function forService(condition?: Conditions): Statement {
  return {
    Sid: 'Lent',
    Effect: 'Allow',
    Principal: { Service: SERVICE },
    Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
    Resource: '*',
    ...(condition ? { Condition: condition } : {}),
  };
}

interface Logger {
  readonly logs: CloudWatchLogs;
  /** Each time a group of another name: a call that is repeated without a grant must not fail for its name. */
  makeGroup(kmsKeyId?: string): () => Promise<CreateLogGroupCommandOutput>;
  /** The name of the last one that was made. */
  lastGroup(): string;
}

/** Somebody who may do everything with logs of these names, and nothing with keys. */
async function logger(story: AwsStory, land: Land, prefix: string): Promise<Logger> {
  const groups = `arn:aws:logs:us-east-1:${land.account}:log-group:${prefix}/*`;
  const { logs } = await makeUser(
    story.endpoint,
    land,
    `logger-of${prefix.replace('/', '-')}-${story.run}`,
    may('Groups', ['logs:CreateLogGroup', 'logs:AssociateKmsKey'], groups),
    may('Events', ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:GetLogEvents'], groups),
  );
  let tries = 0;
  let last = '';
  return {
    logs,
    lastGroup: () => last,
    makeGroup: (kmsKeyId) => async () => {
      tries += 1;
      const logGroupName = `${prefix}/${story.run}-${tries}`;
      const made = await logs.createLogGroup({ logGroupName, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) });
      last = logGroupName;
      return made;
    },
  };
}
