/** How commands reach a running plane: by the address that it left in its home, as the operator or with an API key. */
import { readFile } from 'node:fs/promises';
import { homeFolder } from '../config.ts';
import { operatorTokenPath } from '../keyfile.ts';
import { readAddresses } from './addresses.ts';
import { CommandError, type Terminal } from './command.ts';

export interface ClientFlags {
  readonly home?: string | undefined;
  readonly url?: string | undefined;
  readonly 'api-key'?: string | undefined;
}

export interface Client {
  /** Origin of the console's listener. */
  readonly origin: string;
  get<T>(path: string, query?: Readonly<Record<string, string | undefined>>): Promise<T>;
  /** `body`: an object is sent as JSON, a text as it is. */
  post<T>(path: string, body?: object | string): Promise<T>;
}

/** Throws `CommandError` when there is no plane or no token to ask with. */
export async function openClient(flags: ClientFlags, { environment }: Terminal): Promise<Client> {
  const home = homeFolder(flags.home, environment);
  const origin = flags.url ?? (await readAddresses(home)).console;
  const apiKey = flags['api-key'] ?? environment['EASEMENT_API_KEY'];
  const authorization = apiKey === undefined ? `Bearer ${await operatorToken(home)}` : `ApiKey ${apiKey}`;
  const call = (method: string, path: string, body?: object | string) =>
    request(origin + path, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': contentType(body) }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    origin,
    get: <T>(path: string, query: Readonly<Record<string, string | undefined>> = {}) => {
      const set = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
      const text = new URLSearchParams(set).toString();
      return call('GET', text === '' ? path : `${path}?${text}`) as Promise<T>;
    },
    post: <T>(path: string, body?: object | string) => call('POST', path, body) as Promise<T>,
  };
}

const contentType = (body: object | string): string =>
  typeof body === 'string' ? 'application/yaml' : 'application/json';

async function operatorToken(home: string): Promise<string> {
  try {
    return (await readFile(operatorTokenPath(home), 'utf8')).trim();
  } catch (cause) {
    const path = operatorTokenPath(home);
    throw new CommandError(
      `cannot read the operator's token \`${path}\`: run this as who runs the plane, or give \`--api-key\``,
      { cause },
    );
  }
}

async function request(url: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, redirect: 'error' });
  } catch (cause) {
    throw new CommandError(`no plane answers at \`${new URL(url).origin}\`: start one with \`easement up\``, { cause });
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  throw new CommandError(messageOf(text) ?? `the plane answered with status ${response.status}`);
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message;
  } catch {
    return undefined;
  }
}
