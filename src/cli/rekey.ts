/** `easement rekey`: puts a home under a new root key. */
import { randomBytes } from 'node:crypto';
import { access, open, rename } from 'node:fs/promises';
import { readConfig } from '../config.ts';
import { readRootKeyFile } from '../keyfile.ts';
import { rekey } from '../store/index.ts';
import { CommandError, type Run, readArguments, UsageError } from './command.ts';

export const help = `easement rekey                 put the home under a new root key; the plane must be down
  --home DIR                   folder of the plane [~/.easement/home]
  --root-key-file FILE         its root key, replaced by the new one [HOME.root-key]
`;

const FLAGS = { home: { type: 'string' }, 'root-key-file': { type: 'string' } } as const;

export const run: Run = async (args, terminal) => {
  const { positionals } = readArguments(args, FLAGS, 'easement rekey --help');
  if (positionals.length > 0) throw new UsageError(`\`${positionals[0]}\` is not an argument of \`easement rekey\``);
  const { home, rootKeyFile, rootKey } = readConfig(args, terminal.environment);
  if (rootKey) {
    throw new CommandError('the root key comes from `EASEMENT_ROOT_KEY`: put the home under a key in a file instead');
  }
  await access(home).catch(() => {
    throw new CommandError(`there is no home \`${home}\`: say with \`--home\` where it is`);
  });
  const draft = `${rootKeyFile}.new`;
  const next = randomBytes(32);
  // On disk before anything is wrapped under it: whatever happens now, one of the two files opens the home.
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${next.toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rekey(home, await readRootKeyFile(rootKeyFile), next);
  await rename(draft, rootKeyFile);
  terminal.out(
    `\`${home}\` is under a new root key: keep a copy of \`${rootKeyFile}\`, the old key opens nothing any more\n`,
  );
  return 0;
};
