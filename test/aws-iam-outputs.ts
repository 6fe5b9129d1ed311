/** Operations of IAM by their names, and what of their answers is the same in every run and for every client. */
import * as Iam from '@aws-sdk/client-iam';

export type Send = (operation: string, input: object) => Promise<Record<string, unknown>>;

/** Sends an operation by its name. */
export function sender(client: Iam.IAMClient): Send {
  const commands = Iam as unknown as Record<string, new (input: object) => Iam.GetUserCommand>;
  return async (operation, input) => {
    const { $metadata: _metadata, ...output } = await client.send(new commands[`${operation}Command`]!(input));
    return output as Record<string, unknown>;
  };
}

/** An output with what differs from run to run replaced by what it is, and with dates and policies as boto3 shows them. */
export function normal(value: unknown, account: string): unknown {
  if (value instanceof Date) return 'a date';
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)$/.test(value)) return 'a date';
    if (value.startsWith('%7B')) return JSON.parse(decodeURIComponent(value));
    if (/^[A-Za-z0-9+/]{40}$/.test(value)) return 'a secret';
    if (/^[0-9A-F]{32}$/.test(value)) return 'an id of SAML';
    if (value.startsWith('task/')) return value.replace(/[0-9a-f-]{36}$/, 'a task');
    return value.replace(account, 'ACCOUNT').replace(/^(AIDA|AGPA|AROA|AIPA|ANPA|AKIA)[A-Z2-7]{16,17}$/, '$1...');
  }
  if (Array.isArray(value)) return value.map((item) => normal(item, account));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(members.map(([name, item]) => [name, normal(item, account)]));
}
