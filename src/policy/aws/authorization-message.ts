/**
 * What sts:DecodeAuthorizationMessage tells about a refusal: the statements that denied, who asked, and the request's
 * context. https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
import { type Fields, isFields, list } from '../fields.ts';
import { parseJson } from '../json.ts';
import type { Origin, Question, Verdict } from '../model.ts';
import { awsRef, parseArn } from '../names.ts';
import { spelledKey } from './key-spellings.ts';

/** `{"items":[{"value":"a"}]}`: how the message writes a list of texts. */
interface Values {
  readonly items: readonly { readonly value: string }[];
}

interface Keys {
  readonly items: readonly { readonly key: string; readonly values: Values }[];
}

const valuesOf = (texts: readonly string[]): Values => ({ items: texts.map((value) => ({ value })) });

/**
 * The decoded message as JSON text. `maySee` says of whose account the reader may know the policies and what they test;
 * a deny of another account reads like an absent allow.
 */
export function authorizationMessage(
  question: Question,
  verdict: Verdict,
  maySee: (account: string) => boolean,
): string {
  const denies = verdict.sides
    .flatMap((side) => side.layers)
    .filter((layer) => layer.outcome === 'explicit-deny' && maySee(layer.account))
    .flatMap((layer) => layer.because.filter((reason) => reason.matched && reason.effect === 'deny'));
  return JSON.stringify({
    allowed: verdict.outcome === 'allow',
    explicitDeny: denies.length > 0,
    matchedStatements: { items: denies.map(({ origin }) => statementOf(origin, principalId(question, maySee))) },
    failures: { items: [] },
    context: {
      principal: principalOf(question, maySee),
      action: question.action,
      resource: question.resource.name,
      conditions: visibleContext(question, maySee),
    },
  });
}

/** Negated elements are listed like plain ones, and conditions without their operators. */
function statementOf(origin: Origin, principal: string): object {
  const parsed = parseJson(origin.text);
  const statement: Fields = 'value' in parsed && isFields(parsed.value) ? parsed.value : {};
  const element = (name: string) => list(statement[name] ?? statement[`Not${name}`]).flatMap(textsOf);
  const sid = statement['Sid'];
  const named = element('Principal');
  return {
    statementId: typeof sid === 'string' ? sid : '',
    effect: 'DENY',
    principals: valuesOf(named.length > 0 ? named : [principal]),
    principalGroups: { items: [] },
    actions: valuesOf(element('Action')),
    resources: valuesOf(element('Resource')),
    conditions: conditionsOf(statement['Condition']),
  };
}

/** A text, or the texts of an object of principal types. */
function textsOf(value: unknown): readonly string[] {
  return isFields(value) ? Object.values(value).flatMap(list).map(String) : [String(value)];
}

function conditionsOf(block: unknown): Keys {
  const tests = isFields(block)
    ? Object.values(block)
        .filter(isFields)
        .flatMap(Object.entries<unknown>)
    : [];
  return { items: tests.map(([key, values]) => ({ key, values: valuesOf(list(values).map(String)) })) };
}

function principalId({ caller, context }: Question, maySee: (account: string) => boolean): string {
  const id = context['aws:userid'] ?? caller.uniqueId;
  return typeof id === 'string' && maySee(caller.account) ? id : '';
}

function principalOf(question: Question, maySee: (account: string) => boolean): object {
  const { caller, context } = question;
  const name = maySee(caller.account) ? context['aws:username'] : undefined;
  return { id: principalId(question, maySee), ...(name === undefined ? {} : { name }), arn: caller.id };
}

/** What describes the caller, and so is its account's to tell. */
const OF_CALLER =
  /^aws:(principal|userid$|username$|tokenissuetime$|sourceidentity$|federatedprovider$|multifactorauth)/;

function visibleContext({ caller, resource, context }: Question, maySee: (account: string) => boolean): Keys {
  const hidden = (key: string) =>
    (!maySee(caller.account) && OF_CALLER.test(key)) ||
    (!maySee(resource.ref.account) && (key.startsWith('aws:resource') || Object.hasOwn(resource.attributes, key)));
  const given = Object.entries(context)
    .filter(([key]) => !hidden(key))
    .map(([key, value]) => ({ key: spelledKey(key), values: valuesOf(list(value).map(String)) }));
  return { items: [...namedKeys(resource.name), ...given] };
}

/** The keys that the message makes of the resource's name. */
function namedKeys(name: string): Keys['items'] {
  const arn = parseArn(name);
  if (!arn) return [];
  const { type, id } = awsRef(name, '');
  const keys: Readonly<Record<string, string>> = {
    'aws:Region': arn.region,
    'aws:Service': arn.service,
    'aws:Account': arn.account,
    'aws:Type': type,
    'aws:ID': id,
    'aws:Resource': arn.resource,
    'aws:ARN': name,
  };
  return Object.entries(keys).flatMap(([key, value]) => (value === '' ? [] : [{ key, values: valuesOf([value]) }]));
}
