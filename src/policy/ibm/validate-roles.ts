import { accessRoles, allRoles, authorizationRoles, roleOf } from './catalogue/catalogue.ts';
import { type CustomRoles, scopeOf } from './compile.ts';
import { type ApiVersion, type IbmPolicy, literal, pathsOf } from './document.ts';
import { roleMeant } from './meant.ts';
import type { Report } from './validate.ts';

/** Roles must exist, and be offered for the service (access) or for the source and target (authorization). */
export function validateRoles(policy: IbmPolicy, version: ApiVersion, custom: CustomRoles, report: Report): void {
  const scope = scopeOf(policy);
  const source = literal(policy.subject, 'serviceName');
  const authorization = policy.type === 'authorization' || source !== undefined;
  const valid =
    scope === undefined ? allRoles() : authorization ? authorizationRoles(scope, source) : accessRoles(scope);
  const offered = valid.map((role) => `\`${role.display_name}\``).join(', ');
  for (const [i, crn] of policy.roles.entries()) {
    const path = pathsOf(version).role(i);
    if (policy.roles.indexOf(crn) < i) report(path, `role \`${crn}\` is given twice`);
    else if (custom.has(crn)) {
      if (authorization) report(path, `\`${crn}\` is a custom role; an authorization takes system-defined roles`);
    } else if (roleOf(crn) === undefined) {
      const meant = roleMeant(crn, valid, allRoles())?.crn;
      const hint = meant === undefined ? `; valid roles are ${offered || 'none'}` : `; did you mean \`${meant}\``;
      report(path, `role \`${crn.slice(0, 200)}\` does not exist${hint}`, meant);
    } else if (!valid.some((role) => role.crn === crn)) {
      const what = authorization ? `for \`${source ?? 'this source'}\` on \`${scope}\`` : `by \`${scope}\``;
      report(path, `role \`${crn}\` is not offered ${what}; valid roles are ${offered || 'none'}`);
    }
  }
}
