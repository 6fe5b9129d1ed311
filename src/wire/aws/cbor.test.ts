import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../faults.ts';
import type { HttpRequest } from './protocol.ts';
import { protocolOf } from './protocols.ts';
import { loadService } from './schemas.ts';
import { decodeCbor, encodeCbor } from './values/cbor-bytes.ts';

const cloudwatch = await loadService('@aws-sdk/client-cloudwatch');

/** https://www.rfc-editor.org/rfc/rfc8949#appendix-A */
const VECTORS: readonly (readonly [hex: string, value: unknown])[] = [
  ['00', 0],
  ['1818', 24],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['20', -1],
  ['3903e7', -1000],
  ['f90000', 0],
  ['f93e00', 1.5],
  ['f97bff', 65504],
  ['f90001', 2 ** -24],
  ['f9c400', -4],
  ['f97c00', Number.POSITIVE_INFINITY],
  ['fa47c35000', 100_000],
  ['fb3ff199999999999a', 1.1],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['c11a514b67b0', new Date('2013-03-21T20:04:00Z')],
  ['c1fb41d452d9ec200000', new Date('2013-03-21T20:04:00.500Z')],
  ['4401020304', Buffer.from([1, 2, 3, 4])],
  ['6449455446', 'IETF'],
  ['62c3bc', 'ü'],
  ['80', []],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  ['a26161016162820203', { a: 1, b: [2, 3] }],
  ['5f42010243030405ff', Buffer.from([1, 2, 3, 4, 5])],
  ['7f657374726561646d696e67ff', 'streaming'],
  ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
  ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
];
for (const [hex, value] of VECTORS) {
  test(`${hex} is read`, () => assert.deepEqual(decodeCbor(Buffer.from(hex, 'hex')), value));
}

test('what is written is what was meant', () => {
  const value = {
    text: 'é',
    numbers: [0, 23, 24, 255, 256, 65_536, 2 ** 40, -1, -500, 0.5, -0, 1e300],
    nested: { yes: true, no: false, bytes: Buffer.from('hi'), time: new Date(1_500) },
    __proto__own: [],
  };
  assert.deepEqual(decodeCbor(encodeCbor({ ...value, left: undefined })), value);
  assert.equal(encodeCbor({ a: 1, b: [2, 3] }).toString('hex'), 'a26161016162820203');
});

/** Truncated, without an end, too long, a break on its own, a map key that is no text, text that is no UTF-8, too deep. */
const BROKEN = [
  '',
  '18',
  '6261',
  '9b00ffffffffffffff01',
  '5bffffffffffffffff',
  'bf6161',
  'ff',
  '82ff01',
  'a10102',
  '61ff',
  '0000',
  'c261ff',
  '1c',
  '81'.repeat(10_000),
];
for (const hex of BROKEN) {
  test(`${hex.slice(0, 20)} is refused`, () => assert.throws(() => decodeCbor(Buffer.from(hex, 'hex'))));
}

const request = (operation: string, body: Buffer): HttpRequest => ({
  method: 'POST',
  path: `/service/GraniteServiceVersion20100801/operation/${operation}`,
  query: '',
  headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor', 'x-amzn-query-mode': 'true' },
  body,
});

function read(operation: string, body: unknown): unknown {
  const asked = request(operation, encodeCbor(body));
  const protocol = protocolOf(cloudwatch, asked);
  assert.equal(protocol.operationName(asked), operation);
  return protocol.readInput(cloudwatch.operations.get(operation)!, asked);
}

test('members are read by their shapes', () => {
  assert.deepEqual(read('DescribeAlarms', { AlarmNames: ['a'], MaxRecords: 2, more: 1, NextToken: null }), {
    AlarmNames: ['a'],
    MaxRecords: 2,
  });
  const wrong = [{ AlarmNames: 'a' }, { AlarmNames: [1] }, { MaxRecords: '2' }, { AlarmNames: [null] }, ['a'], 'a'];
  for (const body of wrong) {
    assert.throws(
      () => read('DescribeAlarms', body),
      (error) => error instanceof Fault && error.reason === 'SerializationException',
    );
  }
});

test('errors carry the shape’s full name and the query protocol’s code', () => {
  const error = { code: 'ResourceNotFoundException', message: 'none', status: 404, side: 'client' } as const;
  const { headers, body } = protocolOf(cloudwatch, request('ListMetrics', Buffer.alloc(0))).writeError(error, 'r-1');
  assert.equal(headers['x-amzn-query-error'], 'ResourceNotFoundException;Sender');
  assert.deepEqual(decodeCbor(body as Buffer), {
    __type: 'com.amazonaws.cloudwatch#ResourceNotFoundException',
    message: 'none',
  });
});
