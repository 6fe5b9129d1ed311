/** IbmPolicy -> the bodies of both API versions. The policy's id, dates and state are the caller's to add. */
import { type Role, roleOf, UNSUPPORTED_VERSION } from './catalogue/catalogue.ts';
import type { IbmPolicy, PolicyAttribute, Rule } from './document.ts';

export interface V1Body {
  readonly type: IbmPolicy['type'];
  readonly description?: string;
  readonly subjects: readonly { readonly attributes: readonly { readonly name: string; readonly value: string }[] }[];
  readonly roles: readonly {
    readonly role_id: string;
    readonly display_name?: string;
    readonly description?: string;
  }[];
  readonly resources: readonly {
    readonly attributes: readonly V1Attribute[];
    readonly tags?: readonly V1Attribute[];
  }[];
}

interface V1Attribute {
  readonly name: string;
  readonly operator: string;
  readonly value: string;
}

interface V2Attribute {
  readonly key: string;
  readonly operator: string;
  readonly value: string | boolean;
}

export interface V2Body {
  readonly type: IbmPolicy['type'];
  readonly description?: string;
  readonly subject: { readonly attributes: readonly V2Attribute[] };
  readonly resource: { readonly attributes: readonly V2Attribute[]; readonly tags?: readonly V2Attribute[] };
  readonly control: { readonly grant: { readonly roles: readonly { readonly role_id: string }[] } };
  readonly rule?: Rule;
  readonly pattern?: string;
}

/** Looks a role up by its CRN; the default knows the system-defined ones. */
export type RoleLookup = (crn: string) => Pick<Role, 'display_name' | 'description'> | undefined;

/** Whether v1 cannot say what the policy says: it has rules, `stringExists`, or a subject that is matched. */
export function isV2Only(policy: IbmPolicy): boolean {
  return (
    policy.rule !== undefined ||
    policy.pattern !== undefined ||
    policy.subject.some((a) => a.operator !== 'stringEquals') ||
    [...policy.resource, ...policy.tags].some((a) => a.operator === 'stringExists')
  );
}

/** The v1 body. A policy that only v2 can express is a placeholder there: its role is `UnsupportedVersion`. */
export function toV1(policy: IbmPolicy, lookup: RoleLookup = roleOf): V1Body {
  const described = (role_id: string) => {
    const role = lookup(role_id);
    return role === undefined
      ? { role_id }
      : { role_id, display_name: role.display_name, description: role.description };
  };
  const placeholder = {
    role_id: UNSUPPORTED_VERSION,
    display_name: 'Unsupported Version',
    description: 'This policy can only be read and changed with version 2 of the API',
  };
  return {
    type: policy.type,
    ...(policy.description === undefined ? {} : { description: policy.description }),
    subjects: [{ attributes: policy.subject.map(({ name, value }) => ({ name, value: String(value) })) }],
    roles: isV2Only(policy) ? [placeholder] : policy.roles.map(described),
    resources: [
      {
        attributes: policy.resource.map(v1Attribute),
        ...(policy.tags.length === 0 ? {} : { tags: policy.tags.map(v1Attribute) }),
      },
    ],
  };
}

/** The v2 body. */
export function toV2(policy: IbmPolicy): V2Body {
  return {
    type: policy.type,
    ...(policy.description === undefined ? {} : { description: policy.description }),
    subject: { attributes: policy.subject.map(v2Attribute) },
    resource: {
      attributes: policy.resource.map(v2Attribute),
      ...(policy.tags.length === 0 ? {} : { tags: policy.tags.map(v2Attribute) }),
    },
    control: { grant: { roles: policy.roles.map((role_id) => ({ role_id })) } },
    ...(policy.pattern === undefined ? {} : { pattern: policy.pattern }),
    ...(policy.rule === undefined ? {} : { rule: policy.rule }),
  };
}

const v1Attribute = ({ name, operator, value }: PolicyAttribute): V1Attribute => ({
  name,
  operator,
  value: String(value),
});
const v2Attribute = ({ name, operator, value }: PolicyAttribute): V2Attribute => ({ key: name, operator, value });
