import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { RCP_SERVICES_FILE, rcpServicesText } from './rcp-services.ts';

test('the engine binds resource control policies to the services that the catalogue lists', async () => {
  const written = await readFile(RCP_SERVICES_FILE, 'utf8');
  assert.equal(written, await rcpServicesText(), 'run `node src/catalogue/rcp-services.ts`');
  assert.equal(written.match(/^ {2}'/gm)?.length, 62);
});
