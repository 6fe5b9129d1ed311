/**
 * What S3 calls public: a policy is, unless every Allow is limited to fixed principals or fixed values of certain keys.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
import type { Condition, PrincipalPattern, Statement } from '../model.ts';
import { parseRange } from './operators/address.ts';

/** Keys that limit who can call, when compared with fixed values. */
const LIMITING_KEYS: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
]);

const LIMITING_OPERATORS: ReadonlySet<string> = new Set([
  'StringEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'ArnEquals',
  'ArnLike',
]);

const known = new WeakMap<readonly Statement[], boolean>();

/** Whether a policy of these statements is public. */
export function isPublic(statements: readonly Statement[]): boolean {
  let found = known.get(statements);
  if (found === undefined) {
    found = statements.some((statement) => statement.effect === 'allow' && isPublicStatement(statement));
    known.set(statements, found);
  }
  return found;
}

function isPublicStatement(statement: Statement): boolean {
  return namesEveryone(statement.principals) && !statement.conditions.some(limits);
}

/** Whether the pattern covers anonymous callers. */
export function namesEveryone(pattern: PrincipalPattern): boolean {
  switch (pattern.kind) {
    case 'anyone':
    case 'not':
      return true;
    case 'any-of':
      return pattern.of.some(namesEveryone);
    default:
      return false;
  }
}

function limits(condition: Condition): boolean {
  if (condition.kind !== 'test' || condition.ifExists || condition.quantifier === 'all') return false;
  const { operator, key, values } = condition;
  if (operator === 'IpAddress' && key === 'aws:sourceip') return values.every(isNarrow);
  return LIMITING_OPERATORS.has(operator) && LIMITING_KEYS.has(key) && values.every((value) => isFixed(key, value));
}

/** A range of addresses that is small enough to be somebody's. */
function isNarrow(value: string): boolean {
  const range = parseRange(value);
  return range !== undefined && range.bits >= (range.bytes.length === 4 ? 8 : 32);
}

/** The name of an access point may be a wildcard as long as its account is not. */
function isFixed(key: string, value: string): boolean {
  const fixedPart = key === 's3:dataaccesspointarn' ? value.slice(0, value.lastIndexOf('/') + 1) : value;
  return fixedPart !== '' && !/[*?]|\$\{/.test(fixedPart);
}
