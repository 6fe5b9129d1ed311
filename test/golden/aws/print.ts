/** The AWS parts of `docs/access.md` and `docs/coverage.md`. */
import type { Asked } from '../operations.ts';
import { table } from '../table.ts';
import { type AwsRow, awsOperations } from './matrix.ts';
import { AWS_CALLERS, type AwsService, CLIENTS } from './world.ts';

const TITLES: Readonly<Record<AwsService, string>> = {
  sts: 'AWS STS',
  iam: 'AWS IAM',
  kms: 'AWS KMS',
  logs: 'Amazon CloudWatch Logs',
};

export const awsServices = Object.keys(TITLES) as AwsService[];

/** Every operation of the vendor's client. */
export function vendorOperations(service: AwsService): readonly string[] {
  return Object.keys(CLIENTS[service]).flatMap((name) => /^([A-Z].*)Command$/.exec(name)?.[1] ?? []);
}

export function printAwsMatrix(matrix: readonly AwsRow[]): string {
  return awsServices
    .map((service) => {
      const rows = matrix
        .filter((row) => row.service === service)
        .map(({ name, cells }) => [`\`${name}\``, ...AWS_CALLERS.map((caller) => cells[caller])]);
      return `### ${TITLES[service]}\n\n${table(['Operation', ...AWS_CALLERS], rows)}`;
    })
    .join('\n');
}

export function printAwsCoverage(asked: Asked): string {
  return awsServices.map((service) => section(service, asked)).join('\n');
}

function section(service: AwsService, asked: Asked): string {
  const answered = awsOperations.filter((one) => one.service === service);
  const rows = answered.map(({ name, operation }) => [
    `\`${name}\``,
    (asked.get(operation) ?? []).map((action) => `\`${action}\``).join(', '),
  ]);
  const all = vendorOperations(service);
  const known = new Set(answered.map(({ name }) => name));
  const left = all.filter((name) => !known.has(name)).map((name) => `\`${name}\``);
  const rest =
    left.length === 0
      ? "That is every operation of the vendor's client."
      : `Not answered, ${left.length} of ${all.length}: ${left.join(', ')}.`;
  return `## ${TITLES[service]}\n\n${table(['Operation', 'Asks for'], rows)}\n${rest}\n`;
}
