/** `npm run scenario`: plays the stories against a plane that is up, with the official clients. Exit code 1 if one fails. */
import { readFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { readAddresses } from '../src/cli/addresses.ts';
import { homeFolder } from '../src/config.ts';
import { operatorTokenPath } from '../src/keyfile.ts';
import { demoWorld } from '../src/services/worlds/demo-world.ts';
import { sharedKey } from './shared-key.ts';

const home = homeFolder(process.argv[2]);
const { ibm, aws, console: origin } = await readAddresses(home);
const operatorToken = (await readFile(operatorTokenPath(home), 'utf8')).trim();
const [main, a, b] = demoWorld.ibm.map(({ id, owner }) => ({ account: id, ownerApiKey: owner.apiKey! }));

try {
  const counts = await sharedKey({ ibm, aws, console: origin, operatorToken }, { main: main!, a: a!, b: b! });
  console.log(
    `\n${styleText('green', 'the story ran to its end')}: ${counts.calls} calls, and ${counts.replays} times one of them without a grant it used`,
  );
} catch (error) {
  console.error(`\n${styleText('red', 'the story broke')}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
