/** What is answered of each API, and what is not, as `docs/coverage.md` shows it. */
import { printAwsCoverage } from './aws/print.ts';
import type { Asked } from './operations.ts';
import { apiNames, type GoldenRoute, PUBLIC, routes } from './routes.ts';
import { table } from './table.ts';
import { type VendorCall, VPC_REST, vendorCalls } from './vendor-calls.ts';

const pattern = (method: string, path: string): string => `${method} ${path.replaceAll(/:[A-Za-z]+|\{[^}]+\}/g, '*')}`;

export function answered(api: string): readonly GoldenRoute[] {
  return routes.filter((route) => route.api === api);
}

export function notAnswered(api: string): readonly VendorCall[] {
  const known = new Set(answered(api).map(({ method, path }) => pattern(method, path)));
  return vendorCalls(api).filter(({ method, path }) => !known.has(pattern(method, path)));
}

function section(api: string, asked: Asked): string {
  const rows = answered(api).map(({ key, method, path, operation }) => [
    `\`${method} ${path}\``,
    `\`${operation}\``,
    PUBLIC.has(key) ? 'public' : (asked.get(operation) ?? []).map((action) => `\`${action}\``).join(', '),
  ]);
  const left = notAnswered(api);
  const total = vendorCalls(api).length;
  const calls = left.map(({ name, method, path }) => `- \`${method} ${path}\`${name === '' ? '' : ` (${name})`}`);
  const rest = api === 'VPC' ? `\nNothing is answered of the rest of this API: ${VPC_REST}.\n` : '';
  const missing =
    total === 0
      ? ''
      : left.length === 0
        ? `\nThat is every call of the vendor's client.\n`
        : `\nNot answered, ${left.length} of ${total}:\n\n${calls.join('\n')}\n`;
  return `## ${api}\n\n${table(['Call', 'Operation', 'Asks for'], rows)}${missing}${rest}`;
}

export function printCoverage(asked: Asked): string {
  return `# Calls that are answered, and calls that are not

Written by \`node test/golden/write.ts\`, compared by \`test/golden/golden.test.ts\`. What the vendor has is read from the official clients in
\`node_modules\`; for VPC, whose client is not on npm, from its pages. A call that is not answered gets 404 (AWS: its error for an operation that there is
not) and no pretence. What an
operation asks for is what its records of a test run show; who may do that: [access.md](access.md).

${apiNames.map((api) => section(api, asked)).join('\n')}
${printAwsCoverage(asked)}`;
}
