/**
 * What managing a policy is asked on: the resources that the policy opens. Whoever administers these may give access to
 * them, and nobody else. https://cloud.ibm.com/docs/account?topic=account-serviceauth#auth-requirements
 */
import { isIamService, serviceNamed } from '../../policy/ibm/catalogue/catalogue.ts';
import { scopeOf } from '../../policy/ibm/compile.ts';
import type { IbmPolicy, PolicyAttribute } from '../../policy/ibm/document.ts';

/**
 * Stands for "any text" where a target says `*`. Not the character itself: a right to what is literally called `*` is
 * no right to everything. Three of them, so that a right to all names of one letter is none either.
 */
const ANY_TEXT = '＊＊＊';
const ANY_CHARACTER = '？';

/**
 * The attributes of a policy's target, as a question carries them. An attribute that the target does not narrow is
 * empty: a right to one instance is no right to all. Without a policy nothing but the account is left, so that only
 * who administers the whole account learns that there is none.
 */
export function targetAttributes(policy: IbmPolicy | undefined): Readonly<Record<string, string>> {
  // The policy's own name must not count: these would follow from it.
  const attributes: Record<string, string> = {
    serviceName: '',
    serviceType: '',
    service_group_id: '',
    resourceType: '',
    resource: '',
  };
  if (policy === undefined) return attributes;
  const { serviceType, group } = kindOf(policy);
  if (serviceType !== undefined) attributes['serviceType'] = serviceType;
  if (group) attributes['service_group_id'] = 'IAM';
  for (const attribute of policy.resource) {
    const value = asked(attribute);
    if (value === undefined) delete attributes[attribute.name];
    else attributes[attribute.name] = value;
  }
  return attributes;
}

/** What the catalogue knows of the services that a policy opens. */
export function kindOf(policy: IbmPolicy): { readonly serviceType: string | undefined; readonly group: boolean } {
  const scope = scopeOf(policy) ?? '';
  if (scope.startsWith('type:')) return { serviceType: scope.slice('type:'.length), group: false };
  if (scope === 'group:IAM') return { serviceType: 'platform_service', group: true };
  return { serviceType: serviceNamed(scope)?.type, group: isIamService(scope) };
}

/** One text that stands for all that a test lets through; undefined when that is the absence of the attribute. */
function asked({ operator, value }: PolicyAttribute): string | undefined {
  if (operator === 'stringExists') return String(value) === 'true' ? ANY_TEXT : undefined;
  const text = String(value);
  // The vendor's pages print `*` with stringEquals where they mean any resource, and it is compiled so.
  if (operator === 'stringEquals') return text === '*' ? ANY_TEXT : text;
  return text
    .split(/(\{\{[*?]\}\})/)
    .map((part) =>
      /^\{\{[*?]\}\}$/.test(part) ? part.charAt(2) : part.replaceAll('*', ANY_TEXT).replaceAll('?', ANY_CHARACTER),
    )
    .join('');
}
