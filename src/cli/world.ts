/** `easement world`: the accounts that the plane has. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Applied } from '../services/worlds/apply.ts';
import { BadWorld, parseWorld } from '../services/worlds/file.ts';
import type { ShownWorld } from '../services/worlds/show.ts';
import { type Client, openClient } from './client.ts';
import { CLIENT_FLAGS, CommandError, nearest, type Run, readArguments, UsageError } from './command.ts';
import { jsonText, printable, table } from './output.ts';
import { worldLines } from './up.ts';

export const help = `easement world apply FILE      add what the file has and the plane has not; nothing is changed or deleted
easement world show            the accounts of the plane
easement world export          a world file of them, without credentials
easement world reset --yes     throw everything away and start again with the world that \`up\` was given
  --home DIR, --url URL        which plane
  --json                       for machines
`;

const VERBS = ['apply', 'show', 'export', 'reset'];

export const run: Run = async (args, terminal) => {
  const options = { ...CLIENT_FLAGS, yes: { type: 'boolean' } } as const;
  const { values, positionals } = readArguments(args, options, 'easement world --help');
  const [verb = 'show', file, ...rest] = positionals;
  if (rest.length > 0 || (verb !== 'apply' && file !== undefined)) {
    throw new UsageError(`\`easement world ${verb}\` takes ${verb === 'apply' ? 'one file' : 'no file'}`);
  }
  const print = (value: unknown, text: string): number => {
    terminal.out(values.json ? jsonText(value) : text);
    return 0;
  };
  switch (verb) {
    case 'apply': {
      const text = await readWorld(file);
      const client = await openClient(values, terminal);
      const applied = await client.post<Applied>(`/api/worlds?file=${encodeURIComponent(basename(file!))}`, text);
      return print(applied, worldLines(applied) || 'nothing to add: the plane has all of it\n');
    }
    case 'show': {
      const world = await (await openClient(values, terminal)).get<ShownWorld>('/api/worlds');
      return print(world, accountTable(world));
    }
    case 'export': {
      const { world } = await (await openClient(values, terminal)).get<{ world: string }>('/api/worlds/export');
      terminal.out(world);
      return 0;
    }
    case 'reset': {
      if (!values.yes) throw new UsageError('this throws away everything that the plane holds: say so with `--yes`');
      const client = await openClient(values, terminal);
      const before = (await client.get<Ready>('/ready')).run;
      const reply = await client.post('/api/worlds/reset');
      await nextRun(client, before);
      return print(reply, 'the plane is as new\n');
    }
    default: {
      const meant = nearest(verb, VERBS);
      throw new UsageError(`there is no \`easement world ${verb}\`: ${meant ? `did you mean \`${meant}\`?` : help}`);
    }
  }
};

interface Ready {
  readonly run: string;
}

const RESTART_MILLISECONDS = 30_000;

/** Waits until the plane has stopped and started again. */
async function nextRun(client: Client, before: string): Promise<void> {
  const end = performance.now() + RESTART_MILLISECONDS;
  while (performance.now() < end) {
    const run = await client.get<Ready>('/ready').then(
      (ready) => ready.run,
      () => before,
    );
    if (run !== before) return;
    await setTimeout(50);
  }
  throw new CommandError('the plane has not come back: see what `easement up` printed');
}

/** Read here first, so that a mistake is told with its line even when no plane is up. */
async function readWorld(file: string | undefined): Promise<string> {
  if (file === undefined) throw new UsageError('which world? write `easement world apply FILE`');
  try {
    const text = await readFile(file, 'utf8');
    parseWorld(text, basename(file));
    return text;
  } catch (cause) {
    if (cause instanceof BadWorld) throw new CommandError(cause.message, { cause });
    throw new CommandError(`cannot read the world file \`${file}\`: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
    });
  }
}

function accountTable({ accounts }: ShownWorld): string {
  if (accounts.length === 0) return 'there are no accounts: add some with `easement world apply FILE`\n';
  const rows = accounts.map(({ id, name, cloud, owner, users }) => [
    id,
    name,
    cloud === 'ibm' ? 'IBM Cloud' : 'AWS',
    owner ?? 'root',
    String(users.length),
  ]);
  return printable(table(['Account', 'Name', 'Cloud', 'Owner', 'Users'], rows));
}
