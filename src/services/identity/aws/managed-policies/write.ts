/**
 * Writes documents.data.ts: the chosen AWS managed policies as moto publishes them. With moto installed:
 *
 *     python3 -c 'from moto.iam.aws_managed_policies import aws_managed_policies_data as d; print(d)' |
 *         node src/services/identity/aws/managed-policies/write.ts "moto 5.2.1" && biome check --write src/services/identity/aws
 */
import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { serviceLinkedRoles } from '../service-linked-roles.data.ts';
import { chosenPolicies } from './chosen.data.ts';

interface Published {
  readonly Path: string;
  readonly DefaultVersionId: string;
  readonly CreateDate: string;
  readonly UpdateDate: string;
  readonly Document: Readonly<Record<string, unknown>>;
}

/** The order in which AWS writes the elements of a policy; moto sorts them. */
const ELEMENTS = ['Version', 'Id', 'Statement', 'Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource'];

function inOrder(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = [...new Set([...ELEMENTS.filter((name) => name in fields), ...Object.keys(fields)])];
  return Object.fromEntries(
    names.map((name) => [name, name === 'Statement' ? statements(fields[name]) : fields[name]]),
  );
}

function statements(written: unknown): unknown {
  return Array.isArray(written) ? written.map(inOrder) : written;
}

const instant = (date: string) => date.replace('+00:00', 'Z');

function row(name: string, policy: Published | undefined): string {
  if (!policy)
    throw new Error(`\`${name}\` is not among the published policies: take it off the list or correct its name`);
  const { Path, DefaultVersionId, CreateDate, UpdateDate, Document } = policy;
  const stored = {
    path: Path,
    version: DefaultVersionId,
    created: instant(CreateDate),
    updated: instant(UpdateDate),
    document: JSON.stringify(inOrder(Document)),
  };
  return `  ${JSON.stringify(name)}: ${JSON.stringify(stored)},\n`;
}

const source = process.argv[2] ?? 'moto';
const published = JSON.parse(await text(process.stdin)) as Readonly<Record<string, Published>>;
const names = [...Object.keys(chosenPolicies), ...Object.values(serviceLinkedRoles).map((role) => role.policy)];
const rows = [...new Set(names)].toSorted().map((name) => row(name, published[name]));
await writeFile(
  new URL('documents.data.ts', import.meta.url),
  `// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written like this
/**
 * AWS managed policies by name, as AWS publishes them; each document is JSON text, parsed when it is asked for.
 * Source: ${source} (Apache-2.0), moto/iam/aws_managed_policies.py. Written by \`managed-policies/write.ts\`.
 */
export interface StoredPolicy {
  readonly path: string;
  /** Id of the default version. */
  readonly version: string;
  /** ISO 8601. */
  readonly created: string;
  readonly updated: string;
  readonly document: string;
}

export const documents: Readonly<Record<string, StoredPolicy>> = {
${rows.join('')}};
`,
);
