/** What IAM Policy Management refuses, the documents' own payloads first. Nothing changes by what is refused. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  A,
  ADMINISTRATOR,
  access,
  authorization,
  authorizationV2,
  B,
  DELEGATOR,
  type PolicyPlane,
  READER,
  startPolicyPlane,
  VIEWER,
} from './ibm-policies-world.ts';

let plane: PolicyPlane;
before(async () => {
  plane = await startPolicyPlane();
});
after(async () => {
  const { result } = await plane.as('owner-a').listPolicies({ accountId: A });
  assert.deepEqual(result.policies, [], 'nothing that was refused has left anything');
  assert.equal(plane.log(), '');
  await plane.stop();
});

const post = (version: 'v1' | 'v2', body: unknown, headers: Record<string, string> = {}) =>
  plane.call('POST', `/${version}/policies`, { token: plane.tokens['owner-a'], body, headers });

/** Sends a body that must be refused; the messages of the answer. */
async function refused(version: 'v1' | 'v2', body: unknown): Promise<string> {
  const reply = await post(version, body);
  assert.equal(reply.status, 400, JSON.stringify(reply.body));
  assert.equal(reply.body.status_code, 400);
  assert.equal(reply.body.trace, reply.headers.get('easement-request-id'));
  const errors: { code: string; message: string }[] = reply.body.errors;
  assert.ok(errors.every((error) => error.code === 'invalid_body' && Object.keys(error).length === 2));
  return errors.map(({ message }) => message).join('\n');
}

async function accepted(version: 'v1' | 'v2', body: unknown): Promise<void> {
  const reply = await post(version, body);
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  const removed = await plane.call('DELETE', `/v1/policies/${reply.body.id}`, { token: plane.tokens['owner-a'] });
  assert.equal(removed.status, 204);
}

const says = (text: string, ...parts: string[]): void => {
  for (const part of parts) assert.ok(text.includes(part), `${JSON.stringify(part)} in ${text}`);
};

/** The page on cross-account encryption, as it is printed. https://cloud.ibm.com/docs/vpc?topic=vpc-block-storage-byok-cross-acct */
const ofTheCrossAccountPage = {
  roles: [{ role_id: DELEGATOR }, { role_id: READER }],
  resources: [
    {
      attributes: [
        { name: 'Account-A', operator: 'stringEquals', value: '<CRK-Account-A-ID>' },
        { name: 'Key-Protect', operator: 'stringEquals', value: 'kms' },
      ],
    },
  ],
  type: 'authorization',
  description: 'Reader and Delegator role for KeyProtect Service instance',
  subjects: [
    {
      attributes: [
        { name: 'Key-Protect', value: 'server-protect' },
        { name: 'Account-B', value: '<Account-B-ID>' },
      ],
    },
  ],
};

test('the cross-account page’s policy: each wrong name is told with the one that was meant', async () => {
  const told = await refused('v1', ofTheCrossAccountPage);
  says(told, '`Account-A`', '`Account-B`', '`Key-Protect`', '`accountId`', '`serviceName`');
  says(told, 'resources[0].attributes[0].name', 'subjects[0].attributes[1].name');
  const named = {
    ...ofTheCrossAccountPage,
    resources: [
      {
        attributes: [
          { name: 'accountId', operator: 'stringEquals', value: '<CRK-Account-A-ID>' },
          { name: 'serviceName', operator: 'stringEquals', value: 'kms' },
        ],
      },
    ],
    subjects: [
      {
        attributes: [
          { name: 'serviceName', value: 'server-protect' },
          { name: 'accountId', value: '<Account-B-ID>' },
        ],
      },
    ],
  };
  says(await refused('v1', named), '32 hex digits', '<CRK-Account-A-ID>', '<Account-B-ID>');
  const corrected = JSON.stringify(named).replace('<CRK-Account-A-ID>', A).replace('<Account-B-ID>', B);
  await accepted('v1', corrected);
});

test('the same in version 2', async () => {
  const body = authorizationV2({ roles: [DELEGATOR, READER] });
  const wrong = JSON.parse(
    JSON.stringify(body)
      .replace(
        '"key":"accountId","operator":"stringEquals","value":"bbbb',
        '"key":"Account-B","operator":"stringEquals","value":"bbbb',
      )
      .replace(
        '"key":"serviceName","operator":"stringEquals","value":"kms"',
        '"key":"Key-Protect","operator":"stringEquals","value":"kms"',
      ),
  );
  const told = await refused('v2', wrong);
  says(told, '`Account-B`', '`accountId`', '`Key-Protect`', '`serviceName`');
  says(told, 'subject.attributes[0].key', 'resource.attributes[1].key');
  await accepted('v2', body);
});

/** The page on authorizations of block storage, as it is printed. https://cloud.ibm.com/docs/vpc?topic=vpc-block-s2s-auth */
const cliFile = `{
      "description":"Reader and Delegator role for KeyProtect service instance",
      "resources": [
         {"attributes":[
            {"name":"Account-A-CRK","operator":"stringEquals","value":"<CRK-Account-A-ID>"},
            {"name":"Hyper-Protect-Crypto-Services","operator":"stringEquals","value":"kms"}]}],
      "roles": [
         {"role_id":"crn:v1:bluemix:public:iam::::role:AuthorizationDelegator"},
         {"role_id":"crn:v1:bluemix:public:iam::::serviceRole:Reader"}],
      "subjects": [
         {"attributes": [
            {"name":"Cloud Block Storage","value":"server-protect"},
            {"name":"Account-B","value":"<Account-B-ID>"}]}],
      "type":"authorization",
   }`;

test('the authorization page’s file: no JSON as it is, then wrong names, then what it meant', async () => {
  says(await refused('v1', `'${cliFile}'`), 'JSON');
  says(await refused('v1', cliFile), 'JSON');
  const json = cliFile.replace(/,\s*\}$/, '}');
  const told = await refused('v1', json);
  says(
    told,
    '`Account-A-CRK`',
    '`accountId`',
    '`Hyper-Protect-Crypto-Services`',
    '`serviceName`',
    '`Cloud Block Storage`',
  );
  says(told, '`hs-crypto`');
  const corrected = json
    .replace('Account-A-CRK', 'accountId')
    .replace('Account-B"', 'accountId"')
    .replace('Hyper-Protect-Crypto-Services', 'serviceName')
    .replace('Cloud Block Storage', 'serviceName')
    .replace('<CRK-Account-A-ID>', A)
    .replace('<Account-B-ID>', B);
  await accepted('v1', corrected);
});

test('the authorization page’s policy for one account: not of type access, and Reader is a service role', async () => {
  const printed = {
    type: 'access',
    description: 'Reader role for the Block service to interact with the KeyProtect service.',
    subjects: [{ attributes: [{ name: 'Cloud Block Storage', value: 'server-protect' }] }],
    roles: [{ role_id: 'crn:v1:bluemix:public:iam::::role:Reader' }],
    resources: [{ attributes: [{ name: 'KeyProtect', value: 'kms' }] }],
  };
  const told = await refused('v1', printed);
  says(told, '`Cloud Block Storage`', '`KeyProtect`', '`serviceName`', '`authorization`', '`accountId`');
  says(told, `\`${READER}\``);
  await accepted('v1', {
    ...printed,
    type: 'authorization',
    subjects: [
      {
        attributes: [
          { name: 'accountId', value: A },
          { name: 'serviceName', value: 'server-protect' },
        ],
      },
    ],
    roles: [{ role_id: READER }],
    resources: [
      {
        attributes: [
          { name: 'accountId', value: A },
          { name: 'serviceName', value: 'kms' },
        ],
      },
    ],
  });
});

test('the authorization page’s policy for restores: the role and the service are those of VPC', async () => {
  const printed = {
    type: 'authorization',
    description: 'Providing the Block Storage service access to restore from a Snapshot of another account ',
    subjects: [
      {
        attributes: [
          { name: 'Block Storage for VPC', value: 'server-protect' },
          { name: 'Remote-restorer-account', value: '<Remote-Restorer-Account-ID>' },
        ],
      },
    ],
    roles: [{ role_id: 'crn:v1:bluemix:public:iam::::role:SnapshotRemoteAccountRestorer' }],
    resources: [
      {
        attributes: [
          { name: 'Snaphot-owner-account', operator: 'stringEquals', value: '<Snapshot-Owner-Account-ID>' },
          { name: 'snapshotId', operator: 'stringEquals', value: '*' },
        ],
      },
    ],
  };
  const told = await refused('v1', printed);
  says(told, '`Block Storage for VPC`', '`Remote-restorer-account`', '`Snaphot-owner-account`', '`serviceName`');
  says(told, '`crn:v1:bluemix:public:is::::serviceRole:SnapshotRemoteAccountRestorer`');
  await accepted('v1', {
    ...printed,
    subjects: [
      {
        attributes: [
          { name: 'accountId', value: B },
          { name: 'serviceName', value: 'is' },
          { name: 'resourceType', value: 'volume' },
        ],
      },
    ],
    roles: [{ role_id: 'crn:v1:bluemix:public:is::::serviceRole:SnapshotRemoteAccountRestorer' }],
    resources: [
      {
        attributes: [
          { name: 'accountId', value: A },
          { name: 'serviceName', value: 'is' },
          { name: 'snapshotId', operator: 'stringEquals', value: '*' },
        ],
      },
    ],
  });
});

test('bodies of the wrong shape', async () => {
  for (const body of ['', 'x', '[]', 'null', '"text"', '{}', '{"type":"access"}', '{"type":"grant"}']) {
    await refused('v1', body);
    await refused('v2', body);
  }
  const good = authorization();
  for (const [why, change] of Object.entries<object>({
    'an unknown field': { colour: 'red' },
    'subjects of the wrong type': { subjects: 'all' },
    'two subjects': { subjects: [...good.subjects, ...good.subjects] },
    'no roles': { roles: [] },
    'a role that is a text': { roles: [READER] },
    'a role that does not exist': { roles: [{ role_id: `${READER}s` }] },
    'a role that the pair does not have': { roles: [{ role_id: ADMINISTRATOR }] },
    'the same role twice': { roles: [{ role_id: READER }, { role_id: READER }] },
    'a description that is no text': { description: 7 },
    'a list where an object belongs': { resources: [[]] },
    'the body of the other version': authorizationV2(),
  })) {
    assert.notEqual(await refused('v1', { ...good, ...change }), '', why);
  }
  const twice = authorization();
  twice.subjects[0]!.attributes.push({ name: 'serviceName', value: 'is' });
  says(await refused('v1', twice), '`serviceName`', 'twice');
  const long = authorization({ instance: 'x'.repeat(1001) });
  says(await refused('v1', long), '1001');
  const role = access('IBMid-1', ['crn:v1:bluemix:public:iam-access-management::a/x::customRole:None'], {});
  await refused('v1', role);
  const foreign = `crn:v1:bluemix:public:iam-access-management::a/${B}::customRole:None`;
  says(await refused('v1', access('IBMid-1', [foreign], { serviceName: 'kms' })), 'does not exist');
  says(await refused('v1', access('owner@a.example', [VIEWER], { serviceName: 'kms' })), 'IBMid-');
});

test('what is no JSON, too much, or from nobody', async () => {
  const xml = await post('v1', '<policy/>', { 'content-type': 'application/xml' });
  assert.equal(xml.status, 415);
  assert.equal(xml.body.errors[0].code, 'unsupported_content_type');
  const large = await post('v1', JSON.stringify({ ...authorization(), description: 'x'.repeat(70_000) }));
  assert.equal(large.status, 413);
  for (const token of [undefined, 'not-a-token', `${plane.tokens['owner-a']}x`]) {
    const body = authorization();
    const reply = await plane.call('POST', '/v1/policies', { body, ...(token === undefined ? {} : { token }) });
    assert.equal(reply.status, 401);
    assert.equal(reply.body.errors[0].code, 'invalid_token');
  }
});
