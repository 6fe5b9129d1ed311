/** The world that a plane comes up with. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Plane, perform } from '../../operation.ts';
import { accounts, EVERY_ACCOUNT } from '../accounts/access.ts';
import { accessKeys } from '../identity/aws/documents.ts';
import { apiKeys } from '../identity/ibm/access.ts';
import { digestOf } from '../identity/identity.ts';
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
  if (!local && ((world && hasDemoCredential(world)) || (await keepsDemoCredential(plane)))) {
    throw new BadWorld(
      'the credentials of the demo world are known to everybody: a plane that others reach needs a home and a world of its own',
    );
  }
  if (world === undefined) return undefined;
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

const demoApiKeys = demoWorld.ibm.flatMap(({ owner }) => owner.apiKey ?? []);
const demoAccessKeys = accessKeyIdsOf(demoWorld);

function accessKeyIdsOf({ aws }: World): readonly string[] {
  return aws.flatMap(({ owner, users }) => [owner, ...users].flatMap(({ accessKeyId }) => accessKeyId ?? []));
}

/** Whether the home was made with the demo world, when only this machine reached it. */
async function keepsDemoCredential({ store }: Plane): Promise<boolean> {
  const unit = store.begin();
  for (const apiKey of demoApiKeys) {
    if ((await unit.find(apiKeys, 'digest', digestOf(apiKey), 1)).length > 0) return true;
  }
  for (const accessKeyId of demoAccessKeys) {
    if ((await unit.find(accessKeys, 'id', accessKeyId, 1)).length > 0) return true;
  }
  return false;
}

function hasDemoCredential(world: World): boolean {
  const known = new Set(demoApiKeys);
  if (accessKeyIdsOf(world).some((id) => demoAccessKeys.includes(id))) return true;
  return world.ibm.some((account) =>
    [account.owner, ...account.users, ...account.serviceIds].some(
      ({ apiKey }) => apiKey !== undefined && known.has(apiKey),
    ),
  );
}
