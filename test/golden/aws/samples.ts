/** For each AWS operation an input that succeeds when its caller may make the call. */
import type { AwsGolden, AwsService } from './world.ts';

/** By the operation's name. Each call makes what the input is about. */
export type AwsSamples = Readonly<Record<string, (world: AwsGolden) => Promise<object>>>;

const stsSamples: AwsSamples = {
  GetCallerIdentity: async () => ({}),
};

export const samples: Readonly<Record<AwsService, AwsSamples>> = {
  iam: {},
  kms: {},
  logs: {},
  sts: stsSamples,
};
