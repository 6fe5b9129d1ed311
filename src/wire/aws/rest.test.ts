import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { Fault } from '../../faults.ts';
import type { ServiceModel } from './model.ts';
import type { HttpRequest } from './protocol.ts';
import { protocolOf } from './protocols.ts';
import { loadService } from './schemas.ts';

const s3 = await loadService('@aws-sdk/client-s3');
const ram = await loadService('@aws-sdk/client-ram');

function request(line: string, headers: IncomingHttpHeaders = {}, body = ''): HttpRequest {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?');
  return { method, path, query, headers, body: Buffer.from(body) };
}

function read(model: ServiceModel, asked: HttpRequest): { operation: string; input: object } {
  const protocol = protocolOf(model, asked);
  const operation = protocol.operationName(asked);
  return { operation, input: protocol.readInput(model.operations.get(operation)!, asked) };
}

const refusal = (code: string) => (error: unknown) => error instanceof Fault && error.reason === code;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
const ROUTES: readonly (readonly [line: string, headers: IncomingHttpHeaders, operation: string, input: object])[] = [
  ['GET /', {}, 'ListBuckets', {}],
  ['GET /photos', {}, 'ListObjects', { Bucket: 'photos' }],
  ['GET /photos/', {}, 'ListObjects', { Bucket: 'photos' }],
  ['GET /photos?list-type=2&prefix=a%2Fb+c', {}, 'ListObjectsV2', { Bucket: 'photos', Prefix: 'a/b c' }],
  ['GET /photos?location', {}, 'GetBucketLocation', { Bucket: 'photos' }],
  ['GET /photos/a/./b/../c', {}, 'GetObject', { Bucket: 'photos', Key: 'a/./b/../c' }],
  ['GET /photos//a%2Fb%20c/', {}, 'GetObject', { Bucket: 'photos', Key: '/a/b c/' }],
  ['GET /photos/k?x-id=PutObject', {}, 'GetObject', { Bucket: 'photos', Key: 'k' }],
  ['GET /photos/k?uploadId=u', {}, 'ListParts', { Bucket: 'photos', Key: 'k', UploadId: 'u' }],
  ['GET /photos/k?tagging', {}, 'GetObjectTagging', { Bucket: 'photos', Key: 'k' }],
  ['PUT /photos', {}, 'CreateBucket', { Bucket: 'photos' }],
  ['PUT /photos/k', {}, 'PutObject', { Bucket: 'photos', Key: 'k' }],
  ['PUT /photos/k', { 'x-amz-copy-source': '/b/k' }, 'CopyObject', { Bucket: 'photos', CopySource: '/b/k', Key: 'k' }],
  [
    'PUT /photos/k?partNumber=2&uploadId=u',
    {},
    'UploadPart',
    { Bucket: 'photos', Key: 'k', PartNumber: 2, UploadId: 'u' },
  ],
  [
    'PUT /photos/k?partNumber=2&uploadId=u',
    { 'x-amz-copy-source': '/b/k' },
    'UploadPartCopy',
    { Bucket: 'photos', CopySource: '/b/k', Key: 'k', PartNumber: 2, UploadId: 'u' },
  ],
  ['POST /photos/k?uploads', {}, 'CreateMultipartUpload', { Bucket: 'photos', Key: 'k' }],
  ['POST /photos/k?uploadId=u', {}, 'CompleteMultipartUpload', { Bucket: 'photos', Key: 'k', UploadId: 'u' }],
  ['POST /photos?delete', {}, 'DeleteObjects', { Bucket: 'photos' }],
  ['DELETE /photos/k', {}, 'DeleteObject', { Bucket: 'photos', Key: 'k' }],
  ['HEAD /photos', {}, 'HeadBucket', { Bucket: 'photos' }],
];
for (const [line, headers, operation, input] of ROUTES) {
  test(`${line}${Object.keys(headers).length > 0 ? ' with a source to copy' : ''} is ${operation}`, () => {
    assert.deepEqual(read(s3, request(line, headers)), { operation, input });
  });
}

test('what no operation is found at is refused', () => {
  assert.throws(() => read(s3, request('PATCH /photos/k')), refusal('MethodNotAllowed'));
  assert.throws(() => read(s3, request('GET /photos/%zz')), refusal('MethodNotAllowed'));
  assert.throws(() => read(ram, request('POST /nothing')), refusal('UnknownOperationException'));
  assert.equal(read(ram, request('POST /createresourceshare/', {}, '{"name":"a"}')).operation, 'CreateResourceShare');
});

test('members are where their shape says, and nowhere else', () => {
  const asked = request('DELETE /deleteresourceshare?resourceShareArn=a&clientToken=b', {}, '{"resourceShareArn":"c"}');
  assert.deepEqual(read(ram, asked), {
    operation: 'DeleteResourceShare',
    input: { resourceShareArn: 'a', clientToken: 'b' },
  });
  const headers = { 'x-amz-meta-owner': 'me', 'x-amz-meta-__proto__': 'x', 'content-type': 'text/plain', other: 'x' };
  const { input } = read(s3, request('PUT /b/k', headers, 'hi'));
  const { Metadata, ...rest } = input as { Metadata: object };
  assert.deepEqual(rest, { Bucket: 'b', Key: 'k', ContentType: 'text/plain', Body: Buffer.from('hi') });
  assert.deepEqual(Object.entries(Metadata), [
    ['owner', 'me'],
    ['__proto__', 'x'],
  ]);
});

test('lists and dates in headers and query strings are read', () => {
  const attributes = { 'x-amz-object-attributes': 'ETag, "a,b" ,ObjectSize' };
  assert.deepEqual(read(s3, request('GET /b/k?attributes', attributes)), {
    operation: 'GetObjectAttributes',
    input: { Bucket: 'b', Key: 'k', ObjectAttributes: ['ETag', 'a,b', 'ObjectSize'] },
  });
  const since = { 'if-modified-since': 'Sun, 22 Nov 2026 10:40:05 GMT' };
  assert.deepEqual(read(s3, request('GET /b/k', since)).input, {
    Bucket: 'b',
    Key: 'k',
    IfModifiedSince: new Date('2026-11-22T10:40:05Z'),
  });
  assert.throws(() => read(s3, request('GET /b?max-keys=many')), refusal('InvalidArgument'));
});

const tagging = (body: string): unknown =>
  (read(s3, request('PUT /b?tagging', {}, body)).input as { Tagging: unknown }).Tagging;

test('a document is read by its elements, whatever its prefix and its order', () => {
  const expected = { TagSet: [{ Key: 'a<b', Value: ' c ' }] };
  const plain = '<Tagging><TagSet><Tag><Key>a&lt;b</Key><Value> c </Value></Tag></TagSet></Tagging>';
  assert.deepEqual(tagging(plain), expected);
  const other =
    '<?xml version="1.0"?>\n<x:Tagging xmlns:x="http://s3.amazonaws.com/doc/2006-03-01/">\n <x:TagSet><x:Tag>' +
    '<x:Value><![CDATA[ c ]]></x:Value><!-- no --><x:Key>a&#60;b</x:Key><x:More/></x:Tag></x:TagSet>\n</x:Tagging>';
  assert.deepEqual(tagging(other), expected);
});

for (const body of [
  'text',
  '<Tagging>',
  '<Other/>',
  '<Tagging/><Tagging/>',
  '<!DOCTYPE Tagging><Tagging/>',
  '<!DOCTYPE a [<!ENTITY x "y">]><Tagging><TagSet><Tag><Key>&x;</Key></Tag></TagSet></Tagging>',
  '<Tagging><TagSet><Tag><Key>&x;</Key></Tag></TagSet></Tagging>',
  '<Tagging><TagSet><Tag><Key><b/></Key></Tag></TagSet></Tagging>',
  `${'<Tagging>'.repeat(100_000)}${'</Tagging>'.repeat(100_000)}`,
]) {
  test(`${body.slice(0, 60)} is no document that is taken`, () => {
    assert.throws(() => tagging(body), refusal('MalformedXML'));
  });
}

test('answers have headers, documents and payloads where the shape says', () => {
  const write = (operation: string, output: object) => {
    const protocol = protocolOf(s3, request('GET /'));
    const { status, headers, body } = protocol.writeOutput(s3.operations.get(operation)!, { ...output }, 'r-1');
    return { status, headers, body: Buffer.isBuffer(body) ? body.toString() : body };
  };
  assert.deepEqual(write('GetObject', { Body: Buffer.from('hi'), ETag: '"e"', Metadata: { Owner: 'me' } }), {
    status: 200,
    headers: {
      'x-amz-request-id': 'r-1',
      etag: '"e"',
      'x-amz-meta-owner': 'me',
      'content-type': 'application/octet-stream',
    },
    body: 'hi',
  });
  assert.deepEqual(write('DeleteObject', {}), { status: 204, headers: { 'x-amz-request-id': 'r-1' }, body: undefined });
  assert.equal(
    write('GetBucketLocation', { LocationConstraint: 'eu-west-1' }).body,
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>',
  );
  assert.equal(
    write('GetBucketLocation', {}).body,
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>',
  );
  const empty = protocolOf(ram, request('POST /')).writeOutput(ram.operations.get('TagResource')!, {}, 'r-1');
  assert.deepEqual([empty.status, empty.body], [200, '{}']);
});

test('errors are as each protocol has them', () => {
  const missing = {
    code: 'NoSuchKey',
    message: 'The specified key does not exist.',
    status: 404,
    side: 'client',
    members: { Key: 'a<b' },
  } as const;
  assert.deepEqual(protocolOf(s3, request('GET /')).writeError(missing, 'r-1'), {
    status: 404,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': 'r-1' },
    body:
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not ' +
      'exist.</Message><Key>a&lt;b</Key><RequestId>r-1</RequestId></Error>',
  });
  const unknown = { code: 'UnknownResourceException', message: 'none', status: 400, side: 'client' } as const;
  assert.deepEqual(protocolOf(ram, request('POST /')).writeError(unknown, 'r-1'), {
    status: 400,
    headers: {
      'content-type': 'application/json',
      'x-amzn-RequestId': 'r-1',
      'x-amzn-ErrorType': 'UnknownResourceException',
    },
    body: '{"message":"none"}',
  });
});
