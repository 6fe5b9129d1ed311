/** Bodies in JSON that are wrong: the errors of KMS and CloudWatch Logs. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { asking, kms, logs } from './aws-bad-asking.ts';
import { type BadWorld, startBadWorld } from './aws-bad-world.ts';

let world: BadWorld;
before(async () => {
  world = await startBadWorld();
});
after(() => world.stop());

const { ask, refused } = asking(() => world);

describe('a body in JSON', () => {
  test('that is none, or no object, is refused without a word, as AWS does', async () => {
    const bodies = ['{', '{"KeyId":', 'nul', '{}x', '{}{}', "{'a':1}", '\ufeff{}', '"text"', '7', 'true', 'null', ''];
    for (const body of bodies) await refused(kms('CreateKey', body), 'SerializationException', '');
    await refused(
      kms('CreateKey', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
      'SerializationException',
      '',
    );
    await refused(kms('CreateKey', gzipSync('{}')), 'SerializationException', '');
    await refused(kms('CreateKey', '[]'), 'SerializationException', 'Start of list found where not expected');
    const zipped = logs('CreateLogGroup', gzipSync('{"logGroupName":"zipped"}'));
    await refused(
      { ...zipped, headers: { ...zipped.headers, 'content-encoding': 'gzip' } },
      'SerializationException',
      '',
    );
  });

  test('of values of wrong types', async () => {
    const wrong: [operation: string, input: object, message: string][] = [
      ['CreateKey', { Description: 7 }, 'NUMBER_VALUE can not be converted to a String'],
      ['CreateKey', { Description: true }, 'TRUE_VALUE can not be converted to a String'],
      ['CreateKey', { Description: [] }, 'Start of list found where not expected'],
      ['CreateKey', { Description: {} }, 'Start of structure or map found where not expected.'],
      ['CreateKey', { MultiRegion: 'true' }, 'STRING_VALUE can not be converted to a Boolean'],
      ['CreateKey', { MultiRegion: 1 }, 'NUMBER_VALUE can not be converted to a Boolean'],
      ['CreateKey', { Tags: {} }, 'Start of structure or map found where not expected.'],
      ['CreateKey', { Tags: ['text'] }, 'Expected null'],
      ['CreateKey', { Tags: [[]] }, 'Start of list found where not expected'],
      ['CreateKey', { Tags: [null] }, 'Unexpected null in a list'],
      ['ListKeys', { Limit: '5' }, 'STRING_VALUE can not be converted to an Integer'],
      ['ListKeys', { Limit: 1.5 }, '1.5 can not be converted to an Integer'],
      ['ListKeys', { Limit: 1e20 }, '100000000000000000000 can not be converted to an Integer'],
      ['GenerateRandom', { NumberOfBytes: 16.5 }, '16.5 can not be converted to an Integer'],
      ['Encrypt', { KeyId: 'k', Plaintext: 7 }, 'NUMBER_VALUE can not be converted to a Blob'],
      ['Encrypt', { KeyId: 'k', Plaintext: '!!!!' }, 'Invalid Base64 character detected'],
      [
        'Encrypt',
        { KeyId: 'k', Plaintext: 'abc' },
        'Base64 encoded length is expected a multiple of 4 bytes but found: 3',
      ],
      ['Encrypt', { KeyId: 'k', EncryptionContext: [] }, 'Start of list found where not expected'],
      ['Encrypt', { KeyId: 'k', EncryptionContext: { a: 1 } }, 'NUMBER_VALUE can not be converted to a String'],
      ['Encrypt', { KeyId: 'k', EncryptionContext: { a: null } }, 'Unexpected null in a map'],
      ['ImportKeyMaterial', { KeyId: 'k', ValidTo: 'soon' }, 'STRING_VALUE can not be converted to a Timestamp'],
      ['ImportKeyMaterial', { KeyId: 'k', ValidTo: true }, 'TRUE_VALUE can not be converted to a Timestamp'],
    ];
    for (const [operation, input, message] of wrong) {
      await refused(kms(operation, input), 'SerializationException', message);
    }
    await refused(
      kms('ListKeys', '{"Limit":1e999}'),
      'SerializationException',
      'Infinity can not be converted to an Integer',
    );
    const events = '{"logGroupName":"group","logStreamName":"stream","startTime":1e300}';
    await refused(logs('GetLogEvents', events), 'SerializationException', '1e+300 can not be converted to a Long');
  });

  test('nested without end', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    await refused(kms('CreateKey', deep), 'SerializationException', 'Start of list found where not expected');
    for (const member of ['Description', 'Tags', 'MultiRegion']) {
      await refused(kms('CreateKey', `{"${member}":${deep}}`), 'SerializationException', /./);
    }
    const unknown = await ask(kms('ListKeys', `{"unknown":${deep}}`));
    assert.equal(unknown.status, 200, 'what is not known is not looked into');
  });

  test('with members that there are not is answered without them, the last of two of one name counts', async () => {
    for (const body of [
      '{"Limit":1,"Colour":"red"}',
      '{"__proto__":{"Limit":0},"constructor":1,"toString":null,"Limit":1}',
      '{"Limit":0,"Limit":1}',
    ]) {
      const { status, text } = await ask(kms('ListKeys', body));
      assert.equal(status, 200, text);
      assert.equal(JSON.parse(text).Keys.length, 1);
    }
  });

  test('that misses members or breaks constraints says which', async () => {
    const fault = (rest: string): string => `1 validation error detected: Value ${rest}`;
    const broken: [operation: string, input: object, message: RegExp | string][] = [
      ['DescribeKey', {}, fault("null at 'keyId' failed to satisfy constraint: Member must not be null")],
      ['DescribeKey', { KeyId: null }, fault("null at 'keyId' failed to satisfy constraint: Member must not be null")],
      [
        'ListKeys',
        { Limit: 0 },
        fault("'0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
      ],
      ['ListKeys', { Limit: 1001 }, /Member must have value less than or equal to 1000$/],
      [
        'CreateKey',
        { KeyUsage: 'NONE' },
        /'NONE' at 'keyUsage' .*: Member must satisfy enum value set: \[.*ENCRYPT_DECRYPT/,
      ],
      ['CreateAlias', { AliasName: 'a b', TargetKeyId: 'k' }, /Member must satisfy regular expression pattern: /],
      ['CreateAlias', {}, /^2 validation errors detected: Value null at 'aliasName' .*; Value null at 'targetKeyId'/],
    ];
    for (const [operation, input, message] of broken)
      await refused(kms(operation, input), 'ValidationException', message);
    await refused(
      logs('CreateLogGroup', { logGroupName: 'C:/x y' }),
      'InvalidParameterException',
      /^1 validation error detected: Value 'C:\/x y' at 'logGroupName' failed to satisfy constraint: /,
    );
  });

  test('of a type that is not the one of the protocol is taken for what it is by its target', async () => {
    const { headers, ...sent } = kms('ListKeys');
    for (const type of ['application/json', 'text/plain', '']) {
      const { status } = await ask({ ...sent, headers: { ...headers, 'content-type': type } }, 'kms');
      assert.equal(status, 200, type);
    }
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    await refused({ ...sent, headers: form }, 'MissingAction', 'Missing Action', 'kms');
  });
});
