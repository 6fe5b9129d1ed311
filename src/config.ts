/** The only reader of environment variables and of the flags of `easement up`. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface Config {
  /** Address that all listeners bind to. */
  readonly host: string;
  readonly consolePort: number;
  readonly ibmPort: number;
  readonly awsPort: number;
  /** Folder of the store, the operator's token and the lock. */
  readonly home: string;
  /** File that holds the root key, outside `home`; made with mode 0600 when absent. */
  readonly rootKeyFile: string;
  /** The root key itself (32 bytes), when it is handed over by the environment. */
  readonly rootKey: Buffer | undefined;
  /** World file to apply at start; the demo world when the home is empty and none is named. */
  readonly world: string | undefined;
  /** Region of calls that name none. */
  readonly region: string;
  readonly trustedProxies: readonly string[];
  /** Names besides loopback's by which the listeners may be called. */
  readonly allowedHosts: readonly string[];
  /** What the plane may dial though it is not the internet's: `name`, `name:port`, `name=address:port`. */
  readonly allowedOutbound: readonly string[];
  /** Requests per second and client. */
  readonly rate: number;
}

/** A flag or variable that cannot be used; the message says which and what to write instead. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';
}

const OPTIONS = {
  host: { type: 'string' },
  'console-port': { type: 'string' },
  'ibm-port': { type: 'string' },
  'aws-port': { type: 'string' },
  home: { type: 'string' },
  'root-key-file': { type: 'string' },
  world: { type: 'string' },
  region: { type: 'string' },
  'trusted-proxy': { type: 'string', multiple: true },
  'allow-host': { type: 'string', multiple: true },
  'allow-outbound': { type: 'string', multiple: true },
  rate: { type: 'string' },
} as const;

type Several = 'trusted-proxy' | 'allow-host' | 'allow-outbound';
type Single = Exclude<keyof typeof OPTIONS, Several>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Flags win over `EASEMENT_*` variables (`--ibm-port`, `EASEMENT_IBM_PORT`), these over defaults. Throws `BadConfig`. */
export function readConfig(args: readonly string[], environment: Environment = process.env): Config {
  const flags = readFlags(args);
  const setting = (name: Single): string | undefined => flags[name] ?? setIn(environment, name);
  const number = (name: 'console-port' | 'ibm-port' | 'aws-port' | 'rate', fallback: number, most: number): number => {
    const text = setting(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= 0 && value <= most) return value;
    throw new BadConfig(`\`--${name} ${text}\`: give a whole number from 0 to ${most}`);
  };
  const home = homeFolder(setting('home'), environment);
  const several = (name: Several): readonly string[] =>
    flags[name] ??
    setIn(environment, name)
      ?.split(',')
      .filter((item) => item !== '') ??
    [];
  return {
    host: setting('host') ?? '127.0.0.1',
    consolePort: number('console-port', 4600, 65535),
    ibmPort: number('ibm-port', 4601, 65535),
    awsPort: number('aws-port', 4602, 65535),
    home,
    rootKeyFile: resolve(setting('root-key-file') ?? `${home}.root-key`),
    rootKey: readRootKey(environment['EASEMENT_ROOT_KEY']),
    world: setting('world'),
    region: setting('region') ?? 'us-south',
    trustedProxies: several('trusted-proxy'),
    allowedHosts: several('allow-host'),
    allowedOutbound: several('allow-outbound').map(readOutbound),
    rate: number('rate', 20_000, 10_000_000),
  };
}

/** Where commands that are not `up` find the plane: its home folder. */
export function homeFolder(flag: string | undefined, environment: Environment = process.env): string {
  return resolve(flag ?? environment['EASEMENT_HOME'] ?? join(homedir(), '.easement', 'home'));
}

function setIn(environment: Environment, name: string): string | undefined {
  return environment[`EASEMENT_${name.toUpperCase().replaceAll('-', '_')}`];
}

function readFlags(args: readonly string[]): Partial<Record<Single, string>> & Partial<Record<Several, string[]>> {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new BadConfig(`${(error as Error).message.split('.')[0]}: see \`easement up --help\``);
  }
}

function readOutbound(text: string): string {
  if (/^[^=\s]+(=[^=\s/]+:\d{1,5})?$/.test(text)) return text;
  throw new BadConfig(`\`--allow-outbound ${text}\`: give a name, or \`NAME=ADDRESS:PORT\``);
}

function readRootKey(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const key = Buffer.from(text, 'base64');
  if (key.length === 32) return key;
  throw new BadConfig('`EASEMENT_ROOT_KEY` must be 32 bytes in base64: make one with `openssl rand -base64 32`');
}

/** True for addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(host);
}
