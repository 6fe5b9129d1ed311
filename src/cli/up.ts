/** `easement up`: runs the plane until it is told to stop, and says where it answers. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, readConfig } from '../config.ts';
import { operatorTokenPath } from '../keyfile.ts';
import { type RunningPlane, start } from '../main.ts';
import type { Applied } from '../services/worlds/apply.ts';
import { BadWorld } from '../services/worlds/file.ts';
import { HomeRefused } from '../store/store.ts';
import { addressesPath, removeAddresses, writeAddresses } from './addresses.ts';
import { CommandError, type Run, type Terminal } from './command.ts';
import { painter } from './output.ts';

export const help = `easement up                    run the plane; ctrl-c ends it
  --home DIR                   folder of the plane [~/.easement/home]
  --world FILE                 world file to apply; an empty home gets the demo world
  --host ADDRESS               address to listen on [127.0.0.1]
  --console-port PORT          the page and Easement's own API [4600]
  --ibm-port PORT              the IBM Cloud APIs [4601]
  --aws-port PORT              the AWS APIs [4602]
  --region REGION              region of calls that name none [us-south]
  --root-key-file FILE         root key, outside the home [HOME.root-key]
  --allow-host NAME            name besides localhost to be called by; may be repeated
  --allow-outbound NAME        host to dial though it is not public, or NAME=ADDRESS:PORT; may be repeated
  --trusted-proxy ADDRESS      proxy whose X-Forwarded-For counts; may be repeated
  --rate N                     requests per second and client [20000]
Each flag has a variable: --ibm-port is EASEMENT_IBM_PORT. A port of 0 takes any free one.
`;

type Ending = 'stop' | 'reset';

export const run: Run = async (args, terminal) => {
  let config = readConfig(args, terminal.environment);
  let end: (how: Ending) => void = () => {};
  const stop = (): void => end('stop');
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const log = (message: string, error?: unknown): void =>
    terminal.err(
      `${message}${error === undefined ? '' : `: ${error instanceof Error ? error.stack : String(error)}`}\n`,
    );
  for (;;) {
    const ending = new Promise<Ending>((resolve) => {
      end = resolve;
    });
    const plane = await begin(config, log, () => end('reset'));
    await writeAddresses(config.home, plane);
    terminal.out(banner(plane, config, terminal));
    const how = await ending;
    await plane.stop();
    if (how === 'stop') {
      await removeAddresses(config.home);
      return 0;
    }
    await emptyHome(config.home);
    // Clients go on where they were.
    config = { ...config, consolePort: portOf(plane.console), ibmPort: portOf(plane.ibm), awsPort: portOf(plane.aws) };
  }
};

async function begin(config: Config, log: (message: string, error?: unknown) => void, onReset: () => void) {
  try {
    return await start(config, log, { onReset });
  } catch (error) {
    if (error instanceof BadWorld || error instanceof HomeRefused) {
      throw new CommandError(error.message, { cause: error });
    }
    const { code, port } = error as { code?: string; port?: number };
    if (code !== 'EADDRINUSE') throw error;
    throw new CommandError(
      `port ${port} is in use: is a plane up already? choose others with \`--console-port\`, \`--ibm-port\` and \`--aws-port\``,
    );
  }
}

/** All but what was handed out to reach the plane: the operator's token and the addresses stay good. */
async function emptyHome(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const path = join(home, name);
    if (path !== operatorTokenPath(home) && path !== addressesPath(home)) await rm(path, { recursive: true });
  }
}

const portOf = (origin: string): number => Number(new URL(origin).port);

function banner(plane: RunningPlane, { home }: Config, terminal: Terminal): string {
  const paint = painter(terminal.colour);
  return `${paint('bold', 'easement is up')}
  IBM Cloud APIs   ${plane.ibm}
  AWS APIs         ${plane.aws}
  page             ${plane.console}/?token=${plane.newLink()}
                   ${paint('dim', '(this link works once; `easement page` prints another)')}
  home             ${home}
${plane.world ? worldLines(plane.world) : ''}`;
}

/** What applying a world did; credentials that were made are shown this once. */
export function worldLines({ added, notDone, credentials }: Applied): string {
  const lines = [
    ...added.map((what) => `  added            ${what}`),
    ...notDone.map((what) => `  not done         ${what}`),
    ...credentials.map(({ account, principal, apiKey, accessKeyId, secretAccessKey }) =>
      apiKey === undefined
        ? `  access key       ${principal} of ${account}: ${accessKeyId} ${secretAccessKey}`
        : `  API key          ${principal} of ${account}: ${apiKey}`,
    ),
  ];
  if (credentials.length > 0) lines.push('  keep these keys: they are not shown again');
  return lines.map((line) => `${line}\n`).join('');
}
