import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../contract/fixture.ts';
import { storeContract } from '../contract.ts';
import { openStore } from '../index.ts';

function place(cacheBytes?: number) {
  return async (): Promise<Place> => {
    const home = await mkdtemp(join(tmpdir(), 'easement-store-'));
    return {
      open: (declared) => openStore({ home, ...declared, ...(cacheBytes === undefined ? {} : { cacheBytes }) }),
      destroy: () => rm(home, { recursive: true }),
    };
  };
}

storeContract('the store on SQLite', place());
storeContract('the store on SQLite without a cache', place(0));
