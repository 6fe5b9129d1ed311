/** AWS accounts of a world file: their root user, and users with access keys and policies. */
import { randomBytes } from 'node:crypto';
import { Fault } from '../../faults.ts';
import type { Allowed } from '../../operation.ts';
import { validatePolicy } from '../../policy/aws/validate.ts';
import { Account, accountRef } from '../accounts/access.ts';
import { User } from '../identity/aws/access.ts';
import { accessKeys, ROOT_USER, rootRef, type UserDocument, userRef } from '../identity/aws/documents.ts';
import { uniqueId } from '../identity/aws/ids.ts';
import { ACCOUNT_MADE, type Applying } from './apply.ts';
import type { AwsAccount } from './file.ts';

/** One user of a world file; the root user has no name. */
type Wanted = Omit<AwsAccount['users'][number], 'name'> & { readonly name?: string };

export async function applyAws(run: Applying, wanted: AwsAccount): Promise<void> {
  const { cx } = run;
  const account = await cx.allowIfThere(Account.read, accountRef(wanted.id));
  if (account && account.value.name !== wanted.name) {
    run.notDone.push(`account \`${wanted.id}\` keeps its name \`${account.value.name}\``);
  }
  if (!account) {
    const draft = { id: wanted.id, name: wanted.name, cloud: 'aws', createdAt: cx.now } as const;
    cx.create(await cx.allowNew(Account.create, accountRef(wanted.id), draft), draft);
    cx.emit(ACCOUNT_MADE, wanted.id, { cloud: 'aws' });
    run.added.push(`account \`${wanted.id}\` (${wanted.name})`);
  }
  await applyUser(run, wanted.id, { ...wanted.owner, policies: {} });
  for (const user of wanted.users) await applyUser(run, wanted.id, user);
}

async function applyUser(run: Applying, account: string, wanted: Wanted): Promise<void> {
  const { cx } = run;
  const principal = wanted.name ?? 'root';
  const inline = inlinePolicies(account, wanted);
  const ref = wanted.name === undefined ? rootRef(account) : userRef(account, '/', wanted.name);
  const found = await cx.allowIfThere(User.inspect, ref);
  if (found) {
    const key = wanted.accessKeyId;
    if (key !== undefined && !(await cx.part(found, accessKeys, key))) {
      run.notDone.push(`\`${principal}\` of account \`${account}\` keeps the access keys they have`);
    }
    if (JSON.stringify(inline) !== JSON.stringify(found.value.inline)) {
      run.notDone.push(`\`${principal}\` of account \`${account}\` keeps its policies`);
    }
    return;
  }
  const draft: UserDocument = {
    id: uniqueId('AIDA', cx.newId()),
    name: wanted.name ?? ROOT_USER,
    path: '/',
    createdAt: cx.now,
    inline,
    attached: [],
    tags: {},
  };
  const user = await cx.allowNew(User.found, ref, draft);
  cx.create(user, draft);
  if (wanted.name !== undefined) run.added.push(`user \`${wanted.name}\` in account \`${account}\``);
  await addKey(run, user, principal, wanted);
}

/** The policies as text; what AWS would refuse is refused. */
function inlinePolicies(account: string, { name, policies }: Wanted): Readonly<Record<string, string>> {
  const texts = Object.entries(policies).map(([policy, document]) => [policy, JSON.stringify(document)] as const);
  for (const [policy, text] of texts) {
    const [fault] = validatePolicy(text, 'user-inline');
    if (fault === undefined) continue;
    throw new Fault(
      'invalid',
      'world-policy',
      `policy \`${policy}\` of user \`${name}\` in account \`${account}\`, \`${fault.path}\`: ${fault.message}`,
    );
  }
  return Object.fromEntries(texts);
}

async function addKey(run: Applying, user: Allowed<UserDocument>, principal: string, wanted: Wanted): Promise<void> {
  const { cx } = run;
  const accessKeyId = wanted.accessKeyId ?? uniqueId('AKIA', cx.newId());
  const [taken] = await cx.locateParts(accessKeys, 'id', accessKeyId);
  if (taken) {
    throw new Fault(
      'conflict',
      'access-key-taken',
      `the access key id of \`${principal}\` is somebody else's already: give another`,
    );
  }
  const secret = wanted.secretAccessKey ?? randomBytes(30).toString('base64');
  cx.putPart(user, accessKeys, accessKeyId, {
    id: accessKeyId,
    user: user.action.resource.documentId(user.ref),
    secret: Buffer.from(secret).toString('base64'),
    active: true,
    createdAt: cx.now,
  });
  if (wanted.accessKeyId !== undefined && wanted.secretAccessKey !== undefined) return;
  run.credentials.push({ account: user.ref.account, principal, accessKeyId, secretAccessKey: secret });
}
