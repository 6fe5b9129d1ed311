/** A lends a KMS key to B: by the key's policy and B's own, by grants, and within what else limits B's people. */
import assert from 'node:assert/strict';
import type { CreateGrantRequest } from '@aws-sdk/client-kms';
import { makeKey, makeRole, makeUser, setKeyPolicy, type User } from './aws-cast.ts';
import type { AwsClients } from './aws-clients.ts';
import { lets, may, policyOf, rootOf, type Statement, trusts } from './aws-policies.ts';
import { type AwsParties, type AwsStory, tellAws } from './aws-story.ts';
import { questionsOf } from './explained.ts';
import type { Plane, Story } from './story.ts';

const TEXT = Buffer.from('what B keeps under a key of A');
const CONTEXT = { project: 'atlas' };
const USES = ['kms:Encrypt', 'kms:Decrypt'];

/** Plays the story; answers how many calls it was. */
export async function lentKmsKey(plane: Plane, parties: AwsParties): Promise<Story['counts']> {
  const story = tellAws(plane, parties);
  await twoHalves(story);
  await grants(story);
  await limits(story);
  await decoded(story);
  return story.counts;
}

const encrypt =
  ({ kms }: AwsClients, KeyId: string, EncryptionContext?: Record<string, string>) =>
  () =>
    kms.encrypt({ KeyId, Plaintext: TEXT, ...(EncryptionContext ? { EncryptionContext } : {}) });

/** Without its key's ARN, for that is in the ciphertext. */
const decrypt =
  ({ kms }: AwsClients, CiphertextBlob: Uint8Array | undefined, EncryptionContext?: Record<string, string>) =>
  () =>
    kms.decrypt({ CiphertextBlob, ...(EncryptionContext ? { EncryptionContext } : {}) });

function borrower(story: AwsStory, name: string, ...statements: readonly Statement[]): Promise<User> {
  return makeUser(story.endpoint, story.b, `${name}-${story.run}`, ...statements);
}

async function twoHalves(story: AwsStory): Promise<void> {
  const { a, b, c } = story;
  story.say("\n1. The key's policy, and that of who uses it");
  const KeyId = await makeKey(a);
  const withRight = await borrower(story, 'borrower', may('UseKeysOfA', USES, KeyId));
  const withoutRight = await borrower(story, 'bystander');
  await story.denied(
    'B encrypts before A has lent anything',
    { account: a.account, layer: 'resource' },
    encrypt(withRight, KeyId),
  );
  await setKeyPolicy(
    a,
    KeyId,
    lets('Lent', rootOf(b.account), USES, { StringEquals: { 'kms:EncryptionContext:project': 'atlas' } }),
  );

  const { CiphertextBlob } = await story.allowed("B encrypts under A's key", encrypt(withRight, KeyId, CONTEXT));
  const { Plaintext } = await story.allowed('and decrypts', decrypt(withRight, CiphertextBlob, CONTEXT));
  assert.deepEqual(Buffer.from(Plaintext!), TEXT);
  const inA = { account: a.account, layer: 'resource' };
  const project = 'kms:encryptioncontext:project';
  await story.denied(
    'for another project',
    { ...inA, key: project },
    encrypt(withRight, KeyId, { project: 'borealis' }),
  );
  await story.denied('for no project', { ...inA, key: project }, encrypt(withRight, KeyId));
  await story.denied(
    'somebody of B without a right of his own',
    { account: b.account, layer: 'identity' },
    encrypt(withoutRight, KeyId, CONTEXT),
  );
  await story.denied("C's administrator", inA, encrypt(c.admin, KeyId, CONTEXT));
  await story.denied("B's borrower changes the key", { account: b.account }, () => withRight.kms.disableKey({ KeyId }));
}

/** A key of A, somebody of A who lends it, and people of B who have no rights but what grants give them. */
interface Lending {
  readonly KeyId: string;
  readonly lender: User;
  readonly user: User;
  readonly friend: User;
}

/** A grant for Encrypt and Decrypt unless `more` says otherwise. */
const grant =
  ({ kms }: AwsClients, { KeyId }: Lending, to: User, more: Partial<CreateGrantRequest>) =>
  () =>
    kms.createGrant({ KeyId, GranteePrincipal: to.arn, Operations: ['Encrypt', 'Decrypt'], ...more });

const ATLAS = { EncryptionContextSubset: CONTEXT };
const NORTH = { ...CONTEXT, part: 'north' };

async function grants(story: AwsStory): Promise<void> {
  const { a } = story;
  story.say('\n2. Grants');
  const KeyId = await makeKey(a);
  const lends = may('Lend', ['kms:CreateGrant', 'kms:RevokeGrant'], KeyId);
  const lender = await makeUser(story.endpoint, a, `lender-${story.run}`, lends);
  const [user, friend] = [await borrower(story, 'grantee'), await borrower(story, 'friend')];
  const lending = { KeyId, lender, user, friend };
  const inA = { account: a.account };

  await story.denied('a user of B, before there is a grant', inA, encrypt(user, KeyId, CONTEXT));
  const toPassOn: Partial<CreateGrantRequest> = {
    Operations: ['Encrypt', 'Decrypt', 'CreateGrant'],
    Constraints: ATLAS,
  };
  await story.allowed(
    'A grants the user its key for project atlas, to pass on',
    grant(lender, lending, user, toPassOn),
  );
  const { CiphertextBlob } = await story.allowed('the user encrypts', encrypt(user, KeyId, NORTH));
  await story.allowed('and decrypts', decrypt(user, CiphertextBlob, NORTH));
  const other = { ...inA, key: 'kms:encryptioncontext:project' };
  await story.denied('for another project', other, encrypt(user, KeyId, { project: 'borealis' }));

  await passedOn(story, lending, CiphertextBlob);

  const GrantId = await grantOf(story, lending, user);
  await story.allowed("A revokes the user's grant", () => lender.kms.revokeGrant({ KeyId, GrantId }));
  await story.denied('the user decrypts no more', inA, decrypt(user, CiphertextBlob, NORTH));
  await grant(lender, lending, user, { Constraints: { EncryptionContextEquals: NORTH } })();
  await story.allowed('until A grants it exactly this again', decrypt(user, CiphertextBlob, NORTH));
  await story.denied('and nothing else', inA, encrypt(user, KeyId, { ...NORTH, by: 'night' }));
}

/** The user passes the grant on to the friend, who uses it and gives it back. */
async function passedOn(story: AwsStory, lending: Lending, CiphertextBlob: Uint8Array | undefined): Promise<void> {
  const { KeyId, user, friend } = lending;
  const inA = { account: story.a.account };
  const RetiringPrincipal = friend.arn;
  const pass = (more: Partial<CreateGrantRequest>) => grant(user, lending, friend, { RetiringPrincipal, ...more });
  await story.denied('a friend of the user', inA, encrypt(friend, KeyId, CONTEXT));
  await story.denied(
    'the user passes on more than it has',
    { ...inA, key: 'kms:grantoperations' },
    pass({ Constraints: ATLAS, Operations: ['GenerateDataKey'] }),
  );
  await story.denied(
    'the user passes on without the constraint',
    { ...inA, key: 'kms:encryptioncontext:project' },
    pass({}),
  );
  const { GrantToken } = await story.allowed('the user passes it on to the friend', pass({ Constraints: ATLAS }));
  const decryptBy = (token: string) => () =>
    friend.kms.decrypt({ CiphertextBlob, EncryptionContext: NORTH, GrantTokens: [token] });
  await story.allowed('the friend decrypts, with the token of the grant', decryptBy(GrantToken!));
  await story.refused('with a token that is none', 'InvalidGrantTokenException', decryptBy('none'));
  const GrantId = await grantOf(story, lending, friend);
  await story.denied('the user retires what it passed on', inA, () => user.kms.retireGrant({ KeyId, GrantId }));
  await story.once('the friend retires it', () => friend.kms.retireGrant({ KeyId, GrantId }));
  await story.denied('and decrypts no more', inA, decrypt(friend, CiphertextBlob, NORTH));
}

/** The id of somebody's grant; it is another one each time that the grant has been taken away and made again. */
async function grantOf({ a }: AwsStory, { KeyId }: Lending, { arn }: User): Promise<string> {
  const { Grants = [] } = await a.admin.kms.listGrants({ KeyId });
  return Grants.find(({ GranteePrincipal }) => GranteePrincipal === arn)!.GrantId!;
}

async function limits(story: AwsStory): Promise<void> {
  const { a, b, run } = story;
  story.say("\n3. Within what else limits B's people");
  const KeyId = await makeKey(a, lets('Lent', rootOf(b.account), USES));
  const uses = may('UseKeysOfA', USES, KeyId);
  const onlyEncrypt = policyOf(may('Within', 'kms:Encrypt'));
  const { iam } = b.admin;

  const bounded = await borrower(story, 'bounded', uses);
  const { Policy } = await iam.createPolicy({ PolicyName: `within-${run}`, PolicyDocument: onlyEncrypt });
  await iam.putUserPermissionsBoundary({ UserName: `bounded-${run}`, PermissionsBoundary: Policy!.Arn! });
  const { CiphertextBlob } = await story.allowed('a user of B with a boundary encrypts', encrypt(bounded, KeyId));
  await story.denied(
    'and does not decrypt',
    { account: b.account, layer: 'boundary' },
    decrypt(bounded, CiphertextBlob),
  );

  const RoleName = `Keeper-${run}`;
  const RoleArn = await makeRole(b, RoleName, [trusts('OwnAccount', rootOf(b.account))], uses);
  const session = async (limit: { Policy?: string }) =>
    story.as(await b.admin.sts.assumeRole({ RoleArn, RoleSessionName: 'keeping', ...limit }));
  const whole = await session({});
  const limited = await session({ Policy: onlyEncrypt });
  await story.allowed('a role of B decrypts', decrypt(whole, CiphertextBlob));
  await story.allowed('a session of it with a policy encrypts', encrypt(limited, KeyId));
  await story.denied(
    'and does not decrypt',
    { account: b.account, layer: 'session' },
    decrypt(limited, CiphertextBlob),
  );
}

/** The parts of a decoded message that the story compares. */
interface Decoded {
  readonly allowed: boolean;
  readonly explicitDeny: boolean;
  readonly matchedStatements: { readonly items: readonly { readonly statementId: string }[] };
  readonly context: {
    readonly principal: { readonly arn: string };
    readonly action: string;
    readonly resource: string;
  };
}

async function decoded(story: AwsStory): Promise<void> {
  const { a, b, c } = story;
  story.say("\n4. The vendor's own way to ask why");
  const KeyId = await makeKey(a, lets('Lent', rootOf(b.account), 'kms:Decrypt'));
  const CiphertextBlob = (await encrypt(a.admin, KeyId)()).CiphertextBlob;
  const user = await borrower(
    story,
    'asker',
    may('UseKeysOfA', USES, KeyId),
    { ...may('NotNow', 'kms:Decrypt', KeyId), Effect: 'Deny' },
    may('AskWhy', 'sts:DecodeAuthorizationMessage'),
  );
  const decode =
    ({ sts }: AwsClients, EncodedMessage: string) =>
    () =>
      sts.decodeAuthorizationMessage({ EncodedMessage });
  const same = async (id: string, told: string | undefined, denies: readonly string[]): Promise<void> => {
    const { allowed, explicitDeny, matchedStatements, context } = JSON.parse(told!) as Decoded;
    const [question] = questionsOf(await story.why(id));
    assert.deepEqual(
      [allowed, explicitDeny, matchedStatements.items.map(({ statementId }) => statementId)],
      [false, denies.length > 0, denies],
    );
    assert.deepEqual(
      [context.principal.arn, context.action, context.resource],
      [user.arn, question?.words, question?.resource.name],
    );
  };

  const lacking = await story.denied('B encrypts, which A has not lent', { account: a.account }, encrypt(user, KeyId));
  const forB = await story.allowed('the user decodes the refusal', decode(user, lacking));
  await same(lacking, forB.DecodedMessage, []);
  const forbidden = await story.denied(
    'B decrypts, which its own policy forbids',
    { account: b.account },
    decrypt(user, CiphertextBlob),
  );
  const again = await story.allowed('the user decodes this one', decode(user, forbidden));
  await same(forbidden, again.DecodedMessage, ['NotNow']);
  for (const { account, admin } of [a, c]) {
    await story.refused(
      `account ${account} decodes what B was told`,
      'InvalidAuthorizationMessageException',
      decode(admin, lacking),
    );
  }
}
