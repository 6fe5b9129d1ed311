/** The plane that bad input is sent to: two accounts with something in each service, and a way to see that it stays. */
import assert from 'node:assert/strict';
import { type CloudWatchLogs, CloudWatchLogs as Logs } from '@aws-sdk/client-cloudwatch-logs';
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { STS } from '@aws-sdk/client-sts';
import { ADMIN, LIMITED, MAIN, MAIN_ROOT, OTHER, OTHER_ROOT, policyText, WORLD } from './aws-iam-clients.ts';
import type { Keys } from './aws-raw.ts';
import { startPlane, type TestPlane } from './plane.ts';

export { ADMIN, LIMITED, MAIN, MAIN_ROOT, OTHER, OTHER_ROOT, policyText };

export interface BadWorld {
  readonly plane: TestPlane;
  /** ARN of a key of `MAIN`. */
  readonly key: string;
  /** Runs; fails when anything that `MAIN` has is other than before. */
  withoutChange(run: () => Promise<unknown>): Promise<void>;
  /** Ends the plane; what it logged was a defect. */
  stop(): Promise<void>;
}

export interface Clients {
  readonly sts: STS;
  readonly iam: IAM;
  readonly kms: KMS;
  readonly logs: CloudWatchLogs;
}

export function clientsOf(plane: TestPlane, keys: Keys, region = 'us-east-1'): Clients {
  const options = () => ({ endpoint: plane.aws, region, credentials: { ...keys }, maxAttempts: 1 });
  return { sts: new STS(options()), iam: new IAM(options()), kms: new KMS(options()), logs: new Logs(options()) };
}

export const trustOf = (Principal: unknown): string =>
  policyText({ Effect: 'Allow', Principal, Action: ['sts:AssumeRole', 'sts:TagSession'] });

/** `args`: more options of the command that starts a plane. */
export async function startBadWorld(args: string[] = []): Promise<BadWorld> {
  const plane = await startPlane({ world: WORLD, args });
  const clients = clientsOf(plane, MAIN_ROOT);
  const { iam, kms, logs } = clients;
  await iam.createRole({ RoleName: 'reader', AssumeRolePolicyDocument: trustOf({ AWS: `arn:aws:iam::${MAIN}:root` }) });
  await iam.createGroup({ GroupName: 'crew' });
  await iam.createPolicy({
    PolicyName: 'work',
    PolicyDocument: policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
  });
  const { KeyMetadata } = await kms.createKey({});
  const key = KeyMetadata!.Arn!;
  await kms.createAlias({ AliasName: 'alias/main', TargetKeyId: key });
  await logs.createLogGroup({ logGroupName: 'group' });
  await logs.createLogStream({ logGroupName: 'group', logStreamName: 'stream' });
  return {
    plane,
    key,
    withoutChange: async (run) => {
      const before = await stateOf(clients, key);
      await run();
      assert.deepEqual(await stateOf(clients, key), before);
    },
    stop: async () => {
      const log = plane.log();
      await plane.stop();
      assert.equal(log, '', 'the plane logged defects');
    },
  };
}

/** What the lists of all services show, without ids of requests. */
async function stateOf({ iam, kms, logs }: Clients, key: string): Promise<unknown> {
  const replies = [
    await iam.getAccountAuthorizationDetails({ Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy'] }),
    await iam.getAccountSummary({}),
    await iam.listAccessKeys({ UserName: 'admin' }),
    await iam.listAccountAliases({}),
    await iam.listInstanceProfiles({}),
    await iam.listOpenIDConnectProviders({}),
    await iam.listSAMLProviders({}),
    await kms.listKeys({}),
    await kms.listAliases({}),
    await kms.describeKey({ KeyId: key }),
    await kms.getKeyPolicy({ KeyId: key }),
    await kms.listGrants({ KeyId: key }),
    await kms.listResourceTags({ KeyId: key }),
    await logs.describeLogGroups({}),
    await logs.describeLogStreams({ logGroupName: 'group' }),
  ];
  // When a role was last used is no change of anybody's.
  return JSON.parse(
    JSON.stringify(replies, (name, value) => (/^(\$metadata|RoleLastUsed)$/.test(name) ? undefined : value)),
  );
}
