/** What AWS refuses in a policy that could still be read, element by element. */
import { type Fields, isFields, list } from '../fields.ts';
import { completeArn, PARTITION, parseArn } from '../names.ts';
import type { PolicyKind, Problem } from './compile.ts';
import { conditionProblems } from './strict-conditions.ts';

type Report = (path: string, message: string) => void;

const DOCUMENT_ELEMENTS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** Where a Sid may hold letters and digits only. */
const PLAIN_SIDS: ReadonlySet<PolicyKind> = new Set(['identity', 'boundary', 'session', 'trust']);

/** The problems of a document that is an object. `where` names the place it is written to. */
export function strictProblems(document: Fields, kind: PolicyKind, where: string): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, message) => {
    problems.push({ path, message });
  };
  for (const element of Object.keys(document)) {
    if (!DOCUMENT_ELEMENTS.has(element)) report(element, `\`${element}\` is no element of a policy`);
  }
  const statements = list(document['Statement']);
  if (statements.length === 0) report('Statement', 'a policy needs at least one statement');
  const sids = new Set<string>();
  for (const [n, statement] of statements.entries()) {
    if (!isFields(statement)) continue;
    const path = `Statement[${n}]`;
    checkElements(statement, path, report);
    checkSid(statement['Sid'], `${path}.Sid`, kind, sids, report);
    checkActions(statement, path, kind, report);
    checkResources(statement, path, kind, report);
    checkPrincipals(statement, path, kind, where, report);
    for (const problem of conditionProblems(statement['Condition'], `${path}.Condition`)) problems.push(problem);
  }
  return problems;
}

function checkElements(statement: Fields, path: string, report: Report): void {
  for (const element of Object.keys(statement)) {
    if (!STATEMENT_ELEMENTS.has(element)) report(`${path}.${element}`, `\`${element}\` is no element of a statement`);
  }
}

function checkSid(sid: unknown, path: string, kind: PolicyKind, sids: Set<string>, report: Report): void {
  if (sid === undefined) return;
  if (typeof sid !== 'string') {
    report(path, 'a Sid must be a string');
    return;
  }
  if (PLAIN_SIDS.has(kind) && !/^[A-Za-z0-9]*$/.test(sid))
    report(path, `the Sid \`${sid}\` may hold letters and digits only`);
  if (sid !== '' && sids.has(sid)) report(path, `the Sid \`${sid}\` is there twice`);
  sids.add(sid);
}

const texts = (value: unknown): readonly string[] => list(value).filter((one) => typeof one === 'string');

function checkActions(statement: Fields, path: string, kind: PolicyKind, report: Report): void {
  for (const element of ['Action', 'NotAction']) {
    const value = statement[element];
    if (value === undefined) continue;
    const at = `${path}.${element}`;
    const names = texts(value);
    if (names.length === 0) report(at, 'at least one action is needed');
    for (const name of names) {
      if (name !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(name)) {
        report(at, `\`${name}\` is no action: write \`service:Action\`, wildcards behind the colon only`);
      }
      if (kind === 'trust' && !/^(sts:|\*$)/i.test(name))
        report(at, `a trust policy allows STS actions only, not \`${name}\``);
      if (kind === 'rcp' && name === '*') report(at, 'a resource control policy names the service of its actions');
    }
  }
  if (kind === 'rcp' && statement['NotAction'] !== undefined) {
    report(`${path}.NotAction`, 'a resource control policy has no `NotAction`');
  }
}

function checkResources(statement: Fields, path: string, kind: PolicyKind, report: Report): void {
  for (const element of ['Resource', 'NotResource']) {
    const value = statement[element];
    if (value === undefined) continue;
    const at = `${path}.${element}`;
    if (kind === 'trust') report(at, 'a trust policy names no resource: it is the role itself');
    const names = texts(value);
    if (names.length === 0) report(at, 'at least one resource is needed');
    for (const name of names) checkResource(name, at, kind, report);
  }
}

function checkResource(name: string, path: string, kind: PolicyKind, report: Report): void {
  if (name === '*') return;
  const completed = parseArn(completeArn(name));
  if (!completed) {
    report(path, `\`${name}\` is no resource: write an ARN or \`*\``);
    return;
  }
  const { service } = completed;
  if (service !== '*' && /[*?]/.test(service)) report(path, `the service of \`${name}\` may hold no wildcard`);
  const arn = parseArn(name);
  if (arn && !/[*?$]/.test(arn.partition) && arn.partition !== PARTITION) {
    report(path, `Partition "${arn.partition}" is not valid for resource "${name}".`);
  }
  if (!arn && kind === 'session') report(path, `\`${name}\` has fewer than six parts, which a session policy needs`);
  if (arn && /\$\{/.test(`${arn.partition}:${arn.service}:${arn.region}:${arn.account}`)) {
    report(path, `\`${name}\` may hold policy variables behind the fifth colon only`);
  }
}

function checkPrincipals(statement: Fields, path: string, kind: PolicyKind, where: string, report: Report): void {
  const { Principal: principal, NotPrincipal: excepted } = statement;
  if (excepted !== undefined && (kind === 'trust' || kind === 'rcp')) {
    report(`${path}.NotPrincipal`, 'a policy of this kind names its principals in `Principal`');
  }
  if (kind === 'rcp') {
    if (statement['Effect'] !== 'Deny') report(`${path}.Effect`, 'a resource control policy can only deny');
    if (principal !== '*') report(`${path}.Principal`, 'a resource control policy has the principal `*`');
  }
  if (where === 'bucket' && statement['Effect'] === 'Allow' && excepted !== undefined) {
    report(`${path}.NotPrincipal`, '`NotPrincipal` with `Allow` would allow everyone else, and is refused');
  }
  for (const [type, names] of isFields(principal) ? Object.entries(principal) : []) {
    if (texts(names).length === 0) report(`${path}.Principal.${type}`, 'at least one principal is needed');
    if (type === 'Federated' && kind !== 'trust') {
      report(`${path}.Principal.Federated`, 'federated principals stand in trust policies only');
    }
    if (type === 'CanonicalUser' && where !== 'bucket') {
      report(`${path}.Principal.CanonicalUser`, 'canonical users stand in bucket policies only');
    }
  }
}
