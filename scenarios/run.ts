/** `npm run scenario`: plays the stories against a plane that is up, with the official clients. Exit code 1 if one fails. */
import { readFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { readAddresses } from '../src/cli/addresses.ts';
import { homeFolder } from '../src/config.ts';
import { operatorTokenPath } from '../src/keyfile.ts';
import { demoWorld } from '../src/services/worlds/demo-world.ts';
import { assume } from './assume.ts';
import type { AwsKeys } from './aws-clients.ts';
import { deputy } from './deputy.ts';
import { lentKmsKey } from './lent-kms-key.ts';
import { sharedKey } from './shared-key.ts';
import type { Story } from './story.ts';

const home = homeFolder(process.argv[2]);
const { ibm, aws, console: origin } = await readAddresses(home);
const operatorToken = (await readFile(operatorTokenPath(home), 'utf8')).trim();
const plane = { ibm, aws, console: origin, operatorToken };

const [main, a, b] = demoWorld.ibm.map(({ id, owner }) => ({ account: id, ownerApiKey: owner.apiKey! }));
const parties = { main: main!, a: a!, b: b! };
const [friend, other] = demoWorld.ibm.map(({ owner }) => ({ email: owner.email, apiKey: owner.apiKey! }));
const people = { friend: friend!, other: other! };
const [awsA, awsB, awsC] = demoWorld.aws.map(({ id, users }) => ({ account: id, admin: keysOf(users[0]!) }));
const awsParties = { a: awsA!, b: awsB!, c: awsC! };

const stories: Readonly<Record<string, () => Promise<Story['counts']>>> = {
  'an account lends a key to the block storage of another': () => sharedKey(plane, parties),
  'roles enter another account': () => assume(plane, awsParties, people),
  'an account lends a KMS key': () => lentKmsKey(plane, awsParties),
  'a service acts for several accounts': () => deputy(plane, awsParties),
};

try {
  for (const [title, play] of Object.entries(stories)) {
    console.log(`\n${styleText('bold', title)}`);
    const { calls, replays } = await play();
    console.log(
      `\n${title}: ${styleText('green', 'ran to its end')}, ${calls} calls, and ${replays} times one of them without a grant it used`,
    );
  }
} catch (error) {
  console.error(`\n${styleText('red', 'the story broke')}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function keysOf(user: { accessKeyId?: string | undefined; secretAccessKey?: string | undefined }): AwsKeys {
  return { accessKeyId: user.accessKeyId!, secretAccessKey: user.secretAccessKey! };
}
