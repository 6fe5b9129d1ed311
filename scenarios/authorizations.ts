/** The three ways in which an account authorizes the block storage of another: API v1, API v2, the command line. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Cast, DELEGATOR, READER } from './cast.ts';
import { sdk } from './clients.ts';
import type { Plane, Story } from './story.ts';

export async function authorizeV1(story: Story, a: Cast, b: Cast, instance: string): Promise<string> {
  const made = await story.allowed("A authorizes B's block storage (API v1)", () =>
    sdk<{ id?: string }>(
      a.actor.policies.createPolicy({
        type: 'authorization',
        description: 'Reader and Delegator role for KeyProtect Service instance',
        subjects: [
          {
            attributes: [
              { name: 'serviceName', value: 'server-protect' },
              { name: 'accountId', value: b.account },
            ],
          },
        ],
        roles: [{ role_id: DELEGATOR }, { role_id: READER }],
        resources: [
          {
            attributes: [
              { name: 'accountId', operator: 'stringEquals', value: a.account },
              { name: 'serviceName', operator: 'stringEquals', value: 'kms' },
              { name: 'serviceInstance', operator: 'stringEquals', value: instance },
            ],
          },
        ],
      }),
    ),
  );
  return made.id!;
}

export async function authorizeV2(story: Story, a: Cast, b: Cast, instance: string): Promise<string> {
  const equals = (key: string, value: string) => ({ key, operator: 'stringEquals', value });
  const made = await story.allowed("A authorizes B's block storage (API v2)", () =>
    sdk<{ id?: string }>(
      a.actor.policies.createV2Policy({
        type: 'authorization',
        subject: { attributes: [equals('serviceName', 'server-protect'), equals('accountId', b.account)] },
        control: { grant: { roles: [{ role_id: DELEGATOR }, { role_id: READER }] } },
        resource: {
          attributes: [
            equals('accountId', a.account),
            equals('serviceName', 'kms'),
            equals('serviceInstance', instance),
          ],
        },
      }),
    ),
  );
  return made.id!;
}

/** `ibmcloud iam authorization-policy-create --file policy.json`, as the document prints it, with its names corrected. */
export async function authorizeByCommand(plane: Plane, a: Cast, b: Cast, instance: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'easement-story-'));
  const file = join(folder, 'policy.json');
  const attribute = (name: string, value: string) => ({ name, operator: 'stringEquals', value });
  await writeFile(
    file,
    JSON.stringify({
      description: 'Reader and Delegator role for KeyProtect service instance',
      resources: [
        {
          attributes: [
            attribute('accountId', a.account),
            attribute('serviceName', 'kms'),
            attribute('serviceInstance', instance),
          ],
        },
      ],
      roles: [{ role_id: DELEGATOR }, { role_id: READER }],
      subjects: [
        {
          attributes: [
            { name: 'serviceName', value: 'server-protect' },
            { name: 'accountId', value: b.account },
          ],
        },
      ],
      type: 'authorization',
    }),
  );
  const easement = fileURLToPath(new URL('../src/cli/easement.ts', import.meta.url));
  const command = [easement, 'ibmcloud', 'iam', 'authorization-policy-create', '--file', file, '--output', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    env: { ...process.env, IBMCLOUD_API_KEY: a.actor.apiKey, IBMCLOUD_IAM_API_ENDPOINT: plane.ibm },
  });
  await rm(folder, { recursive: true });
  return (JSON.parse(stdout) as { id: string }).id;
}
