/** The calls of the vendor's APIs, to see which of them nothing answers: read from the official clients where npm has them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface VendorCall {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  /** The client's method; empty where there is no client to read. */
  readonly name: string;
}

/** The client's module that makes the calls of an API. */
const CLIENTS: Readonly<Record<string, string>> = {
  'IAM Identity': '@ibm-cloud/platform-services/iam-identity/v1.js',
  'IAM Access Groups': '@ibm-cloud/platform-services/iam-access-groups/v2.js',
  'IAM Policy Management': '@ibm-cloud/platform-services/iam-policy-management/v1.js',
  'Key Protect': '@ibm-cloud/ibm-key-protect/ibm-key-protect-api/v2.js',
  'Resource Controller': '@ibm-cloud/platform-services/resource-controller/v2.js',
  'Resource Manager': '@ibm-cloud/platform-services/resource-manager/v2.js',
  'Global Catalog': '@ibm-cloud/platform-services/global-catalog/v1.js',
};

/** `GET /volumes /volumes/{id}`: storage of the VPC API, whose client npm has not. https://cloud.ibm.com/apidocs/vpc */
const VPC = `
  POST /volumes
  GET /volumes /volumes/{id}
  PATCH /volumes/{id}
  DELETE /volumes/{id}
  POST /volumes/{id}/jobs /volumes/{id}/jobs/{job}/cancel
  GET /volumes/{id}/jobs /volumes/{id}/jobs/{job}
  PATCH /volumes/{id}/jobs/{job}
  DELETE /volumes/{id}/jobs/{job}
  GET /volume/profiles /volume/profiles/{name}
  POST /snapshots
  GET /snapshots /snapshots/{id}
  PATCH /snapshots/{id}
  DELETE /snapshots /snapshots/{id}
  PUT /snapshots/{id}/clones/{zone}
  GET /snapshots/{id}/clones /snapshots/{id}/clones/{zone}
  DELETE /snapshots/{id}/clones/{zone}
  POST /snapshot_consistency_groups
  GET /snapshot_consistency_groups /snapshot_consistency_groups/{id}
  PATCH /snapshot_consistency_groups/{id}
  DELETE /snapshot_consistency_groups/{id}
  POST /backup_policies /backup_policies/{id}/plans
  GET /backup_policies /backup_policies/{id} /backup_policies/{id}/plans /backup_policies/{id}/plans/{plan}
  GET /backup_policies/{id}/jobs /backup_policies/{id}/jobs/{job}
  PATCH /backup_policies/{id} /backup_policies/{id}/plans/{plan}
  DELETE /backup_policies/{id} /backup_policies/{id}/plans/{plan}
  GET /regions /regions/{name} /regions/{name}/zones /regions/{name}/zones/{zone}`;

/** Parts of the VPC API of which nothing is answered. */
export const VPC_REST =
  'images, instances and their attachments, shares, VPCs, endpoint gateways, keys, and all networking';

export function vendorCalls(api: string): readonly VendorCall[] {
  if (api === 'VPC') return vpcCalls();
  const client = CLIENTS[api];
  if (client === undefined) return [];
  const source = readFileSync(fileURLToPath(import.meta.resolve(client)), 'utf8');
  // The catalog's client has the beginning of its paths in its address.
  const base = api === 'Global Catalog' ? '/api/v1' : '';
  const calls = source.matchAll(/SERVICE_NAME, 'v\d', '(\w+)'\)[\s\S]*?url: '([^']+)',\s*method: '([A-Z]+)'/g);
  return [...calls].map(([, name, path, method]) => ({
    method: method!,
    path: `${base}${path}`.replace(/(.)\/$/, '$1'),
    name: name!,
  }));
}

function vpcCalls(): VendorCall[] {
  return VPC.trim()
    .split('\n')
    .flatMap((line) => {
      const [method, ...paths] = line.trim().split(' ');
      return paths.map((path) => ({ method: method!, path: `/v1${path}`, name: '' }));
    });
}
