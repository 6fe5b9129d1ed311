/** Explanations of calls (`GET /api/decisions/{id}`) as stories read them: who allowed, who did not, and in which words. */

/** The parts of an explanation that stories look at. */
export interface ExplainedCall {
  readonly id: string;
  readonly operation: string;
  readonly outcome?: string;
  readonly questions: readonly ExplainedQuestion[];
  readonly nested: readonly ExplainedCall[];
}

export interface ExplainedQuestion {
  readonly words: string;
  readonly outcome: string;
  readonly resource: { readonly name: string; readonly account: string };
  readonly sides: readonly {
    readonly account: string;
    readonly says?: string;
    readonly layers?: readonly { readonly kind: string; readonly because: readonly Reason[] }[];
  }[];
  readonly missing?: Missing;
  readonly remedy?: Remedy;
}

/** What one statement of a policy had to do with an answer. */
export interface Reason {
  readonly matched: boolean;
  readonly effect: string;
  readonly origin: Origin;
  /** The first thing that kept it from matching. */
  readonly failed?: {
    readonly element: string;
    readonly key?: string;
    readonly operator?: string;
    readonly expected: readonly string[];
    readonly got?: readonly string[];
  };
}

export interface Origin {
  readonly account: string;
  readonly policy: string;
  readonly statement: string;
  readonly text: string;
}

/** What would have to be changed. The first of several ways is the usual one. */
export type Missing = { readonly kind: 'all-of' | 'any-of'; readonly of: readonly Missing[] } | Lack;

/** One absent allow; or what stands in the way, whatever is allowed besides. */
export interface Lack {
  readonly kind: 'allow' | 'blocked';
  readonly account: string;
  readonly layer: string;
  /** Of what stands in the way: statements that deny have matched. */
  readonly by?: readonly Reason[];
}

export interface Remedy {
  readonly [part: string]: unknown;
}

/** A policy, or a statement of one, that allowed a call; `on`: the resource that the call was about. */
export interface Grant extends Origin {
  readonly on: string;
}

/** Layers that an administrator can change; what limits a session is its own. */
const CHANGEABLE: ReadonlySet<string> = new Set([
  'access',
  'authorization',
  'identity',
  'resource',
  'boundary',
  'grant',
]);

/** Whose statements are about the plane's own affairs: of no interest to a story. */
const PLANE = 'plane';

/** The questions of a call and of all that services asked for it. */
export function questionsOf(call: ExplainedCall): ExplainedQuestion[] {
  return [...call.questions, ...call.nested.flatMap(questionsOf)];
}

export function deniedIn(call: ExplainedCall): ExplainedQuestion[] {
  return questionsOf(call).filter((question) => question.outcome !== 'allowed');
}

/** The policies, or statements, without which the call would not have been allowed. */
export function grantsOf(call: ExplainedCall): Grant[] {
  const grants = matchedIn(call)
    .filter(({ kind }) => CHANGEABLE.has(kind))
    .map(({ question, origin }) => ({ ...origin, on: question.resource.name }));
  return [...new Map(grants.map((grant) => [`${grant.account} ${grant.policy} ${grant.statement}`, grant])).values()];
}

export function reasonsOf(call: ExplainedCall): string[] {
  const ofAccounts = matchedIn(call).filter(({ origin }) => origin.account !== PLANE);
  const reasons = ofAccounts.map(({ question, origin }) => `${question.words}: ${grantText(origin)}`);
  return [...new Set(reasons)];
}

/** Where the usual way to an allow lacks something. */
export function lacksIn(call: ExplainedCall): Lack[] {
  return deniedIn(call).flatMap((question) => lacks(question.missing));
}

/** Why a call was refused: what is missing on which side, and the conditions that did not hold. */
export function refusalsOf(call: ExplainedCall): string[] {
  const lines = deniedIn(call).flatMap((question) => [
    ...lacks(question.missing).flatMap((lack) => lackText(lack, question)),
    ...reasonsIn(question).flatMap(conditionText),
  ]);
  return [...new Set(lines)];
}

/** The statements that would have allowed or denied, but for a condition on this context key. */
export function failedOn(call: ExplainedCall, key: string): Reason[] {
  return deniedIn(call)
    .flatMap(reasonsIn)
    .filter(({ failed }) => failed?.key === key);
}

/** A policy of IBM Cloud is kept as the JSON that the API shows: its kind and its roles say enough here. */
export function grantText({ account, policy, statement, text }: Origin): string {
  const of = `of account ${account}`;
  if (!text.startsWith('{')) return `${text} ${of}`;
  const read = JSON.parse(text) as {
    Effect?: string;
    operations?: string[];
    type?: string;
    roles?: { role_id: string }[];
    control?: { grant: { roles: { role_id: string }[] } };
  };
  if (read.Effect !== undefined) return `statement ${statement} of ${policy} ${of}`;
  if (read.operations !== undefined) return `grant ${statement.slice(0, 8)} (${read.operations.join(', ')}) ${of}`;
  const roles = [...(read.roles ?? []), ...(read.control?.grant.roles ?? [])];
  const names = roles.map(({ role_id: id }) => id.slice(id.lastIndexOf(':') + 1));
  return `${read.type} policy ${policy} (${names.join(', ')}) ${of}`;
}

function matchedIn(call: ExplainedCall) {
  return questionsOf(call).flatMap((question) =>
    question.sides.flatMap((side) =>
      (side.layers ?? []).flatMap((layer) =>
        layer.because
          .filter((reason) => reason.matched && reason.effect === 'allow')
          .map((reason) => ({ question, kind: layer.kind, origin: reason.origin })),
      ),
    ),
  );
}

function reasonsIn(question: ExplainedQuestion): Reason[] {
  return question.sides.flatMap(({ layers = [] }) => layers.flatMap(({ because }) => because));
}

function lacks(missing: Missing | undefined): Lack[] {
  if (missing === undefined) return [];
  if ('of' in missing) return missing.kind === 'all-of' ? missing.of.flatMap(lacks) : lacks(missing.of[0]);
  return [missing];
}

function lackText({ account, layer, by = [] }: Lack, { words, resource }: ExplainedQuestion): string[] {
  const denies = by.filter(({ matched }) => matched);
  if (denies.length > 0) return denies.map(({ origin }) => `${grantText(origin)} denies ${words} on ${resource.name}`);
  return [`no ${layer} policy of account ${account} lets it ${words} on ${resource.name}`];
}

function conditionText({ origin, failed }: Reason): string[] {
  if (failed?.element !== 'condition') return [];
  const { key = '', operator, expected, got } = failed;
  const wanted =
    operator === undefined ? `no ${key}... but ${expected.join(', ')}` : `${key} ${operator} ${expected.join(' or ')}`;
  return [`${grantText(origin)} wants ${wanted}: it is ${got?.join(', ') ?? 'missing'}`];
}
