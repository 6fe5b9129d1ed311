/** Where the plane of a home answers: written when it is up, read by the other commands. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from './command.ts';

export interface Addresses {
  /** Origins. */
  readonly console: string;
  readonly ibm: string;
  readonly aws: string;
}

export function addressesPath(home: string): string {
  return join(home, 'addresses.json');
}

export async function writeAddresses(home: string, { console, ibm, aws }: Addresses): Promise<void> {
  const draft = `${addressesPath(home)}.new`;
  await writeFile(draft, `${JSON.stringify({ console, ibm, aws })}\n`);
  await rename(draft, addressesPath(home));
}

/** When the plane is down, nothing else must be taken for it. */
export async function removeAddresses(home: string): Promise<void> {
  await rm(addressesPath(home), { force: true });
}

/** Throws `CommandError` when no plane is up in this home. */
export async function readAddresses(home: string): Promise<Addresses> {
  try {
    return JSON.parse(await readFile(addressesPath(home), 'utf8')) as Addresses;
  } catch (cause) {
    throw new CommandError(
      `no plane is up in \`${home}\`: start one with \`easement up\`, or say with \`--home\` or \`--url\` where it is`,
      { cause },
    );
  }
}
