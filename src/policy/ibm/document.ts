/** One IBM Cloud policy, whichever version of the API wrote it. https://cloud.ibm.com/apidocs/iam-policy-management */

export type AttributeOperator = 'stringEquals' | 'stringMatch' | 'stringExists';

export interface PolicyAttribute {
  readonly name: string;
  /** As sent: what is no `AttributeOperator` is for `validate` to refuse and for `compile` to skip. */
  readonly operator: string;
  /** `stringExists` takes a boolean or its text; it is given back as it was sent. */
  readonly value: string | boolean;
}

export interface RuleCondition {
  readonly key: string;
  readonly operator: string;
  readonly value: RuleValue;
}

export type RuleValue = string | number | boolean | readonly (string | number)[];

export interface RuleGroup {
  readonly operator: 'and' | 'or';
  readonly conditions: readonly Rule[];
}

export type Rule = RuleCondition | RuleGroup;

/** The order of attributes and roles is the order in which they were sent (Terraform compares it). */
export interface IbmPolicy {
  readonly type: 'access' | 'authorization';
  readonly description?: string;
  readonly subject: readonly PolicyAttribute[];
  readonly resource: readonly PolicyAttribute[];
  /** Access tags of the resource. */
  readonly tags: readonly PolicyAttribute[];
  /** Role CRNs. */
  readonly roles: readonly string[];
  readonly rule?: Rule;
  readonly pattern?: string;
}

export type ApiVersion = 'v1' | 'v2';

/** One fault of a policy body. `path` is a JSON path in the body as it was sent. */
export interface Problem {
  readonly code: 'invalid_body';
  readonly message: string;
  readonly path: string;
  /** The name or value that was probably meant. */
  readonly meant?: string;
}

export const isGroup = (rule: Rule): rule is RuleGroup => 'conditions' in rule;

/** The deepest group of a rule that the vendor accepts, and the most conditions. */
export const RULE_DEPTH = 2;
export const RULE_CONDITIONS = 10;

/** The value of an attribute that is tested literally; undefined when it is absent or tested otherwise. */
export function literal(attributes: readonly PolicyAttribute[], name: string): string | undefined {
  const found = attributes.find((a) => a.name === name && a.operator === 'stringEquals');
  return typeof found?.value === 'string' ? found.value : undefined;
}

/** Paths of a body by version, so that a problem points at what the client typed. */
export const pathsOf = (version: ApiVersion) => {
  const name = version === 'v1' ? 'name' : 'key';
  const subject = version === 'v1' ? 'subjects[0]' : 'subject';
  const resource = version === 'v1' ? 'resources[0]' : 'resource';
  const attribute = (owner: string, list: string) => (index: number, field: 'name' | 'value' | 'operator') =>
    `${owner}.${list}[${index}].${field === 'name' ? name : field}`;
  return {
    subject: `${subject}.attributes`,
    resource: `${resource}.attributes`,
    roles: version === 'v1' ? 'roles' : 'control.grant.roles',
    subjectAttribute: attribute(subject, 'attributes'),
    resourceAttribute: attribute(resource, 'attributes'),
    tag: attribute(resource, 'tags'),
    role: (index: number) => `${version === 'v1' ? 'roles' : 'control.grant.roles'}[${index}].role_id`,
  };
};
