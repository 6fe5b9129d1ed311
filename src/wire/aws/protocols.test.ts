import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { Fault } from '../../faults.ts';
import type { HttpRequest } from './protocol.ts';
import { protocolOf, protocolOfUnknown } from './protocols.ts';
import { loadService } from './schemas.ts';

const cloudwatch = await loadService('@aws-sdk/client-cloudwatch');

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const request = (headers: IncomingHttpHeaders, body = '', path = '/', query = ''): HttpRequest => ({
  method: 'POST',
  path,
  query,
  headers,
  body: Buffer.from(body),
});

test('one service is answered in every protocol that its clients speak', () => {
  const asked: readonly (readonly [HttpRequest, contentType: string])[] = [
    [
      request(
        { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'GraniteServiceVersion20100801.ListMetrics' },
        '{}',
      ),
      'application/x-amz-json-1.0',
    ],
    [request(FORM, 'Action=ListMetrics&Version=2010-08-01'), 'text/xml'],
    [request({}, '', '/', 'Action=ListMetrics&Version=2010-08-01'), 'text/xml'],
    [
      request({ 'smithy-protocol': 'rpc-v2-cbor' }, '', '/service/GraniteServiceVersion20100801/operation/ListMetrics'),
      'application/cbor',
    ],
  ];
  for (const [one, contentType] of asked) {
    const protocol = protocolOf(cloudwatch, one);
    assert.equal(protocol.operationName(one), 'ListMetrics');
    assert.deepEqual(protocol.readInput(cloudwatch.operations.get('ListMetrics')!, one), {});
    const reply = protocol.writeOutput(cloudwatch.operations.get('ListMetrics')!, { NextToken: 'n' }, 'r-1');
    assert.equal(reply.headers['content-type'], contentType);
  }
});

test('a service that is not known is refused in the protocol that was used', () => {
  const error = { code: 'InvalidAction', message: 'x', status: 400, side: 'client' } as const;
  const asked: readonly (readonly [HttpRequest, contentType: string, code: string])[] = [
    [request(FORM, 'Action=A&Version=1'), 'text/xml', 'InvalidAction'],
    [request({}, '', '/', 'Action=A'), 'text/xml', 'InvalidAction'],
    [request({ 'x-amz-target': 'A.B' }), 'application/x-amz-json-1.1', 'UnknownOperationException'],
    [
      request({ 'x-amz-target': 'A.B', 'content-type': 'application/x-amz-json-1.0' }),
      'application/x-amz-json-1.0',
      'UnknownOperationException',
    ],
    [request({ 'content-type': 'application/json' }, '{}', '/a'), 'application/json', 'UnknownOperationException'],
    [request({ 'smithy-protocol': 'rpc-v2-cbor' }), 'application/cbor', 'UnknownOperationException'],
    [request({}, '', '/bucket'), 'application/xml', 'MethodNotAllowed'],
  ];
  for (const [one, contentType, code] of asked) {
    const protocol = protocolOfUnknown(one);
    assert.equal(protocol.writeError(error, 'r-1').headers['content-type'], contentType);
    assert.throws(
      () => protocol.operationName(one),
      (fault) => fault instanceof Fault && fault.reason === code,
    );
  }
});
