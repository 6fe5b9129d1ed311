/** The tests that every implementation of the store passes. Used by tests only. */
import { describe } from 'node:test';
import { commitContract } from './contract/commits.ts';
import { documentContract } from './contract/documents.ts';
import type { Place } from './contract/fixture.ts';
import { modelContract } from './contract/model.ts';
import { recordContract } from './contract/records.ts';

export function storeContract(name: string, newPlace: () => Promise<Place>): void {
  describe(name, () => {
    documentContract(newPlace);
    commitContract(newPlace);
    recordContract(newPlace);
    modelContract(newPlace);
  });
}
