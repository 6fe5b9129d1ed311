/** AWS accounts of a world file: their root user and users, with their credentials kept sealed. */
import { randomBytes } from 'node:crypto';
import { Account, accountRef } from '../accounts/access.ts';
import { AwsPrincipal, awsPrincipalRef } from './access.ts';
import { ACCOUNT_MADE, type Applying } from './apply.ts';
import type { AwsAccount } from './file.ts';

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
  await applyPrincipal(run, wanted.id, undefined, { ...wanted.owner, policies: {} });
  for (const user of wanted.users) await applyPrincipal(run, wanted.id, user.name, user);
}

async function applyPrincipal(
  run: Applying,
  account: string,
  user: string | undefined,
  wanted: Omit<AwsAccount['users'][number], 'name'>,
): Promise<void> {
  const { cx } = run;
  const principal = user ?? 'root';
  const ref = awsPrincipalRef(account, user === undefined ? 'root' : `user-${user}`);
  const found = await cx.allowIfThere(AwsPrincipal.read, ref);
  if (found) {
    const sameKey = wanted.accessKeyId === undefined || wanted.accessKeyId === found.value.accessKeyId;
    const samePolicies = JSON.stringify(wanted.policies) === JSON.stringify(found.value.policies);
    if (!sameKey) run.notDone.push(`\`${principal}\` of account \`${account}\` keeps its access key`);
    if (!samePolicies) run.notDone.push(`\`${principal}\` of account \`${account}\` keeps its policies`);
    return;
  }
  const accessKeyId = wanted.accessKeyId ?? newAccessKeyId();
  const secretAccessKey = wanted.secretAccessKey ?? randomBytes(30).toString('base64');
  const draft = {
    ...(user === undefined ? {} : { user }),
    accessKeyId,
    secretAccessKey: Buffer.from(secretAccessKey).toString('base64'),
    policies: wanted.policies,
  };
  cx.create(await cx.allowNew(AwsPrincipal.create, ref, draft), draft);
  if (user !== undefined) run.added.push(`user \`${user}\` in account \`${account}\``);
  if (wanted.accessKeyId !== undefined && wanted.secretAccessKey !== undefined) return;
  run.credentials.push({ account, principal, accessKeyId, secretAccessKey });
}

/** `AKIA` and 16 of the letters and digits that base32 has. */
function newAccessKeyId(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return `AKIA${Array.from(randomBytes(16), (byte) => letters[byte % 32]).join('')}`;
}
