/** The world that a plane starts with. */
import { readFile } from 'node:fs/promises';
import { BadConfig, type Config, isLoopback } from '../../config.ts';
import { type Plane, perform } from '../../operation.ts';
import type { Store } from '../../store/store.ts';
import { accounts, EVERY_ACCOUNT } from '../accounts/access.ts';
import { apiKeys } from '../identity/ibm/access.ts';
import { digestOf } from '../identity/identity.ts';
import { type Applied, applyWorld } from './apply.ts';
import { demoWorld } from './demo-world.ts';
import { parseWorld } from './file.ts';

/**
 * Applies the world file that the plane was started with; without one, the demo world to an empty home. Throws
 * `BadConfig` where others could reach the plane with credentials that everybody knows.
 */
export async function applyStartWorld(
  plane: Plane,
  config: Pick<Config, 'world' | 'host'>,
  operatorToken: string,
): Promise<Applied | undefined> {
  const isEmpty = (await plane.store.begin().find(accounts, 'every', EVERY_ACCOUNT, 1)).length === 0;
  const isOurs = isLoopback(config.host);
  if (!isOurs && config.world === undefined && isEmpty) {
    throw new BadConfig(
      `the demo world's credentials are known to everybody: with \`--host ${config.host}\` name a \`--world\``,
    );
  }
  const world =
    config.world === undefined ? isEmpty && demoWorld : parseWorld(await readFile(config.world, 'utf8'), config.world);
  const request = { credential: { kind: 'operator', token: operatorToken }, context: {} } as const;
  const applied = world ? (await perform(plane, applyWorld, request, () => world)).output : undefined;
  if (!isOurs && (await knowsDemoCredentials(plane.store))) {
    throw new BadConfig(
      `this home holds credentials of the demo world, which everybody knows: with \`--host ${config.host}\` use another \`--home\``,
    );
  }
  return applied;
}

async function knowsDemoCredentials(store: Store): Promise<boolean> {
  for (const { owner } of demoWorld.ibm) {
    const found = owner.apiKey && (await store.begin().find(apiKeys, 'digest', digestOf(owner.apiKey)));
    if (found && found.length > 0) return true;
  }
  return false;
}
