/** Who may make which AWS call: asked of a running plane, with one request per operation and kind of caller. */
import { services } from '../../../src/services/index.ts';
import { NEVER_DONE, type Step, stepsOf } from './steps.ts';
import { AWS_A, AWS_CALLERS, type AwsCaller, type AwsGolden, type AwsService } from './world.ts';

export interface AwsOperation {
  readonly service: AwsService;
  /** The vendor's name: `CreateUser`. */
  readonly name: string;
  /** Ours: `iam.CreateUser`. */
  readonly operation: string;
}

/** `yes`; `no` for a refusal as not authorized; else the code of the error; empty where the caller asks its own account. */
export type AwsCell = string;

export interface AwsRow extends AwsOperation {
  readonly cells: Readonly<Record<AwsCaller, AwsCell>>;
}

/** Every operation that a face answers, in the order of the faces. */
export const awsOperations: readonly AwsOperation[] = services
  .flatMap(({ aws = [] }) => aws)
  .flatMap(({ service, operations }) =>
    [...operations].map(([name, operation]) => ({ service: service as AwsService, name, operation: operation.name })),
  );

/** Each kind of caller goes through all steps; what it may not do, the root user does instead, so that the next step works. */
export async function computeAwsMatrix(world: AwsGolden): Promise<AwsRow[]> {
  const cells = new Map<string, Partial<Record<AwsCaller, AwsCell>>>();
  for (const caller of AWS_CALLERS) {
    for (const step of stepsOf(world)) {
      const key = `${step.service}:${step.operation}`;
      const row = cells.get(key) ?? {};
      cells.set(key, row);
      const cell = await take(world, step, caller);
      row[caller] ??= cell;
    }
  }
  return awsOperations.map((operation) => {
    const row = cells.get(`${operation.service}:${operation.name}`);
    if (row === undefined) {
      throw new Error(`${operation.service}:${operation.name} has no step in test/golden/aws/steps*.ts`);
    }
    return { ...operation, cells: row as AwsRow['cells'] };
  });
}

async function take(world: AwsGolden, step: Step, caller: AwsCaller): Promise<AwsCell> {
  const { service, operation } = step;
  await step.before?.();
  const input = step.input();
  const isForeign = caller === 'other account';
  if (!isForeign || isAboutA(input)) {
    const { error, body } = await world.send(service, operation, input, caller);
    if (error === undefined) {
      step.learn?.(body);
      return 'yes';
    }
    if (caller === 'root') {
      if (NEVER_DONE.has(operation) || /^AccessDenied/.test(error)) return cellOf(error);
      throw new Error(`${service}:${operation} ${JSON.stringify(input)}: ${error}: ${body.message}`);
    }
    await insteadOf(world, step, input);
    return cellOf(error);
  }
  await insteadOf(world, step, input);
  return '';
}

const isAboutA = (input: object): boolean => JSON.stringify(input).includes(`:${AWS_A}:`);

const cellOf = (error: string): AwsCell => (/^AccessDenied/.test(error) ? 'no' : error);

async function insteadOf(world: AwsGolden, step: Step, input: object): Promise<void> {
  const { error, body } = await world.send(step.service, step.operation, input, 'root');
  if (error === undefined) step.learn?.(body);
}
