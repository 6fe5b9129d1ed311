import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../faults.ts';
import type { HttpRequest, Protocol } from './protocol.ts';
import { protocolOf } from './protocols.ts';
import { loadService } from './schemas.ts';

const kms = await loadService('@aws-sdk/client-kms');
const sqs = await loadService('@aws-sdk/client-sqs');

const request = (target: string, body: string): HttpRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
  body: Buffer.from(body),
});

function read(operation: string, body: unknown): unknown {
  const asked = request(`TrentService.${operation}`, typeof body === 'string' ? body : JSON.stringify(body));
  const protocol = protocolOf(kms, asked);
  assert.equal(protocol.operationName(asked), operation);
  return protocol.readInput(kms.operations.get(operation)!, asked);
}

const refusal = (code: string, message: string) => (error: unknown) => {
  assert.ok(error instanceof Fault);
  assert.deepEqual([error.reason, error.message], [code, message]);
  return true;
};

test('members are read by their shapes, what the shape does not have is ignored', () => {
  const input = read('Encrypt', {
    KeyId: 'k',
    Plaintext: 'aGk=',
    EncryptionContext: { a: 'b' },
    GrantTokens: [],
    DryRun: true,
    keyid: 'other case',
    More: { deep: [1] },
    EncryptionAlgorithm: null,
  });
  assert.deepEqual(input, {
    KeyId: 'k',
    Plaintext: Buffer.from('hi'),
    EncryptionContext: { a: 'b' },
    GrantTokens: [],
    DryRun: true,
  });
  assert.deepEqual(read('ListKeys', { Limit: 3 }), { Limit: 3 });
});

const LIST = 'Start of list found where not expected';
const MAP = 'Start of structure or map found where not expected.';
/** What JSON services of AWS were seen to say. */
const REFUSED: readonly (readonly [operation: string, body: unknown, message: string])[] = [
  ['Encrypt', { KeyId: 1 }, 'NUMBER_VALUE can not be converted to a String'],
  ['Encrypt', { KeyId: 1.5 }, 'NUMBER_VALUE can not be converted to a String'],
  ['Encrypt', { KeyId: true }, 'TRUE_VALUE can not be converted to a String'],
  ['Encrypt', { KeyId: [] }, LIST],
  ['Encrypt', { KeyId: {} }, MAP],
  ['Encrypt', { DryRun: 'true' }, 'STRING_VALUE can not be converted to a Boolean'],
  ['Encrypt', { DryRun: 1 }, 'NUMBER_VALUE can not be converted to a Boolean'],
  ['ListKeys', { Limit: '3' }, 'STRING_VALUE can not be converted to an Integer'],
  ['ListKeys', { Limit: false }, 'FALSE_VALUE can not be converted to an Integer'],
  ['Encrypt', { GrantTokens: 'one' }, 'Expected list or null'],
  ['Encrypt', { GrantTokens: { 0: 'one' } }, MAP],
  ['Encrypt', { GrantTokens: [1] }, 'NUMBER_VALUE can not be converted to a String'],
  ['Encrypt', { EncryptionContext: 'a' }, 'Expected null'],
  ['Encrypt', { EncryptionContext: ['a'] }, LIST],
  ['Encrypt', { EncryptionContext: { a: 1 } }, 'NUMBER_VALUE can not be converted to a String'],
  ['Encrypt', { Plaintext: 5 }, 'NUMBER_VALUE can not be converted to a Blob'],
  ['Encrypt', { Plaintext: 'a' }, 'Base64 encoded length is expected a multiple of 4 bytes but found: 1'],
  ['Encrypt', { Plaintext: 'a*==' }, 'Invalid Base64 character detected'],
  ['ImportKeyMaterial', { ValidTo: 'soon' }, 'STRING_VALUE can not be converted to a Timestamp'],
  ['Encrypt', '[]', LIST],
  ['Encrypt', '"text"', ''],
  ['Encrypt', 'null', ''],
  ['Encrypt', '{"KeyId":', ''],
  ['Encrypt', '', ''],
  ['DescribeCustomKeyStores', 'x', ''],
];
for (const [operation, body, message] of REFUSED) {
  test(`${operation} ${JSON.stringify(body)} is refused`, () => {
    assert.throws(() => read(operation, body), refusal('SerializationException', message));
  });
}

test('a null in a list or a map is refused: nothing that was said is dropped', () => {
  assert.throws(() => read('Encrypt', { EncryptionContext: { a: null } }), Fault);
  assert.throws(() => read('Encrypt', { GrantTokens: [null] }), Fault);
});

test('an entry called `__proto__` is an entry like any other', () => {
  const { EncryptionContext: context } = read('Encrypt', '{"EncryptionContext":{"__proto__":"x","b":"y"}}') as {
    EncryptionContext: Record<string, string>;
  };
  assert.deepEqual(Object.entries(context), [
    ['__proto__', 'x'],
    ['b', 'y'],
  ]);
  assert.equal(Object.getPrototypeOf(context), Object.prototype);
});

test('a document that nests deeply is read or refused, never run into the end of the stack', () => {
  const deep = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;
  assert.deepEqual(read('Encrypt', `{"KeyId":"k","Unknown":${deep}}`), { KeyId: 'k' });
  assert.throws(() => read('Encrypt', `{"KeyId":${deep}}`), refusal('SerializationException', LIST));
});

test('a target that is not the service’s, or no operation of it, is unknown', () => {
  for (const target of ['TrentService.Nothing', 'Other.Encrypt', 'Encrypt', 'TrentService.encrypt', '']) {
    const asked = request(target, '{}');
    assert.throws(() => protocolOf(kms, asked).operationName(asked), refusal('UnknownOperationException', ''));
  }
});

const json = (protocol: Protocol, error: Parameters<Protocol['writeError']>[0]) => {
  const { headers, body, status } = protocol.writeError(error, 'r-1');
  return { headers, status, body: JSON.parse(String(body)) };
};

test('errors are named by their shapes, whichever of their names they are thrown by', () => {
  const protocol = protocolOf(kms, request('TrentService.Encrypt', '{}'));
  for (const code of ['NotFoundException', 'NotFound']) {
    assert.deepEqual(json(protocol, { code, message: 'none', status: 400, side: 'client' }), {
      status: 400,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-RequestId': 'r-1',
        'x-amzn-ErrorType': 'NotFoundException',
      },
      body: { __type: 'NotFoundException', message: 'none' },
    });
  }
  const denied = { code: 'AccessDeniedException', message: 'no', status: 400, side: 'client' } as const;
  assert.deepEqual(json(protocol, denied).body, { __type: 'AccessDeniedException', Message: 'no' });
  const malformed = { code: 'SerializationException', message: '', status: 400, side: 'client' } as const;
  assert.deepEqual(json(protocol, malformed).body, { __type: 'SerializationException' });
});

test('the query protocol’s code is told to a client that asks for it, and to no other', () => {
  const error = { code: 'QueueDoesNotExist', message: 'none', status: 400, side: 'client' } as const;
  const plain = request('AmazonSQS.GetQueueUrl', '{}');
  const asking = { ...plain, headers: { ...plain.headers, 'x-amzn-query-mode': 'true' } };
  assert.equal(json(protocolOf(sqs, plain), error).headers['x-amzn-query-error'], undefined);
  const { headers, body } = json(protocolOf(sqs, asking), error);
  assert.equal(headers['x-amzn-query-error'], 'AWS.SimpleQueueService.NonExistentQueue;Sender');
  assert.equal(body.__type, 'com.amazonaws.sqs#QueueDoesNotExist');
});

test('an answer has the members of its shape alone; one without a shape is empty', () => {
  const protocol = protocolOf(kms, request('TrentService.Encrypt', '{}'));
  const output = { KeyId: 'k', CiphertextBlob: Buffer.from('hi'), secret: 'x' };
  assert.equal(
    protocol.writeOutput(kms.operations.get('Encrypt')!, output, 'r-1').body,
    '{"CiphertextBlob":"aGk=","KeyId":"k"}',
  );
  assert.equal(protocol.writeOutput(kms.operations.get('DisableKey')!, {}, 'r-1').body, '');
  const described = { KeyMetadata: { KeyId: 'k', CreationDate: new Date(1_500) } };
  assert.equal(
    protocol.writeOutput(kms.operations.get('DescribeKey')!, described, 'r-1').body,
    '{"KeyMetadata":{"KeyId":"k","CreationDate":1.5}}',
  );
});
