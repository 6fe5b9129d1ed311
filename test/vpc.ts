/** The VPC API as its SDK calls it: the SDK is not on npm. */
import assert from 'node:assert/strict';
import { eventually, type Reply, type TestPlane } from './plane.ts';
import { OWNER_A, OWNER_B, WORKER_A } from './two-accounts.ts';

export const VERSION = 'version=2026-03-24&generation=2';
export const general = { profile: { name: 'general-purpose' }, zone: { name: 'us-south-1' }, capacity: 10 };
export const sdp = { profile: { name: 'sdp' }, zone: { name: 'us-south-2' }, capacity: 20 };

/** `path` may have a query of its own. */
export type Vpc = (
  apiKey: string,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>;

/** Calls of the owners and the worker. */
export async function vpcOf(plane: TestPlane): Promise<Vpc> {
  const tokens = new Map<string, string>();
  for (const key of [OWNER_A, OWNER_B, WORKER_A]) tokens.set(key, await plane.token(key));
  return (apiKey, method, path, body, headers = {}) => {
    const url = `${path}${path.includes('?') ? '&' : '?'}${VERSION}`;
    return plane.call(method, url, { token: tokens.get(apiKey)!, ...(body === undefined ? {} : { body }), headers });
  };
}

/** Makes a volume and waits until it is available. */
export async function available(vpc: Vpc, apiKey: string, body: object): Promise<Reply['body']> {
  const made = await vpc(apiKey, 'POST', '/v1/volumes', body);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return eventually('the volume is available', async () => {
    const { body: volume } = await vpc(apiKey, 'GET', `/v1/volumes/${made.body.id}`);
    return volume.status === 'available' && volume;
  });
}

/** `404 volume_not_found`; the status alone when all is well. */
export function codeOf({ status, body }: Reply): string {
  return status < 300 ? String(status) : `${status} ${body.errors[0].code}`;
}
