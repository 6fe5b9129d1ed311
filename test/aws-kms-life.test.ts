/** The states of a key and what they stand in the way of; its policy, its aliases, its tags. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeyPoliciesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  paginateListKeys,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import {
  errorOf,
  everything,
  kmsClient,
  kmsWorld,
  OWNER,
  outcomeOf,
  ownerAdmin,
  ownerOther,
  policy,
  userArn,
} from './aws-kms-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

const TEXT = Buffer.from('kept');

describe('the life of a key', () => {
  let plane: TestPlane;
  let kms: KMSClient;
  before(async () => {
    plane = await startPlane({ world: kmsWorld() });
    kms = kmsClient(plane, ownerAdmin);
  });
  after(() => plane.stop());

  const makeKey = async (input: CreateKeyCommandInput = {}): Promise<string> =>
    (await kms.send(new CreateKeyCommand(input))).KeyMetadata!.Arn!;
  const describeKey = async (KeyId: string) => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;
  const encrypt = (KeyId: string, as = kms) => as.send(new EncryptCommand({ KeyId, Plaintext: TEXT }));

  test('a disabled key is not used, an enabled one is', async () => {
    const key = await makeKey();
    const { CiphertextBlob } = await encrypt(key);
    await kms.send(new DisableKeyCommand({ KeyId: key }));
    const { Enabled, KeyState } = await describeKey(key);
    assert.deepEqual([Enabled, KeyState], [false, 'Disabled']);
    const disabled = { name: 'DisabledException', message: `${key} is disabled.` };
    assert.deepEqual(await errorOf(encrypt(key)), disabled);
    assert.deepEqual(await errorOf(kms.send(new DecryptCommand({ CiphertextBlob }))), disabled);
    const grant = { KeyId: key, GranteePrincipal: userArn(OWNER, 'nobody'), Operations: ['Encrypt' as const] };
    assert.deepEqual(await errorOf(kms.send(new CreateGrantCommand(grant))), disabled);
    await kms.send(new EnableKeyCommand({ KeyId: key }));
    assert.equal(await outcomeOf(kms.send(new DecryptCommand({ CiphertextBlob }))), 'done');
  });

  test('a key whose material is to be imported waits for it', async () => {
    const key = await makeKey({ Origin: 'EXTERNAL' });
    const { KeyState, Origin, CurrentKeyMaterialId } = await describeKey(key);
    assert.deepEqual([KeyState, Origin, CurrentKeyMaterialId], ['PendingImport', 'EXTERNAL', undefined]);
    const waiting = { name: 'KMSInvalidStateException', message: `${key} is pending import.` };
    assert.deepEqual(await errorOf(encrypt(key)), waiting);
    assert.deepEqual(await errorOf(kms.send(new EnableKeyCommand({ KeyId: key }))), waiting);
  });

  test('the default policy delegates to the account; another is kept as it was written', async () => {
    const key = await makeKey();
    const read = async () => (await kms.send(new GetKeyPolicyCommand({ KeyId: key, PolicyName: 'default' }))).Policy!;
    const [statement] = JSON.parse(await read()).Statement;
    assert.deepEqual(statement, {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${OWNER}:root` },
      Action: 'kms:*',
      Resource: '*',
    });
    const own = { ...everything, Principal: { AWS: `arn:aws:iam::${OWNER}:root` } };
    const text = policy(own, { ...everything, Sid: 'us', Principal: { AWS: userArn(OWNER, 'nobody') } });
    await kms.send(new PutKeyPolicyCommand({ KeyId: key, Policy: text }));
    assert.equal(await read(), text);
    const { PolicyNames } = await kms.send(new ListKeyPoliciesCommand({ KeyId: key }));
    assert.deepEqual(PolicyNames, ['default']);
    const unknown = kms.send(new GetKeyPolicyCommand({ KeyId: key, PolicyName: 'other' }));
    assert.deepEqual(await errorOf(unknown), { name: 'NotFoundException', message: 'No such policy exists' });
  });

  test('nobody locks himself out by accident', async () => {
    const key = await makeKey();
    const closed = policy({ ...everything, Principal: { AWS: userArn(OWNER, 'nobody') } });
    const locked = {
      name: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    };
    assert.deepEqual(await errorOf(kms.send(new PutKeyPolicyCommand({ KeyId: key, Policy: closed }))), locked);
    assert.deepEqual(await errorOf(kms.send(new CreateKeyCommand({ Policy: closed }))), locked);
    assert.equal(await outcomeOf(encrypt(key)), 'done', 'the old policy still counts');
    const bypass = { KeyId: key, Policy: closed, BypassPolicyLockoutSafetyCheck: true };
    await kms.send(new PutKeyPolicyCommand(bypass));
    assert.equal(await outcomeOf(encrypt(key)), 'AccessDeniedException');
  });

  test('an alias leads to one key, then to another', async () => {
    const [first, second] = [await makeKey(), await makeKey()];
    const alias = 'alias/app/main';
    const arn = `arn:aws:kms:us-east-1:${OWNER}:${alias}`;
    const create = (TargetKeyId: string) => kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId }));
    await create(first);
    assert.deepEqual(await errorOf(create(second)), {
      name: 'AlreadyExistsException',
      message: `An alias with the name ${arn} already exists`,
    });
    assert.equal((await encrypt(alias)).KeyId, first);
    await kms.send(new UpdateAliasCommand({ AliasName: alias, TargetKeyId: second }));
    assert.equal((await encrypt(arn)).KeyId, second);
    const listed = async (KeyId: string) => (await kms.send(new ListAliasesCommand({ KeyId }))).Aliases!;
    assert.deepEqual(await listed(first), []);
    const [{ AliasArn, TargetKeyId } = {}] = await listed(second);
    assert.deepEqual([AliasArn, TargetKeyId], [arn, second.slice(second.indexOf('/') + 1)]);
    const rsa = await makeKey({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
    const unlike = kms.send(new UpdateAliasCommand({ AliasName: alias, TargetKeyId: rsa }));
    assert.equal((await errorOf(unlike)).name, 'ValidationException');
    await kms.send(new DeleteAliasCommand({ AliasName: alias }));
    assert.equal((await errorOf(encrypt(alias))).name, 'NotFoundException');
    assert.equal(await outcomeOf(encrypt(second)), 'done');
  });

  test('tags and aliases are what policies test, as they are now', async () => {
    const other = kmsClient(plane, ownerOther);
    const condition = { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/open/*' } };
    const own = { ...everything, Principal: { AWS: `arn:aws:iam::${OWNER}:root` } };
    const deny = { Effect: 'Deny', Principal: { AWS: userArn(OWNER, 'other') }, Action: 'kms:Encrypt', Resource: '*' };
    const tagged = { StringNotEquals: { 'aws:ResourceTag/stage': 'test' } };
    const key = await makeKey({ Policy: policy(own, { ...deny, Condition: tagged }) });
    assert.equal(await outcomeOf(encrypt(key, other)), 'AccessDeniedException');
    await kms.send(new TagResourceCommand({ KeyId: key, Tags: [{ TagKey: 'stage', TagValue: 'test' }] }));
    assert.equal(await outcomeOf(encrypt(key, other)), 'done');
    const { Tags } = await kms.send(new ListResourceTagsCommand({ KeyId: key }));
    assert.deepEqual(Tags, [{ TagKey: 'stage', TagValue: 'test' }]);
    await kms.send(new UntagResourceCommand({ KeyId: key, TagKeys: ['stage'] }));
    assert.equal(await outcomeOf(encrypt(key, other)), 'AccessDeniedException');

    const closed = await makeKey({ Policy: policy(own, { ...deny, Condition: condition }) });
    assert.equal(await outcomeOf(encrypt(closed, other)), 'done');
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/open/one', TargetKeyId: closed }));
    assert.equal(await outcomeOf(encrypt(closed, other)), 'AccessDeniedException');
  });

  test('keys are listed by Region, page by page', async () => {
    const oslo = kmsClient(plane, ownerAdmin, 'eu-north-1');
    const made = new Set<string | undefined>();
    for (let n = 0; n < 3; n += 1) made.add((await oslo.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
    const seen: (string | undefined)[] = [];
    for await (const { Keys } of paginateListKeys({ client: oslo, pageSize: 2 }, {})) {
      seen.push(...Keys!.map(({ KeyArn }) => KeyArn));
    }
    assert.equal(seen.length, 3);
    assert.deepEqual(new Set(seen), made);
    const { Keys } = await kms.send(new ListKeysCommand({}));
    assert.ok(Keys?.every(({ KeyArn }) => KeyArn?.startsWith('arn:aws:kms:us-east-1:')));
  });

  test('a description is replaced', async () => {
    const key = await makeKey({ Description: 'before' });
    await kms.send(new UpdateKeyDescriptionCommand({ KeyId: key, Description: 'after' }));
    assert.equal((await describeKey(key)).Description, 'after');
  });
});
