/** Who may make which AWS call: asked of a running plane, with one request per operation and kind of caller. */
import { services } from '../../../src/services/index.ts';
import { samples } from './samples.ts';
import { AWS_CALLERS, type AwsCaller, type AwsGolden, type AwsService } from './world.ts';

export interface AwsOperation {
  readonly service: AwsService;
  /** The vendor's name: `CreateUser`. */
  readonly name: string;
  /** Ours: `iam.CreateUser`. */
  readonly operation: string;
}

export interface AwsRow extends AwsOperation {
  /** `yes`, or the code of the refusal. */
  readonly cells: Readonly<Record<AwsCaller, string>>;
}

/** Every operation that a face answers, in the order of the faces. */
export const awsOperations: readonly AwsOperation[] = services
  .flatMap(({ aws = [] }) => aws)
  .flatMap(({ service, operations }) =>
    [...operations].map(([name, operation]) => ({ service: service as AwsService, name, operation: operation.name })),
  );

export async function computeAwsMatrix(world: AwsGolden): Promise<AwsRow[]> {
  const rows: AwsRow[] = [];
  for (const operation of awsOperations) rows.push({ ...operation, cells: await cellsOf(world, operation) });
  return rows;
}

async function cellsOf(world: AwsGolden, { service, name }: AwsOperation): Promise<AwsRow['cells']> {
  const sample = samples[service][name];
  if (sample === undefined) throw new Error(`${service}:${name} has no sample in test/golden/aws/samples*.ts`);
  const cells: Partial<Record<AwsCaller, string>> = {};
  let input: object | undefined;
  for (const caller of AWS_CALLERS) {
    input ??= await sample(world);
    const { error } = await world.send(service, name, input, caller);
    cells[caller] = error === undefined ? 'yes' : error;
    // What a caller was allowed to change is not there any more as the next one wants it.
    if (error === undefined && !/^(Get|List|Describe|Simulate)/.test(name)) input = undefined;
  }
  return cells as AwsRow['cells'];
}
