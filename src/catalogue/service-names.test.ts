import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { SERVICE_NAMES_FILE, serviceNamesText } from './service-names.ts';

test('reports name services as the catalogue does', async () => {
  assert.equal(await readFile(SERVICE_NAMES_FILE, 'utf8'), await serviceNamesText());
});
