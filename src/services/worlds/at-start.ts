/** The world that a plane comes up with. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Plane, perform } from '../../operation.ts';
import { accounts, EVERY_ACCOUNT } from '../accounts/access.ts';
import { type Applied, applyWorld } from './apply.ts';
import { demoWorld } from './demo-world.ts';
import { BadWorld, parseWorld, type World } from './file.ts';

export interface WorldAtStart {
  /** World file to apply; without one, an empty home gets the demo world. */
  readonly file: string | undefined;
  /** Whether only this machine reaches the plane: others must not find credentials that everybody knows. */
  readonly local: boolean;
}

/** Applies the world of a start. Undefined when there is none to apply. Throws `BadWorld`. */
export async function worldAtStart(
  plane: Plane,
  operatorToken: string,
  { file, local }: WorldAtStart,
): Promise<Applied | undefined> {
  const world = file === undefined ? await demoOf(plane, local) : await readWorldFile(file);
  if (world === undefined) return undefined;
  if (!local && hasDemoCredential(world)) {
    throw new BadWorld(
      'the credentials of the demo world are known to everybody: a plane that others reach needs its own',
    );
  }
  const request = { credential: { kind: 'operator', token: operatorToken }, context: {} } as const;
  return (await perform(plane, applyWorld, request, () => world)).output;
}

async function demoOf(plane: Plane, local: boolean): Promise<World | undefined> {
  const known = await plane.store.begin().find(accounts, 'every', EVERY_ACCOUNT, 1);
  return local && known.length === 0 ? demoWorld : undefined;
}

async function readWorldFile(path: string): Promise<World> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new BadWorld(`the world file \`${path}\` cannot be read: ${error.code}`);
  });
  return parseWorld(text, basename(path));
}

function hasDemoCredential(world: World): boolean {
  const known = new Set(demoWorld.ibm.map(({ owner }) => owner.apiKey));
  return world.ibm.some((account) =>
    [account.owner, ...account.users, ...account.serviceIds].some(
      ({ apiKey }) => apiKey !== undefined && known.has(apiKey),
    ),
  );
}
