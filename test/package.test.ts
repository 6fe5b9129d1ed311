/** What is published: packed, installed into an empty folder without the network, and run as users run it. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../', import.meta.url));
/** Under `npm test`, npm tells its children about the repository: these here are to start afresh. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

let folder: string;
let packed: { readonly filename: string; readonly files: readonly { readonly path: string }[] };

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'easement-package-')));
  const { stdout } = await npm(root, 'pack', '--json', '--pack-destination', folder);
  // What `prepack` prints stands before it.
  [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
});
after(() => rm(folder, { recursive: true }));

test('the package holds JavaScript that runs, no sources and no tests', () => {
  const paths = packed.files.map(({ path }) => path);
  assert.ok(paths.includes('dist/cli/easement.js'));
  assert.ok(paths.includes('dist/store/sqlite/worker.js'));
  assert.ok(paths.includes('LICENSE'));
  const stray = paths.filter((path) => !/^(dist\/.*\.(js|json)|package\.json|LICENSE|README\.md)$/.test(path));
  assert.deepEqual(stray, []);
  assert.deepEqual(
    paths.filter((path) => /\.test\.|mutation\//.test(path)),
    [],
  );
});

test('installed elsewhere, `npx easement up` brings a plane up', async () => {
  const app = await mkdtemp(join(folder, 'app-'));
  await writeFile(join(app, 'package.json'), '{ "private": true }');
  const offline = ['--offline', '--ignore-scripts', '--install-links', '--no-audit', '--no-fund'];
  await npm(app, 'install', ...offline, join(folder, packed.filename), ...(await dependencies()));

  const args = [
    '--no-install',
    'easement',
    'up',
    '--home',
    join(app, 'home'),
    '--console-port',
    '0',
    '--ibm-port',
    '0',
    '--aws-port',
    '0',
  ];
  const child = spawn('npx', args, {
    cwd: app,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    const printed = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        if (text.includes('easement is up')) resolve(text);
      });
      void ended.then(() => reject(new Error(`easement up ended: ${text}`)));
    });
    assert.match(printed, /IBM Cloud APIs +http:\/\/127\.0\.0\.1:\d+/);
    const { console: origin } = JSON.parse(await readFile(join(app, 'home', 'addresses.json'), 'utf8'));
    assert.equal((await fetch(`${origin}/ready`)).status, 200);
    const world = await run('npx', app, ['--no-install', 'easement', 'world', '--home', join(app, 'home')]);
    assert.match(world.stdout, /Account A/);
  } finally {
    // npx and the plane are a process group of their own.
    process.kill(-child.pid!, 'SIGTERM');
    await ended;
  }
});

/** The packages that the plane needs at run time, from where the repository has them. */
async function dependencies(): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean; peer?: boolean }>;
  };
  const needed = Object.entries(packages).filter(
    ([path, { dev, optional, devOptional, peer }]) => path !== '' && !dev && !optional && !devOptional && !peer,
  );
  return Promise.all(needed.map(([path]) => realpath(join(root, path))));
}

function npm(cwd: string, ...args: string[]) {
  return run('npm', cwd, args);
}

function run(command: string, cwd: string, args: string[]) {
  return promisify(execFile)(command, args, { cwd, env: environment, maxBuffer: 16 * 1024 * 1024 });
}
