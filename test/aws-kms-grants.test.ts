/** Grants: what they allow and no more, to whom, for how long, and who may pass them on. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  type KMSClient,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms';
import {
  BORROWER,
  borrowerAdmin,
  borrowerNobody,
  errorOf,
  kmsClient,
  kmsWorld,
  OWNER,
  outcomeOf,
  ownerAdmin,
  ownerNobody,
  userArn,
} from './aws-kms-world.ts';
import { startPlane, type TestPlane } from './plane.ts';

const TEXT = Buffer.from('granted');
const NOBODY = userArn(BORROWER, 'nobody');
const DENIED = 'AccessDeniedException';

describe('grants', () => {
  let plane: TestPlane;
  let owner: KMSClient;
  /** Has no policy at all: what it may, it may by a grant. */
  let nobody: KMSClient;
  before(async () => {
    plane = await startPlane({ world: kmsWorld() });
    owner = kmsClient(plane, ownerAdmin);
    nobody = kmsClient(plane, borrowerNobody);
  });
  after(() => plane.stop());

  const makeKey = async (): Promise<string> => (await owner.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
  const grant = (KeyId: string, more: Partial<CreateGrantCommandInput> = {}, as = owner) =>
    as.send(new CreateGrantCommand({ KeyId, GranteePrincipal: NOBODY, Operations: ['Encrypt', 'Decrypt'], ...more }));
  const encrypt = (as: KMSClient, KeyId: string, more: object = {}) =>
    as.send(new EncryptCommand({ KeyId, Plaintext: TEXT, ...more }));

  test('a grant gives its operations to its grantee, at once, until it is revoked', async () => {
    const key = await makeKey();
    assert.equal(await outcomeOf(encrypt(nobody, key)), DENIED);
    const { GrantId, GrantToken } = await grant(key);
    assert.match(GrantId!, /^[0-9a-f]{64}$/);
    const { CiphertextBlob } = await encrypt(nobody, key, { GrantTokens: [GrantToken] });
    const { Plaintext } = await nobody.send(new DecryptCommand({ CiphertextBlob }));
    assert.deepEqual(Buffer.from(Plaintext!), TEXT);
    assert.equal(await outcomeOf(nobody.send(new GenerateDataKeyCommand({ KeyId: key, KeySpec: 'AES_256' }))), DENIED);
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, ownerNobody), key)), DENIED, 'another principal');
    assert.equal(await outcomeOf(encrypt(nobody, await makeKey())), DENIED, 'another key');
    await owner.send(new RevokeGrantCommand({ KeyId: key, GrantId }));
    assert.equal(await outcomeOf(encrypt(nobody, key)), DENIED);
    const { Grants } = await owner.send(new ListGrantsCommand({ KeyId: key }));
    assert.deepEqual(Grants, []);
  });

  test('a subset constraint wants its pairs, an equality constraint no others', async () => {
    const pairs = { team: 'red' };
    const subset = await makeKey();
    await grant(subset, { Constraints: { EncryptionContextSubset: pairs }, Operations: ['Encrypt', 'DescribeKey'] });
    const context = (EncryptionContext: object) => ({ EncryptionContext });
    assert.equal(await outcomeOf(encrypt(nobody, subset, context({ team: 'red', n: '1' }))), 'done');
    assert.equal(await outcomeOf(encrypt(nobody, subset, context({ team: 'Red' }))), DENIED);
    assert.equal(await outcomeOf(encrypt(nobody, subset)), DENIED);
    assert.equal(await outcomeOf(nobody.send(new DescribeKeyCommand({ KeyId: subset }))), 'done', 'has no context');
    const equal = await makeKey();
    await grant(equal, { Constraints: { EncryptionContextEquals: pairs } });
    assert.equal(await outcomeOf(encrypt(nobody, equal, context({ team: 'red' }))), 'done');
    assert.equal(await outcomeOf(encrypt(nobody, equal, context({ team: 'red', n: '1' }))), DENIED);
    assert.equal(await outcomeOf(encrypt(nobody, equal)), DENIED);
  });

  test('the retiring principal may retire this grant and no other', async () => {
    const key = await makeKey();
    const retiring = userArn(BORROWER, 'nobody');
    const grantee = { GranteePrincipal: userArn(OWNER, 'nobody') };
    const mine = await grant(key, { ...grantee, RetiringPrincipal: retiring });
    const other = await grant(key, grantee);
    const { Grants } = await kmsClient(plane, borrowerAdmin).send(
      new ListRetirableGrantsCommand({ RetiringPrincipal: retiring }),
    );
    assert.deepEqual(
      Grants?.filter(({ KeyId }) => KeyId === key).map(({ GrantId }) => GrantId),
      [mine.GrantId],
    );
    const retire = (input: object, as = nobody) => outcomeOf(as.send(new RetireGrantCommand(input)));
    assert.equal(await retire({ KeyId: key, GrantId: other.GrantId }), DENIED);
    assert.equal(await retire({ GrantToken: other.GrantToken }), DENIED);
    assert.equal(await retire({ GrantToken: mine.GrantToken }, kmsClient(plane, ownerNobody)), DENIED);
    assert.equal(await retire({ GrantToken: mine.GrantToken }), 'done');
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, ownerNobody), key)), 'done', 'by the other grant');
    assert.equal(await retire({ KeyId: key, GrantId: other.GrantId }, owner), 'done', 'by the key policy');
    assert.equal(await outcomeOf(encrypt(kmsClient(plane, ownerNobody), key)), DENIED);
  });

  test('a grantee retires its grant where that is one of its operations', async () => {
    const key = await makeKey();
    const with_ = await grant(key, { Operations: ['Encrypt', 'RetireGrant'] });
    const without = await grant(key);
    const retire = (GrantId: string | undefined) =>
      outcomeOf(nobody.send(new RetireGrantCommand({ KeyId: key, GrantId })));
    assert.equal(await retire(without.GrantId), DENIED);
    assert.equal(await retire(with_.GrantId), 'done');
  });

  test('who may pass a grant on gives no more than it has, constrained at least as strictly', async () => {
    const key = await makeKey();
    const constraint = { EncryptionContextSubset: { team: 'red' } };
    await grant(key, { Operations: ['Encrypt', 'CreateGrant'], Constraints: constraint });
    const to = userArn(OWNER, 'nobody');
    const pass = (more: Partial<CreateGrantCommandInput>) =>
      outcomeOf(grant(key, { GranteePrincipal: to, Operations: ['Encrypt'], ...more }, nobody));
    assert.equal(await pass({}), DENIED, 'without the constraint');
    assert.equal(await pass({ Constraints: { EncryptionContextSubset: { team: 'blue' } } }), DENIED);
    assert.equal(await pass({ Constraints: constraint, Operations: ['Encrypt', 'Decrypt'] }), DENIED);
    const stricter = { EncryptionContextSubset: { team: 'red', stage: 'test' } };
    assert.equal(await pass({ Constraints: stricter }), 'done');
    const context = (EncryptionContext: object) => ({ EncryptionContext });
    const other = kmsClient(plane, ownerNobody);
    assert.equal(await outcomeOf(encrypt(other, key, context({ team: 'red', stage: 'test' }))), 'done');
    assert.equal(await outcomeOf(encrypt(other, key, context({ team: 'red' }))), DENIED);
    assert.equal(await pass({ Constraints: { EncryptionContextEquals: { team: 'red' } } }), 'done');
    assert.equal(await outcomeOf(encrypt(other, key, context({ team: 'red' }))), 'done');
  });

  test('an equality constraint passes on as an equality constraint only', async () => {
    const key = await makeKey();
    await grant(key, {
      Operations: ['Encrypt', 'CreateGrant'],
      Constraints: { EncryptionContextEquals: { team: 'red' } },
    });
    const pass = (Constraints: CreateGrantCommandInput['Constraints']) =>
      outcomeOf(grant(key, { Operations: ['Encrypt'], Constraints }, nobody));
    assert.equal(await pass({ EncryptionContextSubset: { team: 'red' } }), DENIED);
    assert.equal(await pass({ EncryptionContextEquals: { team: 'red' } }), 'done');
  });

  test('a grant under a name is made once', async () => {
    const key = await makeKey();
    const first = await grant(key, { Name: 'one' });
    const again = await grant(key, { Name: 'one' });
    assert.equal(again.GrantId, first.GrantId);
    const other = await grant(key, { Name: 'one', Operations: ['Encrypt'] });
    assert.notEqual(other.GrantId, first.GrantId);
    assert.notEqual((await grant(key)).GrantId, (await grant(key)).GrantId);
    const { Grants } = await owner.send(new ListGrantsCommand({ KeyId: key, GrantId: first.GrantId }));
    const [{ CreationDate, ...shown } = {}] = Grants ?? [];
    assert.ok(CreationDate instanceof Date);
    assert.deepEqual(shown, {
      KeyId: key,
      GrantId: first.GrantId,
      Name: 'one',
      GranteePrincipal: NOBODY,
      IssuingAccount: `arn:aws:iam::${OWNER}:root`,
      Operations: ['Decrypt', 'Encrypt'],
    });
  });

  test('lists of grants go page by page, with marks that nobody can change', async () => {
    const key = await makeKey();
    const made = new Set<string | undefined>();
    for (let n = 0; n < 5; n += 1) made.add((await grant(key)).GrantId);
    const list = (Marker?: string) =>
      owner.send(new ListGrantsCommand({ KeyId: key, Limit: 2, ...(Marker ? { Marker } : {}) }));
    const seen: (string | undefined)[] = [];
    let page = await list();
    for (;;) {
      seen.push(...page.Grants!.map(({ GrantId }) => GrantId));
      if (!page.Truncated) break;
      page = await list(page.NextMarker);
    }
    assert.equal(seen.length, 5);
    assert.deepEqual(new Set(seen), made);
    assert.equal((await errorOf(list('bm8gbWFyaw'))).name, 'InvalidMarkerException');
    const { NextMarker } = await list();
    const elsewhere = owner.send(new ListGrantsCommand({ KeyId: await makeKey(), Marker: NextMarker }));
    assert.equal((await errorOf(elsewhere)).name, 'InvalidMarkerException');
  });

  test('a dry run makes, retires and revokes nothing', async () => {
    const key = await makeKey();
    assert.equal(await outcomeOf(grant(key, { DryRun: true })), 'DryRunOperationException');
    assert.equal(await outcomeOf(encrypt(nobody, key)), DENIED);
    const { GrantId, GrantToken } = await grant(key);
    const retire = owner.send(new RetireGrantCommand({ GrantToken, DryRun: true }));
    assert.equal(await outcomeOf(retire), 'DryRunOperationException');
    const revoke = owner.send(new RevokeGrantCommand({ KeyId: key, GrantId, DryRun: true }));
    assert.equal(await outcomeOf(revoke), 'DryRunOperationException');
    assert.equal(await outcomeOf(grant(key, { DryRun: true }, nobody)), DENIED);
    assert.equal(await outcomeOf(encrypt(nobody, key)), 'done');
  });

  test('what no grant can be is refused', async () => {
    const key = await makeKey();
    const refused = async (more: Partial<CreateGrantCommandInput>) => (await errorOf(grant(key, more))).name;
    assert.equal(await refused({ GranteePrincipal: userArn(BORROWER, 'missing') }), 'InvalidArnException');
    assert.equal(await refused({ RetiringPrincipal: userArn('999988887777', 'missing') }), 'InvalidArnException');
    assert.equal(await refused({ Operations: ['Sign'] }), 'ValidationException');
    assert.equal(await refused({ GrantTokens: ['bm8gdG9rZW4='] }), 'InvalidGrantTokenException');
    const { KeyMetadata: rsa } = await owner.send(
      new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' }),
    );
    const constrained = grant(rsa!.Arn!, { Constraints: { EncryptionContextSubset: { a: 'b' } } });
    assert.equal((await errorOf(constrained)).name, 'ValidationException');
    const absent = { KeyId: key, GrantId: 'a'.repeat(64) };
    assert.equal((await errorOf(owner.send(new RevokeGrantCommand(absent)))).name, 'NotFoundException');
    const malformed = { KeyId: key, GrantId: 'not-one' };
    assert.equal((await errorOf(owner.send(new RevokeGrantCommand(malformed)))).name, 'InvalidGrantIdException');
    const both = { ...absent, GrantToken: (await grant(key)).GrantToken };
    assert.equal((await errorOf(owner.send(new RetireGrantCommand(both)))).name, 'ValidationException');
  });
});
