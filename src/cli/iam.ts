/** A client of the plane's IBM Cloud IAM, as IBM Cloud's own command line is one: with an API key, over the public API. */
import { CommandError } from './command.ts';

export interface IamClient {
  /** The account that the API key acts in. */
  readonly account: string;
  /** An e-mail address, or a service ID's name. */
  readonly user: string;
  /** One call; resolves to the body of the reply. Throws `CommandError` with what the API said. */
  call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

const ENDPOINT = 'http://127.0.0.1:4601';

interface Claims {
  readonly account?: { readonly bss?: string };
  readonly email?: string;
  readonly name?: string;
  readonly iam_id?: string;
}

/** Exchanges an API key for a token. Throws `CommandError` without a key or a plane, and for a key that is not valid. */
export async function openIam(
  apiKey: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<IamClient> {
  const endpoint = (environment['IBMCLOUD_IAM_API_ENDPOINT'] ?? ENDPOINT).replace(/\/+$/, '');
  const key = apiKey ?? environment['IBMCLOUD_API_KEY'];
  if (key === undefined || key === '') throw new CommandError('who asks? give `--apikey` or set IBMCLOUD_API_KEY');
  const grant = { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: key, response_type: 'cloud_iam' };
  const { access_token } = await send<{ access_token: string }>(`${endpoint}/identity/token`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(grant),
  });
  const claims = claimsOf(access_token);
  return {
    account: claims.account?.bss ?? '',
    user: claims.email ?? claims.name ?? claims.iam_id ?? '',
    call: (method, path, body) =>
      send(endpoint + path, {
        method,
        headers: {
          authorization: `Bearer ${access_token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

/** What a token says of its bearer; unverified: the plane verifies it, and this only prints it. */
function claimsOf(token: string): Claims {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
  } catch (cause) {
    throw new CommandError('the plane gave a token that cannot be read', { cause });
  }
}

async function send<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, redirect: 'error' });
  } catch (cause) {
    const { origin } = new URL(url);
    throw new CommandError(`no plane answers at \`${origin}\`: start one, or set IBMCLOUD_IAM_API_ENDPOINT`, { cause });
  }
  const text = await response.text();
  if (!response.ok) throw new CommandError(refusalOf(text, response));
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** What the API said, a line each; and how to learn more where it says little. */
function refusalOf(text: string, response: Response): string {
  const id = response.headers.get('easement-request-id');
  const why = response.status === 403 && id !== null ? `: \`easement why ${id}\` tells more` : '';
  try {
    const body = JSON.parse(text) as { errorMessage?: string; errors?: { code: string; message: string }[] };
    const said = body.errors?.map(({ code, message }) => `${message} (${code})`) ?? [body.errorMessage ?? ''];
    return `${said.join('\n')}${why}`;
  } catch {
    return `the plane answered with status ${response.status}${why}`;
  }
}
