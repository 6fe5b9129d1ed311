/** Why a key was or was not to be used: asked later, answered as of then. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  CreateGrantCommand,
  CreateKeyCommand,
  EncryptCommand,
  type KMSClient,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms';
import {
  BORROWER,
  borrowerAdmin,
  borrowerNobody,
  everything,
  kmsClient,
  kmsWorld,
  OWNER,
  ownerAdmin,
  policy,
  userArn,
} from './aws-kms-world.ts';
import { request, startPlane, type TestPlane } from './plane.ts';

let plane: TestPlane;
let token: string;
let owner: KMSClient;
before(async () => {
  plane = await startPlane({ world: kmsWorld() });
  token = (await readFile(join(plane.home, 'operator-token'), 'utf8')).trim();
  owner = kmsClient(plane, ownerAdmin);
});
after(async () => {
  assert.equal(plane.log(), '');
  await plane.stop();
});

/** Encrypts; the id of the call, and whether it was answered. */
async function encrypt(kms: KMSClient, KeyId: string): Promise<{ readonly id: string; readonly done: boolean }> {
  const command = new EncryptCommand({ KeyId, Plaintext: Buffer.from('why'), EncryptionContext: { team: 'red' } });
  try {
    const { $metadata } = await kms.send(command);
    return { id: $metadata.requestId!, done: true };
  } catch (error) {
    return { id: (error as { $metadata: { requestId: string } }).$metadata.requestId, done: false };
  }
}

interface Layer {
  readonly kind: string;
  readonly outcome: string;
  readonly because: readonly {
    readonly matched: boolean;
    readonly origin: { readonly policy: string; readonly statement: string };
  }[];
}

/** The layers of the key's account in the explanation, by kind. */
async function layersOf(id: string): Promise<ReadonlyMap<string, Layer>> {
  const { body } = await request(plane.console, 'GET', `/api/decisions/${id}`, { token });
  const sides: { account: string; layers: Layer[] }[] = body.calls[0].questions[0].sides;
  return new Map(sides.find(({ account }) => account === OWNER)!.layers.map((layer) => [layer.kind, layer]));
}

const own = { ...everything, Sid: 'own', Principal: { AWS: `arn:aws:iam::${OWNER}:root` } };
const lent = { Sid: 'lent', Effect: 'Allow', Principal: { AWS: BORROWER }, Action: 'kms:Encrypt', Resource: '*' };

test('the key policy that counted then explains, not the one of now', async () => {
  const { KeyMetadata } = await owner.send(new CreateKeyCommand({ Policy: policy(own, lent) }));
  const key = KeyMetadata!.Arn!;
  const borrower = kmsClient(plane, borrowerAdmin);
  const before = await encrypt(borrower, key);
  await owner.send(new PutKeyPolicyCommand({ KeyId: key, Policy: policy(own) }));
  const after = await encrypt(borrower, key);
  assert.deepEqual([before.done, after.done], [true, false]);
  const then = (await layersOf(before.id)).get('resource')!;
  assert.equal(then.outcome, 'allow');
  const [{ origin } = { origin: undefined }] = then.because.filter(({ matched }) => matched);
  assert.deepEqual([origin?.policy, origin?.statement], [`key policy of ${key}`, 'lent']);
  assert.equal((await layersOf(after.id)).get('resource')!.outcome, 'implicit-deny');
});

test('a grant that was there then explains, though it was revoked', async () => {
  const { KeyMetadata } = await owner.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata!.Arn!;
  const { GrantId } = await owner.send(
    new CreateGrantCommand({ KeyId, GranteePrincipal: userArn(BORROWER, 'nobody'), Operations: ['Encrypt'] }),
  );
  const nobody = kmsClient(plane, borrowerNobody);
  const before = await encrypt(nobody, KeyId);
  await owner.send(new RevokeGrantCommand({ KeyId, GrantId }));
  const after = await encrypt(nobody, KeyId);
  assert.deepEqual([before.done, after.done], [true, false]);
  const then = (await layersOf(before.id)).get('grant')!;
  assert.equal(then.outcome, 'allow');
  assert.equal(then.because.find(({ matched }) => matched)?.origin.statement, GrantId);
  assert.equal((await layersOf(after.id)).get('grant'), undefined);
});
