/**
 * Account A lends a root key to account B's block storage. The story of the documents "Cross-account encryption for Block
 * Storage resources" and "Establishing service-to-service authorizations for Block Storage", with what goes wrong in it.
 */
import assert from 'node:assert/strict';
import { authorizeByCommand, authorizeV1, authorizeV2 } from './authorizations.ts';
import {
  ADMINISTRATOR,
  type Cast,
  cast,
  EDITOR,
  MANAGER,
  makeInstance,
  type Parties,
  setAsideAuthorizations,
  takesPoliciesAway,
} from './cast.ts';
import { clientsOf, sdk } from './clients.ts';
import { type ExplainedCall, questionsOf } from './explained.ts';
import { type Plane, type Story, tell } from './story.ts';

interface Volume {
  readonly id: string;
  readonly crn: string;
  readonly status: string;
  readonly status_reasons: readonly { readonly code: string }[];
  readonly encryption: string;
  readonly encryption_key?: { readonly crn: string };
}

/** Plays the story. What A has lent already is set aside for as long as it takes, so that it begins with nothing lent. */
export async function sharedKey(plane: Plane, parties: Parties): Promise<Story['counts']> {
  const restore = await setAsideAuthorizations(clientsOf(plane.ibm, parties.a.ownerApiKey), parties.a.account);
  try {
    return await play(plane, parties);
  } finally {
    await restore();
  }
}

async function play(plane: Plane, parties: Parties): Promise<Story['counts']> {
  const run = Date.now().toString(36);
  const a = await cast(plane, parties.a, `keys-${run}`, [
    ['kms', MANAGER],
    ['kms', ADMINISTRATOR],
  ]);
  const b = await cast(plane, parties.b, `storage-${run}`, [['is', EDITOR]]);
  const main = await cast(plane, parties.main, `storage-${run}`, [['is', EDITOR]]);
  const story = tell(plane, new Map([a, b, main].map((each) => [each.account, takesPoliciesAway(each.owner)])));
  let tries = 0;
  const volume = (who: Cast, name: string, keyCrn: string) => () => {
    // Names are unique, and a call that is repeated without a grant must not fail for its name.
    tries += 1;
    return who.actor.vpc<Volume>('POST', '/volumes', {
      name: `${name}-${run}-${tries}`,
      capacity: 20,
      zone: { name: 'us-south-3' },
      profile: { name: 'general-purpose' },
      encryption_key: { crn: keyCrn },
      resource_group: { id: who.resourceGroup },
    });
  };

  story.say('\n1. A makes a key, B cannot use it');
  const instance = await makeInstance(a, `kp-${run}`);
  const key = await makeKey(story, a, instance, 'A makes a root key');
  const refusal = await story.refused(
    "B creates a volume under A's key",
    400,
    'volume_crn_invalid',
    volume(b, 'early', key.crn),
  );
  await tellBothSides(story, parties, refusal);

  story.say("\n2. A authorizes B's block storage: by v1, by v2, by the command line");
  const byV1 = await authorizeV1(story, a, b, instance);
  await a.owner.policies.deletePolicy({ policyId: byV1 });
  const byV2 = await authorizeV2(story, a, b, instance);
  await a.owner.policies.deletePolicy({ policyId: byV2 });
  const authorization = await authorizeByCommand(plane, a, b, instance);
  story.say(`         the command line of the document makes policy ${authorization}`);
  const made = await story.allowed("B creates a volume under A's key", volume(b, 'data', key.crn));
  assert.equal(made.encryption_key?.crn, key.crn, "the reply holds the CRN of A's key");
  assert.equal(made.encryption, 'user_managed');
  await story.until('the volume is available', is(b, made.id, 'available'));
  const seen = await story.allowed('A looks at the registrations of its key', () =>
    sdk<{ resources?: { resourceCrn: string }[] }>(
      a.actor.keys.getRegistrations({ id: key.id, bluemixInstance: instance }),
    ),
  );
  const registrations = (seen.resources ?? []).map(({ resourceCrn }) => resourceCrn);
  assert.ok(registrations.includes(made.crn) && made.crn.includes(`a/${b.account}`), 'A sees whose volume it is');

  story.say('\n3. One way, and for nobody else');
  const instanceOfB = await makeInstance(
    await cast(plane, parties.b, `keys-${run}`, [['kms', MANAGER]]),
    `kp-b-${run}`,
  );
  const keeperOfB = await cast(plane, parties.b, `keeper-${run}`, [['kms', MANAGER]]);
  const keyOfB = await makeKey(story, keeperOfB, instanceOfB, 'B makes a root key of its own');
  const keeperOfA = await cast(plane, parties.a, `storage-${run}`, [['is', EDITOR]]);
  await story.refused(
    "A creates a volume under B's key",
    400,
    'volume_crn_invalid',
    volume(keeperOfA, 'back', keyOfB.crn),
  );
  await story.refused("Main creates a volume under A's key", 400, 'volume_crn_invalid', volume(main, 'third', key.crn));

  story.say('\n4. What A does to its key, B feels');
  await changeKeys(story, a, b, { instance, id: key.id, volume: made.id });

  story.say('\n5. A takes the authorization back');
  await a.owner.policies.deletePolicy({ policyId: authorization });
  await story.refused("B creates another volume under A's key", 400, 'volume_crn_invalid', volume(b, 'late', key.crn));
  const kept = await sdk<{ resources?: { resourceCrn: string }[] }>(
    a.actor.keys.getRegistrations({ id: key.id, bluemixInstance: instance }),
  );
  assert.ok(
    kept.body.resources?.some(({ resourceCrn }) => resourceCrn === made.crn),
    'the registration stays',
  );
  story.say('         the registration of the first volume stays');
  return story.counts;
}

/** What each side is told about the same refused call. */
async function tellBothSides(story: Story, parties: Parties, id: string): Promise<void> {
  const forB = await story.why(id, parties.b.ownerApiKey);
  const forA = await story.why(id, parties.a.ownerApiKey);
  const aboutA = questionsOf(forB).filter(({ resource }) => resource.account === parties.a.account);
  assert.ok(
    aboutA.length > 0 && aboutA.every((question) => !('existed' in question)),
    'B is not told whether the key exists',
  );
  story.say(`         B is told:  ${JSON.stringify(lastRemedy(forB)).slice(0, 300)}`);
  story.say(`         A is told:  ${JSON.stringify(lastRemedy(forA)).slice(0, 600)}`);
  assert.match(JSON.stringify(forA), /server-protect/, 'A is told which authorization is missing');
}

function lastRemedy(call: ExplainedCall): unknown {
  return questionsOf(call).findLast(({ remedy }) => remedy !== undefined)?.remedy;
}

async function changeKeys(
  story: Story,
  a: Cast,
  b: Cast,
  { instance, id, volume }: { instance: string; id: string; volume: string },
): Promise<void> {
  const params = { id, bluemixInstance: instance };
  const restore = () => sdk(a.actor.keys.restoreKey(params));
  await story.allowed('A disables the key', () => sdk(a.actor.keys.disableKey(params)));
  await story.until(
    "B's volume is unusable: encryption_key_disabled",
    is(b, volume, 'unusable', 'encryption_key_disabled'),
  );
  await story.refused('A enables it at once', 409, 'REQ_TOO_EARLY_ERR', () => sdk(a.actor.keys.enableKey(params)));
  await story.advanceClock(31);
  await story.allowed('A enables the key', () => sdk(a.actor.keys.enableKey(params)));
  await story.until("B's volume is available again", is(b, volume, 'available'));
  await story.refused('A deletes the key while it is registered', 409, 'PROTECTED_RESOURCE_ERR', () =>
    sdk(a.actor.keys.deleteKey({ ...params, prefer: 'return=representation' })),
  );
  await story.allowed('A deletes the key by force', () =>
    sdk(a.actor.keys.deleteKey({ ...params, force: true, prefer: 'return=representation' })),
  );
  await story.until(
    "B's volume is unusable: encryption_key_deleted",
    is(b, volume, 'unusable', 'encryption_key_deleted'),
  );
  await story.advanceClock(31);
  await story.allowed('A restores the key', restore);
  await story.until("B's volume is available again", is(b, volume, 'available'));
  await story.allowed('A rotates the key', () =>
    sdk(a.actor.keys.rotateKey({ ...params, keyActionRotateBody: {} } as never)),
  );
  await story.until("B's volume is wrapped by the new version", async () => {
    const versions = await sdk<{ resources: { id: string }[] }>(a.actor.keys.getKeyVersions(params));
    const registered = await sdk<{ resources?: { keyVersion: { id: string } }[] }>(
      a.actor.keys.getRegistrations(params),
    );
    const newest = versions.body.resources[0]!.id;
    return registered.body.resources?.every(({ keyVersion }) => keyVersion.id === newest) ? newest : undefined;
  });
  await story.until('and still available', is(b, volume, 'available'));
}

/** A probe that answers the volume once it is in the state, with the reason. */
function is(who: Cast, id: string, status: string, reason?: string): () => Promise<Volume | undefined> {
  return async () => {
    const { body } = await who.actor.vpc<Volume>('GET', `/volumes/${id}`);
    const because = reason === undefined || body.status_reasons.some(({ code }) => code === reason);
    return body.status === status && because ? body : undefined;
  };
}

async function makeKey(story: Story, who: Cast, instance: string, title: string): Promise<{ id: string; crn: string }> {
  const type = 'application/vnd.ibm.kms.key+json';
  const created = await story.allowed(title, () =>
    sdk<{ resources: { id: string; crn: string }[] }>(
      who.actor.keys.createKey({
        bluemixInstance: instance,
        prefer: 'return=representation',
        body: {
          metadata: { collectionType: type, collectionTotal: 1 },
          resources: [{ type, name: 'root-key', extractable: false }],
        },
      } as never),
    ),
  );
  return created.resources[0]!;
}
