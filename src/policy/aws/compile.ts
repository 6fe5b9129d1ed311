/**
 * AWS policy documents to statements. Reading is lenient about what AWS itself lets stand and strict about the rest: a
 * document with anything in it that cannot be read gives no statement at all, because leaving out one Deny would allow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { type Fields, isFields } from '../fields.ts';
import type { ActionPattern, Condition, Origin, PrincipalPattern, ResourcePattern, Statement } from '../model.ts';
import { completeArn, parsePrincipal } from '../names.ts';
import { operators } from '../operators.ts';

/** What a document is attached to; it says which elements it may and must have. */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'scp' | 'rcp' | 'endpoint';

export interface Attachment {
  readonly kind: PolicyKind;
  /** The account whose policy it is. */
  readonly account: string;
  /** Name or ARN of the policy, for explanations. */
  readonly policy: string;
}

export interface Problem {
  /** JSON path of the fault: `Statement[0].Action`. */
  readonly path: string;
  readonly message: string;
}

export interface CompiledPolicy {
  /** Empty when there is a problem. */
  readonly statements: readonly Statement[];
  readonly problems: readonly Problem[];
}

const PRINCIPAL_KINDS: ReadonlySet<PolicyKind> = new Set(['resource', 'trust', 'rcp', 'endpoint']);

/** Here the only principal that is of use is everyone. */
const MAY_OMIT_PRINCIPAL: ReadonlySet<PolicyKind> = new Set(['rcp', 'endpoint']);

/** Compiles a document that has been read from JSON. */
export function compilePolicy(document: unknown, attachment: Attachment): CompiledPolicy {
  const problems: Problem[] = [];
  const report = (path: string, message: string) => {
    problems.push({ path, message });
  };
  if (!isFields(document))
    return { statements: [], problems: [{ path: '$', message: 'a policy must be a JSON object' }] };
  const version = own(document, 'Version');
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    report('Version', 'the version must be `2012-10-17` or `2008-10-17`');
  }
  const listed = own(document, 'Statement');
  const raw = Array.isArray(listed) ? listed : [listed];
  const statements = raw.map((statement: unknown, n) => {
    const path = `Statement[${n}]`;
    if (!isFields(statement)) {
      report(path, 'a statement must be a JSON object');
      return undefined;
    }
    return compileStatement(statement, { attachment, n, path, variables: version === '2012-10-17', report });
  });
  return problems.length > 0
    ? { statements: [], problems }
    : { statements: statements.filter((statement) => statement !== undefined), problems };
}

interface Place {
  readonly attachment: Attachment;
  readonly n: number;
  readonly path: string;
  readonly variables: boolean;
  report(path: string, message: string): void;
}

function compileStatement(statement: Fields, place: Place): Statement {
  const effect = own(statement, 'Effect');
  if (effect !== 'Allow' && effect !== 'Deny')
    place.report(`${place.path}.Effect`, 'the effect must be `Allow` or `Deny`');
  return {
    effect: effect === 'Allow' ? 'allow' : 'deny',
    principals: principalsOf(statement, place),
    actions: actionsOf(statement, place),
    resources: resourcesOf(statement, place),
    conditions: conditionsOf(own(statement, 'Condition'), place),
    ...(place.variables ? { variables: true } : {}),
    origin: originOf(statement, place),
  };
}

function originOf(statement: Fields, { attachment, n }: Place): Origin {
  const sid = own(statement, 'Sid');
  return {
    account: attachment.account,
    policy: attachment.policy,
    statement: typeof sid === 'string' && sid !== '' ? sid : String(n),
    text: JSON.stringify(statement),
  };
}

/** The strings of an element that may be one or a list. */
function stringsOf(value: unknown, path: string, place: Place): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const strings = list.filter((one) => typeof one === 'string');
  if (strings.length !== list.length) place.report(path, 'it must be a string or a list of strings');
  return strings;
}

/** One of two elements that exclude each other, and whether it is the negated one. */
function either(
  statement: Fields,
  name: string,
  place: Place,
): { value: unknown; negated: boolean; path: string } | undefined {
  const plain = own(statement, name);
  const negated = own(statement, `Not${name}`);
  if (plain !== undefined && negated !== undefined) {
    place.report(place.path, `a statement has either \`${name}\` or \`Not${name}\`, not both`);
  }
  if (plain !== undefined) return { value: plain, negated: false, path: `${place.path}.${name}` };
  return negated === undefined ? undefined : { value: negated, negated: true, path: `${place.path}.Not${name}` };
}

function actionsOf(statement: Fields, place: Place): ActionPattern {
  const found = either(statement, 'Action', place);
  if (!found) place.report(place.path, 'a statement needs `Action` or `NotAction`');
  const names = found ? stringsOf(found.value, found.path, place).map((name) => name.toLowerCase()) : [];
  const exact = names.filter((name) => !/[*?]/.test(name));
  const patterns = names.filter((name) => /[*?]/.test(name));
  const kinds: ActionPattern[] = [];
  if (exact.length > 0 || patterns.length === 0) kinds.push({ kind: 'exact', names: new Set(exact) });
  if (patterns.length > 0) kinds.push({ kind: 'wildcard', patterns });
  const of: ActionPattern = kinds.length === 1 ? kinds[0]! : { kind: 'any-of', of: kinds };
  return found?.negated ? { kind: 'not', of } : of;
}

function resourcesOf(statement: Fields, place: Place): ResourcePattern {
  const found = either(statement, 'Resource', place);
  if (!found) {
    if (!PRINCIPAL_KINDS.has(place.attachment.kind))
      place.report(place.path, 'a statement needs `Resource` or `NotResource`');
    return { kind: 'attached' };
  }
  const names = stringsOf(found.value, found.path, place).map(completeArn);
  const of: ResourcePattern = names.includes('*') ? { kind: 'any' } : { kind: 'names', patterns: names };
  return found.negated ? { kind: 'not', of } : of;
}

function principalsOf(statement: Fields, place: Place): PrincipalPattern {
  const found = either(statement, 'Principal', place);
  if (!PRINCIPAL_KINDS.has(place.attachment.kind)) {
    if (found) place.report(found.path, 'a policy of this kind names no principal');
    return { kind: 'anyone' };
  }
  if (!found) {
    if (!MAY_OMIT_PRINCIPAL.has(place.attachment.kind)) place.report(place.path, 'a statement needs `Principal`');
    return { kind: 'anyone' };
  }
  const named = principalEntries(found.value, found.path, place);
  if (!found.negated) return oneOf(named.map((entry) => entry.pattern));
  return own(statement, 'Effect') === 'Deny'
    ? exceptNamed(named)
    : { kind: 'not', of: oneOf(named.map((entry) => entry.pattern)) };
}

interface PrincipalEntry {
  readonly text: string;
  readonly pattern: PrincipalPattern;
}

const nobody: PrincipalPattern = { kind: 'any-of', of: [] };
const oneOf = (of: readonly PrincipalPattern[]): PrincipalPattern =>
  of.length === 1 ? of[0]! : { kind: 'any-of', of };

function principalEntries(value: unknown, path: string, place: Place): readonly PrincipalEntry[] {
  if (value === '*') return [{ text: '*', pattern: { kind: 'anyone' } }];
  if (!isFields(value)) {
    place.report(path, 'a principal is `*` or an object of principal types');
    return [];
  }
  return Object.entries(value).flatMap(([type, names]) => {
    const at = `${path}.${type}`;
    return stringsOf(names, at, place).map((text) => ({ text, pattern: principalOf(type, text, at, place) }));
  });
}

function principalOf(type: string, text: string, path: string, place: Place): PrincipalPattern {
  switch (type) {
    case 'AWS':
      return awsPrincipal(text, path, place);
    case 'Service':
      return { kind: 'service', name: text, tests: [] };
    case 'Federated':
      return { kind: 'federated', provider: text };
    case 'CanonicalUser':
      return { kind: 'canonical', id: text };
    default:
      place.report(path, `\`${type}\` is no type of principal: use AWS, Service, Federated or CanonicalUser`);
      return nobody;
  }
}

function awsPrincipal(text: string, path: string, place: Place): PrincipalPattern {
  if (text === '*') return { kind: 'anyone' };
  if (/^\d{12}$/.test(text)) return { kind: 'account', account: text };
  // What AWS keeps in place of the ARN: who is made anew under the same name is somebody else.
  if (/^A(IDA|ROA)[A-Z0-9]+$/.test(text)) return { kind: 'unique', id: text };
  const named = parsePrincipal(text);
  if (!named || /[*?]/.test(text)) {
    place.report(path, `\`${text}\` is no principal: use an account id or the ARN of a user, role or session`);
    return nobody;
  }
  if (named.kind === 'root') return { kind: 'account', account: named.account };
  return { kind: named.kind === 'role' ? 'role' : 'exact', id: text };
}

/**
 * NotPrincipal with Deny spares who is named at every level, the account included, and never a principal with a
 * permissions boundary.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function exceptNamed(named: readonly PrincipalEntry[]): PrincipalPattern {
  const accounts = new Set(named.flatMap(({ pattern }) => (pattern.kind === 'account' ? [pattern.account] : [])));
  const spared = named.flatMap(({ text, pattern }): readonly PrincipalPattern[] => {
    if (pattern.kind === 'account') return [{ kind: 'exact', id: /^\d/.test(text) ? rootArn(text) : text }];
    if (pattern.kind === 'unique') return [{ ...pattern, within: accounts }];
    if (pattern.kind !== 'exact' && pattern.kind !== 'role') return [pattern];
    return accounts.has(parsePrincipal(pattern.id)?.account ?? '') ? [pattern] : [];
  });
  return { kind: 'any-of', of: [{ kind: 'not', of: oneOf(spared) }, { kind: 'bounded' }] };
}

const rootArn = (account: string) => `arn:aws:iam::${account}:root`;

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

function conditionsOf(block: unknown, place: Place): readonly Condition[] {
  const path = `${place.path}.Condition`;
  if (block === undefined) return [];
  if (!isFields(block)) {
    place.report(path, 'it must be an object of operators');
    return [];
  }
  return Object.entries(block).flatMap(([written, keys]) => {
    const found = OPERATOR.exec(written);
    if (!found || !isFields(keys)) {
      place.report(
        `${path}.${written}`,
        found ? 'it must be an object of condition keys' : 'it is no condition operator',
      );
      return [];
    }
    const [, quantifier, operator, ifExists] = found;
    if (!operators.has(operator!)) place.report(`${path}.${written}`, 'it is no condition operator');
    return Object.entries(keys).map(
      ([key, values]): Condition => ({
        kind: 'test',
        operator: operator!,
        key: key.toLowerCase(),
        values: conditionValues(values, `${path}.${written}.${key}`, place),
        ...(quantifier ? { quantifier: quantifier === 'ForAllValues' ? 'all' : 'any' } : {}),
        ...(ifExists ? { ifExists: true } : {}),
      }),
    );
  });
}

function conditionValues(values: unknown, path: string, place: Place): readonly string[] {
  const list: readonly unknown[] = Array.isArray(values) ? values : [values];
  return list.map((value) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    place.report(path, 'a condition value must be a string, a number or a boolean');
    return '';
  });
}

/** A field of a document; what it inherits from a prototype is none. */
function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
