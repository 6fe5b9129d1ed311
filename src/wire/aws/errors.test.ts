import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, type FaultKind } from '../../faults.ts';
import { loadConstraints } from './constraints.ts';
import { errorFor } from './errors.ts';
import { awsFault } from './fault.ts';
import type { WireName } from './protocol.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and what clients of KMS and Lambda report. */
test('codes that every service has, as each protocol spells them', () => {
  for (const [code, query, json, rest] of [
    ['AccessDenied', 403, 'AccessDeniedException', 403],
    ['ExpiredToken', 403, 'ExpiredTokenException', 403],
    ['IncompleteSignature', 400, 'IncompleteSignatureException', 403],
    ['InvalidAction', 400, 'UnknownOperationException', 404],
    ['InvalidClientTokenId', 403, 'UnrecognizedClientException', 403],
    ['MalformedInput', 400, 'SerializationException', 400],
    ['MissingAuthenticationToken', 403, 'MissingAuthenticationTokenException', 403],
    ['SignatureDoesNotMatch', 403, 'InvalidSignatureException', 403],
    ['Throttling', 400, 'ThrottlingException', 429],
    ['ValidationError', 400, 'ValidationException', 400],
  ] as const) {
    const say = (protocol: WireName) => errorFor(awsFault(code, 'why'), { protocol });
    const expected = { message: 'why', side: 'client', members: undefined };
    assert.deepEqual(say('query'), { ...expected, code, status: query });
    assert.deepEqual(say('json'), { ...expected, code: json, status: 400 });
    assert.deepEqual(say('cbor'), { ...expected, code: json, status: 400 });
    assert.deepEqual(say('rest-json'), { ...expected, code: json, status: rest });
  }
});

test('faults that are in no words of the vendor are called by their kind', () => {
  for (const [kind, code, status, side] of [
    ['denied', 'AccessDenied', 403, 'client'],
    ['unauthenticated', 'InvalidClientTokenId', 403, 'client'],
    ['throttled', 'Throttling', 400, 'client'],
    ['invalid', 'ValidationError', 400, 'client'],
    ['too-large', 'RequestEntityTooLarge', 413, 'client'],
    ['unavailable', 'ServiceUnavailable', 503, 'server'],
  ] as const satisfies readonly (readonly [FaultKind, string, number, string])[]) {
    const said = errorFor(new Fault(kind, 'some-reason', 'why'), { protocol: 'query' });
    assert.deepEqual(said, { code, message: 'why', status, side, members: undefined });
  }
});

test('a body too large and a service that is away are no client mistake like others in JSON either', () => {
  const tooLarge = errorFor(new Fault('too-large', 'body', 'why'), { protocol: 'json' });
  assert.deepEqual([tooLarge.code, tooLarge.status], ['RequestEntityTooLargeException', 413]);
  const away = errorFor(new Fault('unavailable', 'stopping', 'why'), { protocol: 'json' });
  assert.deepEqual([away.code, away.status, away.side], ['ServiceUnavailable', 503, 'server']);
});

test('a code of the service keeps its spelling, its own status and its members', async () => {
  const iam = await loadConstraints('iam');
  const kms = await loadConstraints('kms');
  const say = (code: string, constraints: typeof iam, protocol: WireName) => {
    const said = errorFor(awsFault(code, 'why', { keyId: 'k' }), { protocol, constraints });
    assert.deepEqual(said.members, { keyId: 'k' });
    return [said.code, said.status, said.side];
  };
  assert.deepEqual(say('NoSuchEntity', iam, 'query'), ['NoSuchEntity', 404, 'client']);
  assert.deepEqual(say('ServiceFailure', iam, 'query'), ['ServiceFailure', 500, 'server']);
  assert.deepEqual(say('NotFoundException', kms, 'json'), ['NotFoundException', 400, 'client']);
  assert.deepEqual(say('KMSInternalException', kms, 'json'), ['KMSInternalException', 500, 'server']);
  assert.deepEqual(say('NoSuchEntity', kms, 'json'), ['NoSuchEntity', 400, 'client']);
});

test('a defect of ours says nothing about itself', () => {
  assert.deepEqual(errorFor(undefined, { protocol: 'json' }), {
    code: 'InternalFailure',
    message: 'internal error',
    status: 500,
    side: 'server',
  });
});
