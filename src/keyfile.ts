/** The secrets that live in files of mode 0600: the root key beside the home, and the operator's token inside it. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BadConfig } from './config.ts';

/** The 32 bytes of the root key in a file, made when there is none. Throws `BadConfig` when others may read it. */
export async function readRootKeyFile(path: string): Promise<Buffer> {
  const text = await readSecretFile(path, () => randomBytes(32).toString('base64'));
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32) throw new BadConfig(`\`${path}\` does not hold a root key: 32 bytes in base64`);
  return key;
}

/** The operator's token of a home, made when there is none. */
export function readOperatorToken(home: string): Promise<string> {
  return readSecretFile(operatorTokenPath(home), () => randomBytes(32).toString('base64url'));
}

export function operatorTokenPath(home: string): string {
  return join(home, 'operator-token');
}

/** A check against one secret that takes the same time for every guess. */
export function secretCheck(secret: string): (guess: string) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(secret);
  return (guess) => timingSafeEqual(expected, digest(guess));
}

async function readSecretFile(path: string, make: () => string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${make()}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new BadConfig(`others can read \`${path}\`: run \`chmod 600 ${path}\``);
  return (await readFile(path, 'utf8')).trim();
}
