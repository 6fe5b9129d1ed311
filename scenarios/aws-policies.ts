/** Policy documents as stories write them. Each statement has a Sid, by which it is found again. */

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Conditions;
}

/** Operator, context key, values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export const policyOf = (...Statement: readonly Statement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });

/** A statement of an identity's policy. */
export const may = (
  Sid: string,
  Action: string | readonly string[],
  Resource: string | readonly string[] = '*',
  Condition?: Conditions,
): Statement => ({ Sid, Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) });

/** A statement of a trust policy, for a principal given by its ARN. */
export const trusts = (
  Sid: string,
  principal: string | readonly string[],
  Action: string | readonly string[] = 'sts:AssumeRole',
  Condition?: Conditions,
): Statement => ({ Sid, Effect: 'Allow', Principal: { AWS: principal }, Action, ...(Condition ? { Condition } : {}) });

/** A statement of a key's policy. */
export const lets = (
  Sid: string,
  principal: string | readonly string[],
  Action: string | readonly string[],
  Condition?: Conditions,
): Statement => ({ ...trusts(Sid, principal, Action, Condition), Resource: '*' });

export const rootOf = (account: string): string => `arn:aws:iam::${account}:root`;

/** The document without the statement; one that would be left empty gets `useless`, for empty ones are malformed. */
export function withoutStatement(document: string, sid: string, useless: Omit<Statement, 'Sid'>): string {
  const policy = JSON.parse(document) as { Statement: Partial<Statement> | Partial<Statement>[] };
  const statements = [policy.Statement].flat();
  const left = statements.filter(({ Sid }, n) => (Sid ?? String(n)) !== sid);
  if (left.length === statements.length) throw new Error(`there is no statement \`${sid}\` in ${document}`);
  return JSON.stringify({ ...policy, Statement: left.length > 0 ? left : [useless] });
}
