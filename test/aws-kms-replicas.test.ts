/** Multi-Region keys: one key in several Regions, with a policy, tags and aliases of its own in each. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetPublicKeyCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  ListResourceTagsCommand,
  ReplicateKeyCommand,
  type ReplicateKeyCommandInput,
  ScheduleKeyDeletionCommand,
  SignCommand,
  UpdatePrimaryRegionCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import {
  borrowerAdmin,
  errorOf,
  kmsClient,
  kmsWorld,
  OWNER,
  outcomeOf,
  ownerAdmin,
  ownerOther,
  policy,
  userArn,
} from './aws-kms-world.ts';
import { eventually, startPlane, type TestPlane } from './plane.ts';

const DAY = 24 * 3600_000;
const TEXT = Buffer.from('the same everywhere');
const HOME = 'us-east-1';
const AWAY = 'eu-west-1';
const FAR = 'ap-southeast-2';

let plane: TestPlane;
/** The owner's administrator, in each Region. */
let at: (region: string) => KMSClient;

before(async () => {
  const allow = (Action: string, Condition: object) => ({ Effect: 'Allow' as const, Action, Resource: '*', Condition });
  const world = kmsWorld([
    allow('kms:ReplicateKey', { StringEquals: { 'kms:ReplicaRegion': AWAY } }),
    allow('kms:CreateKey', { StringEquals: { 'aws:RequestedRegion': AWAY, 'kms:MultiRegionKeyType': 'REPLICA' } }),
    allow('kms:UpdatePrimaryRegion', { StringEquals: { 'kms:PrimaryRegion': AWAY } }),
  ]);
  plane = await startPlane({ world });
  at = (region) => kmsClient(plane, ownerAdmin, region);
});
after(() => plane.stop());

async function make(input: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await at(HOME).send(new CreateKeyCommand({ MultiRegion: true, ...input }));
  return KeyMetadata!.KeyId!;
}

const replicate = (
  KeyId: string,
  ReplicaRegion: string,
  more: Partial<ReplicateKeyCommandInput> = {},
  kms = at(HOME),
) => kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion, ...more }));
const arn = (region: string, id: string): string => `arn:aws:kms:${region}:${OWNER}:key/${id}`;
const describeIn = async (region: string, KeyId: string) =>
  (await at(region).send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;

async function encryptIn(region: string, KeyId: string): Promise<Uint8Array> {
  return (await at(region).send(new EncryptCommand({ KeyId, Plaintext: TEXT }))).CiphertextBlob!;
}

async function decryptIn(region: string, CiphertextBlob: Uint8Array): Promise<string | undefined> {
  const { Plaintext, KeyId } = await at(region).send(new DecryptCommand({ CiphertextBlob }));
  assert.deepEqual(Buffer.from(Plaintext!), TEXT);
  return KeyId;
}

describe('a replica', () => {
  test('decrypts what its primary key encrypted, and the other way round', async () => {
    const KeyId = await make();
    assert.match(KeyId, /^mrk-[0-9a-f]{32}$/);
    const early = await encryptIn(HOME, KeyId);
    assert.equal(await outcomeOf(decryptIn(AWAY, early)), 'NotFoundException');
    const { ReplicaKeyMetadata: made, ReplicaTags } = await replicate(KeyId, AWAY, { Description: 'away' });
    assert.deepEqual(ReplicaTags, []);
    assert.deepEqual(made, await describeIn(AWAY, KeyId));
    assert.deepEqual([made!.Arn, made!.Description, made!.KeyState], [arn(AWAY, KeyId), 'away', 'Enabled']);
    assert.deepEqual(made!.MultiRegionConfiguration, {
      MultiRegionKeyType: 'REPLICA',
      PrimaryKey: { Arn: arn(HOME, KeyId), Region: HOME },
      ReplicaKeys: [{ Arn: arn(AWAY, KeyId), Region: AWAY }],
    });
    const primary = await describeIn(HOME, KeyId);
    assert.equal(primary.MultiRegionConfiguration?.MultiRegionKeyType, 'PRIMARY');
    assert.equal(primary.CurrentKeyMaterialId, made!.CurrentKeyMaterialId);
    assert.equal(await decryptIn(AWAY, early), arn(AWAY, KeyId));
    assert.equal(await decryptIn(HOME, await encryptIn(AWAY, KeyId)), arn(HOME, KeyId));
  });

  test('of a pair signs alike', async () => {
    const KeyId = await make({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    await replicate(KeyId, AWAY);
    const asked = { KeyId, Message: TEXT, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    const { Signature } = await at(HOME).send(new SignCommand(asked));
    assert.equal((await at(AWAY).send(new VerifyCommand({ ...asked, Signature }))).SignatureValid, true);
    const keys = await Promise.all([HOME, AWAY].map((region) => at(region).send(new GetPublicKeyCommand({ KeyId }))));
    assert.deepEqual(keys[0]!.PublicKey, keys[1]!.PublicKey);
  });

  test('has a policy, tags, aliases and a state of its own', async () => {
    const KeyId = await make({ Tags: [{ TagKey: 'where', TagValue: 'home' }] });
    const Policy = policy(
      { Effect: 'Allow', Principal: { AWS: userArn(OWNER, 'admin') }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Deny', Principal: '*', Action: 'kms:Encrypt', Resource: '*' },
    );
    const Tags = [{ TagKey: 'where', TagValue: 'away' }];
    const { ReplicaTags, ReplicaPolicy } = await replicate(KeyId, AWAY, { Policy, Tags });
    assert.deepEqual([ReplicaTags, ReplicaPolicy], [Tags, Policy]);
    const tagsIn = async (region: string) => (await at(region).send(new ListResourceTagsCommand({ KeyId }))).Tags;
    assert.deepEqual(await tagsIn(AWAY), Tags);
    assert.deepEqual(await tagsIn(HOME), [{ TagKey: 'where', TagValue: 'home' }]);
    const kept = await at(AWAY).send(new GetKeyPolicyCommand({ KeyId }));
    assert.deepEqual(JSON.parse(kept.Policy!), JSON.parse(Policy));
    assert.equal(await outcomeOf(encryptIn(AWAY, KeyId)), 'AccessDeniedException');
    assert.equal(await outcomeOf(encryptIn(HOME, KeyId)), 'done');
    await at(AWAY).send(new CreateAliasCommand({ AliasName: 'alias/away', TargetKeyId: KeyId }));
    assert.deepEqual((await at(HOME).send(new ListAliasesCommand({ KeyId }))).Aliases, []);
    await at(HOME).send(new DisableKeyCommand({ KeyId }));
    assert.equal((await describeIn(AWAY, KeyId)).KeyState, 'Enabled');
  });

  test('is made once in a Region, of a primary key, in a Region that there is', async () => {
    const KeyId = await make();
    await replicate(KeyId, AWAY);
    assert.equal(await outcomeOf(replicate(KeyId, AWAY)), 'AlreadyExistsException');
    assert.equal(await outcomeOf(replicate(KeyId, HOME)), 'AlreadyExistsException');
    assert.equal(await outcomeOf(replicate(KeyId, 'cn-north-1')), 'UnsupportedOperationException');
    const replicaOfReplica = await errorOf(replicate(KeyId, FAR, {}, at(AWAY)));
    assert.equal(replicaOfReplica.name, 'UnsupportedOperationException');
    assert.match(replicaOfReplica.message, /is not a multi-Region primary key/);
    const single = await make({ MultiRegion: false });
    assert.equal(await outcomeOf(replicate(single, AWAY)), 'UnsupportedOperationException');
    await at(HOME).send(new DisableKeyCommand({ KeyId }));
    assert.equal(await outcomeOf(replicate(KeyId, FAR)), 'DisabledException');
  });

  test('needs a right to its primary key, and one to make keys where it is to be', async () => {
    const KeyId = await make();
    const other = kmsClient(plane, ownerOther);
    assert.equal(await outcomeOf(replicate(KeyId, FAR, {}, other)), 'AccessDeniedException');
    const Tags = [{ TagKey: 'a', TagValue: 'b' }];
    const tagged = await errorOf(replicate(KeyId, AWAY, { Tags }, other));
    assert.match(tagged.message, /is not authorized to perform: kms:TagResource/);
    assert.equal(await outcomeOf(replicate(KeyId, AWAY, {}, other)), 'done');
    const stranger = kmsClient(plane, borrowerAdmin);
    assert.equal(await outcomeOf(replicate(arn(HOME, KeyId), FAR, {}, stranger)), 'AccessDeniedException');
    const plain = kmsClient(plane, ownerOther, AWAY).send(new CreateKeyCommand({ MultiRegion: true }));
    assert.equal(await outcomeOf(plain), 'AccessDeniedException');
  });
});

describe('the primary key', () => {
  test('can be another one', async () => {
    const KeyId = await make();
    await replicate(KeyId, AWAY);
    await replicate(KeyId, FAR);
    await at(HOME).send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    const update = (PrimaryRegion: string, kms = at(HOME)) =>
      outcomeOf(kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion })));
    const other = kmsClient(plane, ownerOther);
    assert.equal(await update(FAR, other), 'AccessDeniedException');
    assert.equal(await update('eu-west-3'), 'NotFoundException');
    assert.equal(await update(HOME), 'UnsupportedOperationException');
    assert.equal(await update(AWAY, at(AWAY)), 'UnsupportedOperationException');
    assert.equal(await update(AWAY, other), 'done');
    for (const region of [HOME, AWAY, FAR]) {
      const { MultiRegionConfiguration } = await describeIn(region, KeyId);
      assert.equal(MultiRegionConfiguration?.MultiRegionKeyType, region === AWAY ? 'PRIMARY' : 'REPLICA');
      assert.equal(MultiRegionConfiguration?.PrimaryKey?.Region, AWAY);
      assert.deepEqual(
        MultiRegionConfiguration?.ReplicaKeys?.map(({ Region }) => Region),
        [FAR, HOME],
      );
    }
    assert.equal(await outcomeOf(replicate(KeyId, 'eu-west-3')), 'UnsupportedOperationException');
    assert.equal(await outcomeOf(replicate(KeyId, 'eu-west-3', {}, at(AWAY))), 'done');
    await plane.advance(90 * DAY);
    const list = () => at(HOME).send(new ListKeyRotationsCommand({ KeyId }));
    await eventually('the new primary key rotates', async () => (await list()).Rotations!.length === 1);
  });

  test('goes after its replicas', async () => {
    const KeyId = await make();
    await replicate(KeyId, AWAY);
    const leave = (region: string) =>
      at(region).send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    const { DeletionDate, KeyState } = await leave(HOME);
    assert.deepEqual([DeletionDate, KeyState], [undefined, 'PendingReplicaDeletion']);
    assert.equal(await outcomeOf(encryptIn(HOME, KeyId)), 'KMSInvalidStateException');
    assert.equal(await outcomeOf(replicate(KeyId, FAR)), 'KMSInvalidStateException');
    assert.equal(await outcomeOf(encryptIn(AWAY, KeyId)), 'done');
    await leave(AWAY);
    await plane.advance(7 * DAY);
    await eventually('the waiting period of the primary key begins', async () => {
      return (await describeIn(HOME, KeyId)).KeyState === 'PendingDeletion';
    });
    assert.equal(await outcomeOf(describeIn(AWAY, KeyId)), 'NotFoundException');
    await plane.advance(7 * DAY);
    await eventually('the primary key is gone', async () => {
      return (await outcomeOf(describeIn(HOME, KeyId))) === 'NotFoundException';
    });
  });
});
