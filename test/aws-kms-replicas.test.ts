/** Multi-Region keys: one key in several Regions, with a policy, tags and aliases of its own in each. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  GetPublicKeyCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  ListResourceTagsCommand,
  ReplicateKeyCommand,
  type ReplicateKeyCommandInput,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  UpdatePrimaryRegionCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import { importMaterial } from './aws-kms-imports.ts';
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

describe('what related keys share', () => {
  test('is new material, on demand and on schedule', async () => {
    const KeyId = await make();
    const before = await encryptIn(HOME, KeyId);
    await at(HOME).send(new RotateKeyOnDemandCommand({ KeyId }));
    await replicate(KeyId, AWAY);
    assert.equal(await decryptIn(AWAY, before), arn(AWAY, KeyId));
    const early = await encryptIn(AWAY, KeyId);
    await at(HOME).send(new RotateKeyOnDemandCommand({ KeyId }));
    const [home, away] = [await describeIn(HOME, KeyId), await describeIn(AWAY, KeyId)];
    assert.equal(home.CurrentKeyMaterialId, away.CurrentKeyMaterialId);
    for (const blob of [before, early, await encryptIn(HOME, KeyId)]) await decryptIn(AWAY, blob);
    const rotationsIn = async (region: string) => {
      const { Rotations } = await at(region).send(new ListKeyRotationsCommand({ KeyId }));
      return Rotations!.map(({ KeyMaterialId, RotationType }) => `${RotationType} ${KeyMaterialId}`);
    };
    assert.equal((await rotationsIn(AWAY)).length, 2);
    assert.deepEqual(await rotationsIn(AWAY), await rotationsIn(HOME));
    assert.equal(
      await outcomeOf(at(AWAY).send(new RotateKeyOnDemandCommand({ KeyId }))),
      'UnsupportedOperationException',
    );

    await at(HOME).send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    const statusIn = async (region: string) => {
      const { $metadata: _, ...status } = await at(region).send(new GetKeyRotationStatusCommand({ KeyId }));
      return status;
    };
    assert.equal((await statusIn(AWAY)).KeyRotationEnabled, true);
    assert.deepEqual(await statusIn(AWAY), await statusIn(HOME));
    await plane.advance(90 * DAY);
    await eventually('the replica is rotated', async () => (await rotationsIn(AWAY)).length === 3);
    assert.deepEqual(await rotationsIn(AWAY), await rotationsIn(HOME));
    assert.equal(await decryptIn(HOME, await encryptIn(AWAY, KeyId)), arn(HOME, KeyId));
    const off = new DisableKeyRotationCommand({ KeyId });
    assert.equal(await outcomeOf(at(AWAY).send(off)), 'UnsupportedOperationException');
    await at(HOME).send(off);
    assert.equal((await statusIn(AWAY)).KeyRotationEnabled, false);
  });

  test('is imported material that each must be given', async () => {
    const KeyId = await make({ Origin: 'EXTERNAL' });
    const [old, young] = [randomBytes(32), randomBytes(32)];
    await replicate(KeyId, AWAY);
    assert.equal(await outcomeOf(importMaterial(at(AWAY), KeyId, old)), 'UnsupportedOperationException');
    const first = (await importMaterial(at(HOME), KeyId, old)).KeyMaterialId;
    await replicate(KeyId, FAR);
    const statesIn = (...regions: string[]) =>
      Promise.all(regions.map(async (region) => (await describeIn(region, KeyId)).KeyState));
    assert.deepEqual(await statesIn(HOME, AWAY, FAR), ['Enabled', 'PendingImport', 'PendingImport']);
    assert.equal(await outcomeOf(importMaterial(at(AWAY), KeyId, young)), 'IncorrectKeyMaterialException');
    for (const region of [AWAY, FAR]) {
      assert.equal((await importMaterial(at(region), KeyId, old)).KeyMaterialId, first);
    }
    assert.deepEqual(await statesIn(HOME, AWAY, FAR), ['Enabled', 'Enabled', 'Enabled']);
    await decryptIn(FAR, await encryptIn(AWAY, KeyId));

    const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
    assert.equal(await outcomeOf(importMaterial(at(AWAY), KeyId, young, NEW)), 'UnsupportedOperationException');
    const second = (await importMaterial(at(HOME), KeyId, young, NEW)).KeyMaterialId;
    const pending = async () => {
      const all = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      const { Rotations } = await at(HOME).send(all);
      return Rotations!.find(({ KeyMaterialId }) => KeyMaterialId === second)?.KeyMaterialState;
    };
    const rotate = new RotateKeyOnDemandCommand({ KeyId });
    await importMaterial(at(AWAY), KeyId, young);
    assert.equal(await pending(), 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION');
    assert.equal(await outcomeOf(at(HOME).send(rotate)), 'KMSInvalidStateException');
    await importMaterial(at(FAR), KeyId, young);
    assert.equal(await pending(), 'PENDING_ROTATION');
    await at(HOME).send(rotate);
    assert.equal((await describeIn(FAR, KeyId)).CurrentKeyMaterialId, second);
    await decryptIn(FAR, await encryptIn(HOME, KeyId));
    await at(AWAY).send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    assert.deepEqual(await statesIn(HOME, AWAY, FAR), ['Enabled', 'PendingImport', 'Enabled']);
  });

  test('ends with new material that is taken back', async () => {
    const KeyId = await make({ Origin: 'EXTERNAL' });
    await importMaterial(at(HOME), KeyId, randomBytes(32));
    await replicate(KeyId, AWAY);
    const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
    const { KeyMaterialId } = await importMaterial(at(HOME), KeyId, randomBytes(32), NEW);
    const countIn = async (region: string) => {
      const all = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      return (await at(region).send(all)).Rotations!.length;
    };
    assert.deepEqual([await countIn(HOME), await countIn(AWAY)], [2, 2]);
    await at(HOME).send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));
    assert.deepEqual([await countIn(HOME), await countIn(AWAY)], [1, 1]);
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
