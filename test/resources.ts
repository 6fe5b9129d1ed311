/** The resource controller and the resource manager through their official clients. */
import ResourceControllerV2 from '@ibm-cloud/platform-services/resource-controller/v2.js';
import ResourceManagerV2 from '@ibm-cloud/platform-services/resource-manager/v2.js';
import { IamAuthenticator } from 'ibm-cloud-sdk-core';
import type { TestPlane } from './plane.ts';

/** Key Protect's plan, by the id that clients have in their code. */
export const TIERED = 'eedd3585-90c6-4c8f-be3d-062069e99fc3';

export function controllerOf(plane: TestPlane, apikey: string): ResourceControllerV2 {
  return new ResourceControllerV2({
    authenticator: new IamAuthenticator({ apikey, url: plane.ibm }),
    serviceUrl: plane.ibm,
  });
}

export function managerOf(plane: TestPlane, apikey: string): ResourceManagerV2 {
  return new ResourceManagerV2({
    authenticator: new IamAuthenticator({ apikey, url: plane.ibm }),
    serviceUrl: plane.ibm,
  });
}

export async function defaultGroup(plane: TestPlane, apikey: string): Promise<string> {
  const { result } = await managerOf(plane, apikey).listResourceGroups({ _default: true });
  return result.resources![0]!.id!;
}

/** The status of a refused call and its code, or `allowed`. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'allowed';
  } catch (error) {
    const { status, body } = error as { status: number; body: unknown };
    const parsed = typeof body === 'string' ? JSON.parse(body) : body;
    return `${status} ${parsed.errors[0].code}`;
  }
}
