#!/usr/bin/env node
/** The command line: finds the command, runs it, turns what went wrong into a message and an exit code. */
import { readFile } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BadConfig } from '../config.ts';
import { CommandError, nearest, type Run, type Terminal, UsageError } from './command.ts';
import { takesColour } from './output.ts';

interface Command {
  readonly summary: string;
  /** Loaded when it is called: the plane itself is loaded by `up` alone. */
  readonly load: () => Promise<{ run: Run; help: string }>;
}

const commands: Readonly<Record<string, Command>> = {
  up: { summary: 'run the plane', load: () => import('./up.ts') },
  env: { summary: 'point clients at an account: exports and Terraform provider', load: () => import('./env.ts') },
  why: { summary: 'explain a call by its id, allowed or denied', load: () => import('./why.ts') },
  decide: { summary: 'whether somebody may do something, and why', load: () => import('./decide.ts') },
  'who-can': { summary: 'everybody who can do something to a resource', load: () => import('./who-can.ts') },
  'what-can': { summary: 'everything that somebody can do', load: () => import('./what-can.ts') },
  'what-if': { summary: 'recorded calls under changed policies', load: () => import('./what-if.ts') },
  simulate: { summary: 'decide the cases of case files, without a plane', load: () => import('./simulate.ts') },
  records: { summary: 'follow and verify what was recorded', load: () => import('./records.ts') },
  world: { summary: 'the accounts of the plane: apply, show, export, reset', load: () => import('./world.ts') },
  clock: { summary: 'show the plane’s clock, put it forward', load: () => import('./clock.ts') },
  ibmcloud: { summary: 'the authorization commands of IBM Cloud’s command line', load: () => import('./ibmcloud.ts') },
  rekey: { summary: 'put a home under a new root key', load: () => import('./rekey.ts') },
  page: { summary: 'print a link to the plane’s page', load: () => import('./page.ts') },
};

const overview = `usage: easement COMMAND [arguments]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

easement COMMAND --help says more. Exit codes: 0 done, 1 failed, 2 called wrongly.
`;

async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    terminal.err(overview);
    return 2;
  }
  if (name === '--version' || name === '-v') {
    terminal.out(`${await version()}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    terminal.out(overview);
    return 0;
  }
  const wantsHelp = name === 'help' || rest.includes('--help') || rest.includes('-h');
  const command = await find(name === 'help' ? rest[0]! : name).load();
  if (wantsHelp) {
    terminal.out(command.help);
    return 0;
  }
  return command.run(rest, terminal);
}

/** The package's root is two folders up, in the sources as in what is packed. */
async function version(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function find(name: string): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command;
  const meant = nearest(name, Object.keys(commands));
  const advice = meant === undefined ? 'see `easement help`' : `did you mean \`easement ${meant}\`?`;
  throw new UsageError(`there is no command \`${name}\`: ${advice}`);
}

// What is loaded from here on is compiled once and kept, in a folder of the user's own; threads learn of it by the variable.
const compiled = join(homedir(), '.easement', 'compiled');
enableCompileCache(compiled);
process.env['NODE_COMPILE_CACHE'] ??= compiled;

const terminal: Terminal = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  environment: process.env,
  colour: takesColour(process.stdout.isTTY === true, process.env),
};

try {
  process.exitCode = await main(process.argv.slice(2), terminal);
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof BadConfig;
  if (!isUsage && !(error instanceof CommandError)) throw error;
  terminal.err(`easement: ${error.message}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
