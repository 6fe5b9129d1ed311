/** Sweeps over all routes: a valid request to each, to be made bad in one respect. */
import assert from 'node:assert/strict';
import type { Reply } from '../plane.ts';
import { assertVendorError, codeOf } from './errors.ts';
import { type GoldenRoute, guarded } from './routes.ts';
import { sampleOf } from './samples.ts';
import { snapshot } from './snapshot.ts';
import { type Caller, type GoldenWorld, type Sample, startGoldenWorld } from './world.ts';

export interface Sweep {
  readonly world: GoldenWorld;
  /** The guarded routes whose samples fit, with them. */
  those(fits: (sample: Sample, route: GoldenRoute) => boolean): readonly (readonly [GoldenRoute, Sample])[];
  /** Sends what an owner may send, were it not bad; fails unless it is refused with one of the statuses. */
  refused(route: GoldenRoute, sample: Sample, what: string, statuses: readonly number[]): Promise<Reply>;
  /** Runs; fails when anything that the lists show has changed by it. */
  withoutChange(run: () => Promise<void>): Promise<void>;
  /** Ends the plane; what it logged was a defect. */
  stop(): Promise<void>;
}

/** Who may make every call on a listener. */
export const ownerOf = ({ listener }: GoldenRoute): Caller => (listener === 'ibm' ? 'owner' : 'operator');

export const takesJson = ({ body }: Sample): boolean => typeof body === 'object';

export async function startSweep(): Promise<Sweep> {
  const world = await startGoldenWorld();
  const samples: [GoldenRoute, Sample][] = [];
  for (const route of guarded) samples.push([route, await sampleOf(world, route)]);
  return {
    world,
    those: (fits) => samples.filter(([route, sample]) => fits(sample, route)),
    refused: async (route, sample, what, statuses) => {
      const reply = await world.send(route, sample, ownerOf(route));
      assertVendorError(route, reply, what);
      assert.ok(
        isServiceOnly(reply) || statuses.includes(reply.status),
        `${what}: ${route.key} answers ${reply.status} ${JSON.stringify(reply.body)}`,
      );
      return reply;
    },
    withoutChange: async (run) => {
      const before = await snapshot(world);
      await run();
      assert.deepEqual(await snapshot(world), before);
    },
    stop: async () => {
      const log = world.plane.log();
      await world.plane.stop();
      assert.equal(log, '', 'the plane logged defects');
    },
  };
}

/** Services alone write registrations: who else tries is told this, whatever he has sent. */
export const isServiceOnly = (reply: Reply): boolean => reply.status === 403 && codeOf(reply) === 'SERVICE_ONLY_ERR';
