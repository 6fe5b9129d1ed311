/**
 * Strict validation for the moment a policy is written: what AWS refuses, with its error code and the place of the
 * fault. Loading (`compilePolicy`) is lenient; whatever passes here can also be loaded.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { isFields } from '../fields.ts';
import { parseJson } from '../json.ts';
import { compilePolicy, type PolicyKind, type Problem } from './compile.ts';
import { strictProblems } from './strict.ts';

/** Where a policy is written to: it says the limits and the error codes. */
export type PolicyHome =
  | 'managed'
  | 'user-inline'
  | 'role-inline'
  | 'group-inline'
  | 'trust'
  | 'session'
  | 'scp'
  | 'rcp'
  | 'bucket'
  | 'key'
  | 'queue'
  | 'topic'
  | 'endpoint'
  | 'resource';

interface Home {
  readonly kind: PolicyKind;
  /** Characters; without white space where that is not counted. */
  readonly limit: number;
  readonly countsSpace: boolean;
  readonly malformed: string;
  readonly tooLong: string;
}

const home = (kind: PolicyKind, limit: number, malformed: string, tooLong: string, countsSpace = true): Home => ({
  kind,
  limit,
  countsSpace,
  malformed,
  tooLong,
});
const iam = (kind: PolicyKind, limit: number) => home(kind, limit, 'MalformedPolicyDocument', 'LimitExceeded', false);
const organizations = (kind: PolicyKind) =>
  home(kind, 5120, 'MalformedPolicyDocumentException', 'ConstraintViolationException');

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
const homes: Readonly<Record<PolicyHome, Home>> = {
  managed: iam('identity', 6144),
  'user-inline': iam('identity', 2048),
  'role-inline': iam('identity', 10240),
  'group-inline': iam('identity', 5120),
  trust: iam('trust', 4096),
  session: home('session', 2048, 'MalformedPolicyDocument', 'PackedPolicyTooLarge'),
  scp: organizations('scp'),
  rcp: organizations('rcp'),
  bucket: home('resource', 20_480, 'MalformedPolicy', 'PolicyTooLarge'),
  key: home('resource', 32_768, 'MalformedPolicyDocumentException', 'LimitExceededException'),
  queue: home('resource', 30_720, 'InvalidAttributeValue', 'InvalidAttributeValue'),
  topic: home('resource', 30_720, 'InvalidParameter', 'InvalidParameter'),
  endpoint: home('endpoint', 20_480, 'InvalidPolicyDocument', 'InvalidPolicyDocument'),
  resource: home('resource', 20_480, 'MalformedPolicyDocument', 'LimitExceeded'),
};

/** A fault of a policy, as the vendor calls it and where it stands. */
export interface PolicyFault {
  readonly code: string;
  /** `Statement[0].Action`; `$` for the document. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The fault and its place, for a message. */
export function faultSentence({ path, line, column, message }: PolicyFault): string {
  return `${message} (${path === '$' ? '' : `\`${path}\`, `}line ${line}, column ${column})`;
}

/** Faults reported at most; whoever wrote the policy corrects the first ones first. */
const REPORTED = 20;

/** Checks a policy text. Empty when the policy may be written. Never throws, and takes time linear in the text. */
export function validatePolicy(text: string, where: PolicyHome): readonly PolicyFault[] {
  const { kind, limit, countsSpace, malformed, tooLong } = homes[where];
  const length = countsSpace ? text.length : text.replace(/\s+/g, '').length;
  if (length > limit) {
    const message = `the policy has ${length} characters, of at most ${limit}: split it or use wildcards`;
    return [{ code: tooLong, path: '$', line: 1, column: 1, message }];
  }
  const parsed = parseJson(text);
  if ('message' in parsed) return [{ code: malformed, path: '$', ...parsed }];
  const { statements: _, problems } = compilePolicy(parsed.value, { kind, account: '', policy: where });
  const strict: readonly Problem[] = isFields(parsed.value) ? strictProblems(parsed.value, kind, where) : [];
  const all = new Map([...problems, ...strict].map((problem) => [`${problem.path} ${problem.message}`, problem]));
  return [...all.values()].slice(0, REPORTED).map(({ path, message }) => ({
    code: malformed,
    path,
    ...parsed.locate(path === '$' ? '' : path),
    message,
  }));
}
