/** The access table and the access matrix, as `docs/access.md` shows them. */
import type { Action } from '../../src/access.ts';
import { allRoles, allServices, grants } from '../../src/policy/ibm/catalogue/catalogue.ts';
import { services } from '../../src/services/index.ts';
import type { AwsRow } from './aws/matrix.ts';
import { printAwsMatrix } from './aws/print.ts';
import type { MatrixRow } from './matrix.ts';
import { apiNames } from './routes.ts';
import { table } from './table.ts';
import { CALLERS } from './world.ts';

export interface AccessRow {
  readonly service: string;
  readonly action: Action<never>;
  /** Ids of the roles that hold the action on some service, as the catalogue has it. */
  readonly roles: readonly string[];
}

export const accessRows: readonly AccessRow[] = services.flatMap(({ name, actions }) =>
  actions.map((action) => ({ service: name, action, roles: action.ibm === undefined ? [] : rolesWith(action.ibm) })),
);

function rolesWith(words: string): string[] {
  const scopes = allServices().map(({ name }) => name);
  const holds = allRoles().filter(({ crn }) => scopes.some((scope) => grants(crn, scope).has(words)));
  return [...new Set(holds.map(({ id }) => id))];
}

function accessTables(): string {
  return services
    .filter(({ actions }) => actions.length > 0)
    .map(({ name }) => {
      const rows = accessRows
        .filter(({ service }) => service === name)
        .map(({ action, roles }) => [
          `\`${action.name}\``,
          action.nature,
          (action.ibm ?? action.aws) === undefined ? '' : `\`${action.ibm ?? action.aws}\``,
          roles.join(', '),
          (action.standing ?? []).join(', '),
        ]);
      return `### ${name}\n\n${table(['Action', 'Nature', 'In the cloud', 'Roles', 'Standing'], rows)}`;
    })
    .join('\n');
}

function matrixTables(matrix: readonly MatrixRow[]): string {
  return apiNames
    .filter((api) => matrix.some(({ route }) => route.api === api))
    .map((api) => {
      const columns = CALLERS.filter((caller) => caller !== 'operator' || api === 'Easement');
      const rows = matrix
        .filter(({ route }) => route.api === api)
        .map(({ route, cells }) => [`\`${route.key}\``, ...columns.map((caller) => cells[caller])]);
      return `### ${api}\n\n${table(['Call', ...columns], rows)}`;
    })
    .join('\n');
}

export function printAccess(matrix: readonly MatrixRow[], awsMatrix: readonly AwsRow[]): string {
  return `# Who may do what

Written by \`node test/golden/write.ts\`, compared by \`test/golden/golden.test.ts\`: a change here is a change of who may do what.

## By call and kind of caller

Each cell is the answer of a running plane to one request that is valid in every other respect, about something that account A's
owner has made. The columns named after a role are service IDs of account A with this role on all services (platform roles on the
account management services too) and no other policy. \`other owner\` owns another account; \`operator\` runs the plane.

\`yes\`: done. \`empty\`: the list leaves out what the caller may not see. A number: the status of the refusal; Key Protect says 401
where others say 403, and 404 stands where the caller is told what he would be told of something that is not there. Registrations
of keys are written by services alone: 403 for people who could read them.

${matrixTables(matrix)}
## By AWS operation and kind of caller

The same for AWS. \`root\` is account A's root user; \`administrator\`, \`power user\` and \`read only\` are users of account A with the managed policies
AdministratorAccess, PowerUserAccess and ReadOnlyAccess, \`no policy\` is one without any; \`other account\` administers another account, and
has a cell only where a call names something of account A; \`unsigned\` does not sign. \`no\` is the vendor's error for what is not
authorized; another code is what those get who would be authorized, or whom the call is never for.

${printAwsMatrix(awsMatrix)}
## By action

What operations ask for, the vendor's name for it, and the roles of the vendor that hold it
([catalogue](../src/policy/ibm/catalogue/)). *Standing* gives a right without any policy: to the \`operator\`, to the \`service\` that keeps the
resource, to the identity \`self\` that a resource names, to \`anyone\`. Account owners may do whatever has a name in
IBM Cloud. Of AWS actions policies alone decide, and every one has the vendor's name.

${accessTables()}`;
}
