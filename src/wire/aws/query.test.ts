import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../faults.ts';
import type { ServiceModel } from './model.ts';
import type { HttpRequest } from './protocol.ts';
import { protocolOf } from './protocols.ts';
import { loadService } from './schemas.ts';

const sts = await loadService('@aws-sdk/client-sts');
const iam = await loadService('@aws-sdk/client-iam');
const ec2 = await loadService('@aws-sdk/client-ec2');
const sqs = await loadService('@aws-sdk/client-sqs');

const form = (body: string): HttpRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  body: Buffer.from(body),
});

function read(model: ServiceModel, operation: string, parameters: string): unknown {
  const request = form(`Action=${operation}&Version=${model.apiVersion}&${parameters}`);
  const protocol = protocolOf(model, request);
  assert.equal(protocol.operationName(request), operation);
  return protocol.readInput(model.operations.get(operation)!, request);
}

const refusal = (code: string, message: string) => (error: unknown) => {
  assert.ok(error instanceof Fault);
  assert.deepEqual([error.reason, error.message], [code, message]);
  return true;
};

test('parameters are read by the shape, in a body as in a query string', () => {
  const parameters =
    'RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=a+b%2Bc&DurationSeconds=900&Unknown.1=x' +
    '&Tags.member.2.Key=b&Tags.member.2.Value=&Tags.member.1.Key=a&Tags.member.1.Value=%C3%A9&rolearn=other';
  const expected = {
    RoleArn: 'arn:aws:iam::1:role/r',
    RoleSessionName: 'a b+c',
    DurationSeconds: 900,
    Tags: [
      { Key: 'a', Value: 'é' },
      { Key: 'b', Value: '' },
    ],
  };
  assert.deepEqual(read(sts, 'AssumeRole', parameters), expected);
  const query = `Action=AssumeRole&Version=2011-06-15&${parameters}`;
  const got: HttpRequest = { method: 'GET', path: '/', query, headers: {}, body: Buffer.alloc(0) };
  const protocol = protocolOf(sts, got);
  assert.equal(protocol.operationName(got), 'AssumeRole');
  assert.deepEqual(protocol.readInput(sts.operations.get('AssumeRole')!, got), expected);
});

test('a list without items is empty, numbers of items only order them', () => {
  assert.deepEqual(read(sts, 'AssumeRole', 'Tags='), { Tags: [] });
  const far = 'Tags.member.999999999.Key=z&Tags.member.10.Key=b&Tags.member.9.Key=a';
  assert.deepEqual(read(sts, 'AssumeRole', far), { Tags: [{ Key: 'a' }, { Key: 'b' }, { Key: 'z' }] });
});

test('EC2 numbers items without a name, and calls members by names of its own', () => {
  const parameters = 'VolumeId.2=vol-2&VolumeId.1=vol-1&Filter.1.Name=n&Filter.1.Value.1=v&MaxResults=5&DryRun=false';
  assert.deepEqual(read(ec2, 'DescribeVolumes', parameters), {
    VolumeIds: ['vol-1', 'vol-2'],
    Filters: [{ Name: 'n', Values: ['v'] }],
    MaxResults: 5,
    DryRun: false,
  });
});

test('maps are read entry by entry, `__proto__` like any other', () => {
  const { Attributes } = read(
    sqs,
    'CreateQueue',
    'QueueName=q&Attribute.1.Name=__proto__&Attribute.1.Value=x&Attribute.2.Name=a&Attribute.2.Value=y',
  ) as { Attributes: object };
  assert.deepEqual(Object.entries(Attributes), [
    ['__proto__', 'x'],
    ['a', 'y'],
  ]);
  assert.equal(Object.getPrototypeOf(Attributes), Object.prototype);
});

const REFUSED: readonly (readonly [ServiceModel, string, string, string, string])[] = [
  [iam, 'ListUsers', 'MaxItems=ten', 'MalformedInput', 'STRING_VALUE can not be converted to an Integer'],
  [iam, 'ListUsers', 'MaxItems=', 'MalformedInput', 'STRING_VALUE can not be converted to an Integer'],
  [iam, 'ListUsers', 'MaxItems=0x10', 'MalformedInput', 'STRING_VALUE can not be converted to an Integer'],
  [iam, 'ListUsers', 'MaxItems.1=10', 'MalformedInput', 'Start of structure or map found where not expected.'],
  [iam, 'ListPolicies', 'OnlyAttached=yes', 'MalformedInput', 'STRING_VALUE can not be converted to a Boolean'],
  [sts, 'AssumeRole', 'Tags=a', 'MalformedInput', 'Unexpected list element termination'],
  [sts, 'AssumeRole', 'Tags.member.1=a', 'MalformedInput', 'Unexpected complex element termination'],
  [sts, 'AssumeRole', 'Tags.member.x.Key=a', 'MalformedInput', '`x` is not the number of an item'],
  [ec2, 'DescribeVolumes', 'MaxResults=x', 'InvalidParameterValue', 'Value (x) for parameter MaxResults is invalid.'],
  [
    ec2,
    'DescribeSpotPriceHistory',
    'StartTime=yesterday',
    'InvalidParameterValue',
    'Value (yesterday) for parameter StartTime is invalid.',
  ],
  [
    ec2,
    'BundleInstance',
    'Storage.S3.UploadPolicy=*',
    'InvalidParameterValue',
    'Value (*) for parameter UploadPolicy is invalid.',
  ],
];
for (const [model, operation, parameters, code, message] of REFUSED) {
  test(`${operation} with \`${parameters}\` is refused`, () => {
    assert.throws(() => read(model, operation, parameters), refusal(code, message));
  });
}

test('what would cost more than it says is refused', () => {
  const syntax = refusal('MalformedQueryString', 'The query string contains a syntax error');
  assert.throws(() => read(sts, 'AssumeRole', 'RoleArn=%zz'), syntax);
  assert.throws(() => read(sts, 'AssumeRole', 'RoleArn=%ff'), syntax);
  const deep = refusal('MalformedQueryString', 'The name of a parameter has too many parts');
  assert.throws(() => read(sts, 'AssumeRole', `${'a.'.repeat(100_000)}a=1`), deep);
  const many = refusal('MalformedQueryString', 'The query string has too many parameters');
  assert.throws(() => read(sts, 'AssumeRole', 'a&'.repeat(20_000)), many);
});

/** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
test('an action that the version does not have is unknown', () => {
  const name = (body: string) => () => protocolOf(sts, form(body)).operationName(form(body));
  assert.throws(
    name('Action=Nothing&Version=2011-06-15'),
    refusal('InvalidAction', 'Could not find operation Nothing for version 2011-06-15'),
  );
  assert.throws(
    name('Action=GetCallerIdentity&Version=2010-05-08'),
    refusal('InvalidAction', 'Could not find operation GetCallerIdentity for version 2010-05-08'),
  );
  assert.throws(
    name('Action=GetCallerIdentity'),
    refusal('InvalidAction', 'Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED'),
  );
  assert.throws(name('Version=2011-06-15'), refusal('MissingAction', 'Missing Action'));
  assert.equal(name('Action=GetCallerIdentity&Version=2011-06-15')(), 'GetCallerIdentity');
});

test('answers and errors are the documents that the vendor writes', () => {
  const protocol = protocolOf(sts, form(''));
  const identity = { UserId: 'AIDA', Account: '111122223333', Arn: 'arn:a&b', more: 'x' };
  assert.deepEqual(protocol.writeOutput(sts.operations.get('GetCallerIdentity')!, identity, 'r-1'), {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-RequestId': 'r-1' },
    body:
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
      '<UserId>AIDA</UserId><Account>111122223333</Account><Arn>arn:a&amp;b</Arn></GetCallerIdentityResult>' +
      '<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
  });
  const expired = { code: 'ExpiredTokenException', message: 'a < b', status: 400, side: 'client' } as const;
  assert.equal(
    protocol.writeError(expired, 'r-1').body,
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
      '<Code>ExpiredTokenException</Code><Message>a &lt; b</Message></Error><RequestId>r-1</RequestId></ErrorResponse>',
  );
  const failed = { code: 'ServiceFailure', message: 'x', status: 500, side: 'server' } as const;
  assert.match(String(protocol.writeError(failed, 'r-1').body), /<Type>Receiver<\/Type>/);
  const deleted = protocolOf(iam, form('')).writeOutput(iam.operations.get('DeleteUser')!, {}, 'r-1').body;
  assert.match(String(deleted), /^<DeleteUserResponse xmlns="[^"]+"><ResponseMetadata>/);
});

test('EC2’s documents are its own', () => {
  const protocol = protocolOf(ec2, form(''));
  assert.equal(
    protocol.writeOutput(ec2.operations.get('DeleteVolume')!, {}, 'r-1').body,
    '<DeleteVolumeResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15"><requestId>r-1</requestId>' +
      '<return>true</return></DeleteVolumeResponse>',
  );
  const error = { code: 'InvalidVolume.NotFound', message: 'none', status: 400, side: 'client' } as const;
  assert.equal(
    protocol.writeError(error, 'r-1').body,
    '<Response><Errors><Error><Code>InvalidVolume.NotFound</Code><Message>none</Message></Error></Errors>' +
      '<RequestID>r-1</RequestID></Response>',
  );
  assert.throws(
    () => protocol.operationName(form('Action=Nothing')),
    refusal('InvalidAction', 'The action Nothing is not valid for this web service.'),
  );
});

test('times have whole seconds in the query protocol; EC2 writes the milliseconds', () => {
  const time = new Date('2026-11-22T10:57:52.999Z');
  const written = (model: ServiceModel, operation: string, output: Readonly<Record<string, unknown>>): unknown =>
    protocolOf(model, form(`Action=${operation}`)).writeOutput(model.operations.get(operation)!, output, 'r-1').body;
  const credentials = written(sts, 'GetSessionToken', { Credentials: { Expiration: time } });
  assert.match(String(credentials), /<Expiration>2026-11-22T10:57:52Z<\/Expiration>/);
  const roles = written(iam, 'ListRoles', { Roles: [{ CreateDate: time }] });
  assert.match(String(roles), /<CreateDate>2026-11-22T10:57:52Z<\/CreateDate>/);
  const volumes = written(ec2, 'DescribeVolumes', { Volumes: [{ CreateTime: time }] });
  assert.match(String(volumes), /<createTime>2026-11-22T10:57:52\.999Z<\/createTime>/);
});
