/** Bodies, paths, methods and headers that are wrong: the vendor's error in the protocol of each service. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ADMIN, type BadWorld, MAIN, startBadWorld } from './aws-bad-world.ts';
import { call, formCall, jsonCall, type RawAnswer, type Sent, send, signed } from './aws-raw.ts';
import { rawExchange } from './golden/raw.ts';

let world: BadWorld;
before(async () => {
  world = await startBadWorld();
});
after(() => world.stop());

const MIB = 1024 * 1024;

const serviceOf = ({ headers, body }: Sent): string =>
  headers['x-amz-target']?.startsWith('Trent')
    ? 'kms'
    : headers['x-amz-target'] === undefined
      ? String(body).includes('2011-06-15')
        ? 'sts'
        : 'iam'
      : 'logs';

const ask = (sent: Sent, service = serviceOf(sent)): Promise<RawAnswer> =>
  call(world.plane, sent, { keys: ADMIN, service });

/** Refused with this code, as 400; nothing changes. */
async function refused(sent: Sent, code: string, message: RegExp | string, service = serviceOf(sent)): Promise<void> {
  await world.withoutChange(async () => {
    const answer = await ask(sent, service);
    assert.deepEqual([answer.code, answer.status], [code, 400], `${String(sent.body).slice(0, 200)}: ${answer.text}`);
    if (typeof message === 'string') assert.equal(answer.message, message);
    else assert.match(answer.message, message);
  });
}

const kms = (operation: string, input?: unknown): Sent => jsonCall('kms', operation, input);
const logs = (operation: string, input?: unknown): Sent => jsonCall('logs', operation, input);
const iam = (action: string, parameters?: Record<string, string>): Sent => formCall('iam', action, parameters);
const sts = (action: string, parameters?: Record<string, string>): Sent => formCall('sts', action, parameters);

describe('size', () => {
  test('more than 1 MiB is refused before it is read, in the words of each protocol', () =>
    world.withoutChange(async () => {
      const long = 'x'.repeat(MIB);
      for (const sent of [iam('CreateUser', { UserName: long }), sts('GetCallerIdentity', { x: long })]) {
        const { status, code, headers } = await ask(sent);
        assert.deepEqual([status, code, headers['connection']], [413, 'RequestEntityTooLarge', 'close']);
      }
      const { status, code } = await ask(kms('CreateKey', { Description: long }));
      assert.deepEqual([status, code], [413, 'RequestEntityTooLargeException']);
    }));

  test('just under it the members are looked at', () =>
    refused(
      kms('CreateKey', { Description: 'x'.repeat(MIB - 100) }),
      'ValidationException',
      /Member must have length less than or equal to 8192$/,
    ));

  test('CloudWatch Logs takes 8 MiB, by the service in the scope', async () => {
    const events = (length: number): Sent =>
      logs('PutLogEvents', {
        logGroupName: 'none',
        logStreamName: 'none',
        logEvents: [{ timestamp: Date.now(), message: 'x'.repeat(length) }],
      });
    assert.notEqual((await ask(events(2 * MIB))).status, 413);
    const { status, code } = await ask(events(8 * MIB));
    assert.deepEqual([status, code], [413, 'RequestEntityTooLargeException']);
    const asKms = await ask(events(2 * MIB), 'kms');
    assert.equal(asKms.status, 413);
  });

  test('chunks without an end are cut off at the limit', async () => {
    const head = 'POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n';
    const chunk = `${MIB.toString(16)}\r\n${'x'.repeat(MIB)}\r\n`;
    const [reply] = await rawExchange(world.plane.aws, [`${head}${chunk}1\r\nx\r\n`]);
    assert.equal(reply?.status, 413);
  });
});

/** Writes the text, ends the connection's sending side, and resolves to everything that comes back. */
function exchange(text: string): Promise<string> {
  const { hostname, port } = new URL(world.plane.aws);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.end(text));
    socket.setEncoding('latin1').on('data', (part: string) => {
      received += part;
    });
    socket.on('error', reject).on('close', () => resolve(received));
  });
}

describe('framing', () => {
  const asText = async (sent: Sent, length: number): Promise<string> => {
    const { headers, body } = await signed(world.plane, sent, { keys: ADMIN, service: serviceOf(sent) });
    const lines = Object.entries({ ...headers, 'content-length': String(length) });
    return `POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
  };

  test('a body that ends too early is not acted on', () =>
    world.withoutChange(async () => {
      for (const sent of [kms('CreateKey'), iam('CreateUser', { UserName: 'cut' })]) {
        const received = await exchange(await asText(sent, sent.body.length + 5));
        assert.ok(!received.includes(' 200 '), received);
      }
    }));

  test('a body that is longer than it says is cut, and not acted on', () =>
    world.withoutChange(async () => {
      const received = await exchange(await asText(iam('CreateUser', { UserName: 'cut' }), 60));
      // Whichever is seen first: that the signature is of more, or that what follows is no request.
      assert.match(received, /^HTTP\/1\.1 40[03] /);
    }));

  test('a length that is none, or two of them', async () => {
    for (const lengths of [
      'content-length: x\r\n',
      'content-length: -1\r\n',
      'content-length: 1\r\ncontent-length: 2\r\n',
    ]) {
      const received = await exchange(`POST / HTTP/1.1\r\nhost: 127.0.0.1\r\n${lengths}\r\nab`);
      assert.match(received, /^HTTP\/1\.1 400 /, lengths);
    }
  });

  test('headers beyond all measure', async () => {
    const sent = await signed(world.plane, sts('GetCallerIdentity'), { keys: ADMIN, service: 'sts' });
    const { status } = await send(world.plane, { ...sent, headers: { ...sent.headers, 'x-long': 'x'.repeat(40_000) } });
    assert.equal(status, 431);
  });

  test('a host of another name is not served, whoever signed', async () => {
    for (const sent of [kms('CreateKey'), iam('CreateUser', { UserName: 'elsewhere' })]) {
      await world.withoutChange(async () => {
        const answer = await ask({ ...sent, headers: { ...sent.headers, host: 'kms.us-east-1.amazonaws.com' } });
        const isJson = serviceOf(sent) === 'kms';
        assert.equal(answer.code, isJson ? 'AccessDeniedException' : 'AccessDenied');
        assert.equal(answer.status, isJson ? 400 : 403);
        assert.match(answer.message, /^this host is not served here/);
      });
    }
  });
});

describe('what is addressed', () => {
  test('an operation that there is not, or that is not answered', async () => {
    await refused(kms('NoSuchOperation'), 'UnknownOperationException', '');
    await refused(kms('__proto__'), 'UnknownOperationException', '');
    await refused(kms('constructor'), 'UnknownOperationException', '');
    for (const target of ['CreateKey', 'Trent.CreateKey', 'TrentService.', '.CreateKey', 'trentservice.CreateKey']) {
      const { headers, ...sent } = kms('CreateKey');
      await refused(
        { ...sent, headers: { ...headers, 'x-amz-target': target } },
        'UnknownOperationException',
        '',
        'kms',
      );
    }
    await refused(kms('ConnectCustomKeyStore'), 'UnknownOperationException', /is not answered by this plane/);
    const words = (name: string, version: string) => `Could not find operation ${name} for version ${version}`;
    await refused(iam('NoSuchAction'), 'InvalidAction', words('NoSuchAction', '2010-05-08'));
    await refused(iam('__proto__'), 'InvalidAction', words('__proto__', '2010-05-08'));
    await refused(
      iam('ListUsers', { Version: '1999-01-01' }),
      'InvalidAction',
      words('ListUsers', '1999-01-01'),
      'iam',
    );
    await refused(
      iam('ListUsers', { Version: '' }),
      'InvalidAction',
      words('ListUsers', 'NO_VERSION_SPECIFIED'),
      'iam',
    );
    await refused(iam(''), 'MissingAction', 'Missing Action');
  });

  test('another method or path', () =>
    world.withoutChange(async () => {
      for (const [sent, code] of [
        [kms('CreateKey'), 'UnknownOperationException'],
        [iam('CreateUser', { UserName: 'elsewhere' }), 'InvalidAction'],
      ] as const) {
        for (const change of [{ method: 'PUT' }, { method: 'DELETE' }, { path: '/other' }, { path: '//' }]) {
          const answer = await ask({ ...sent, ...change });
          assert.deepEqual([answer.code, answer.status], [code, 400], JSON.stringify(change));
        }
      }
      assert.equal((await ask({ ...kms('CreateKey'), method: 'GET' })).code, 'UnknownOperationException');
    }));

  test('the form may stand in the query of a GET', async () => {
    const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
    const { status, text } = await ask({ method: 'GET', path: '/', query, headers: {}, body: '' }, 'sts');
    assert.equal(status, 200);
    assert.ok(text.includes(`<Account>${MAIN}</Account>`), text);
  });
});

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

describe('a form', () => {
  test('of values of wrong types', async () => {
    const wrong: [action: string, parameters: Record<string, string>, message: string][] = [
      ['ListUsers', { MaxItems: 'five' }, 'STRING_VALUE can not be converted to an Integer'],
      ['ListUsers', { MaxItems: '' }, 'STRING_VALUE can not be converted to an Integer'],
      ['ListUsers', { MaxItems: '1.5' }, '1.5 can not be converted to an Integer'],
      ['ListUsers', { MaxItems: '1e999' }, 'Infinity can not be converted to an Integer'],
      ['ListUsers', { 'MaxItems.x': '5' }, 'Start of structure or map found where not expected.'],
      ['ListPolicies', { OnlyAttached: 'maybe' }, 'STRING_VALUE can not be converted to a Boolean'],
      ['CreateUser', { UserName: 'u', Tags: 'text' }, 'Unexpected list element termination'],
      ['CreateUser', { UserName: 'u', 'Tags.member.1': 'text' }, 'Unexpected complex element termination'],
      ['CreateUser', { UserName: 'u', 'Tags.member.x.Key': 'k' }, '`x` is not the number of an item'],
      ['CreateUser', { UserName: 'u', 'Tags.member.9999999999.Key': 'k' }, '`9999999999` is not the number of an item'],
      ['CreateUser', { UserName: 'u', 'Tags.member.-1.Key': 'k' }, '`-1` is not the number of an item'],
      ['CreateUser', { UserName: 'u', 'Tags.member.__proto__.Key': 'k' }, '`__proto__` is not the number of an item'],
    ];
    for (const [action, parameters, message] of wrong)
      await refused(iam(action, parameters), 'MalformedInput', message);
    await refused(
      sts('GetSessionToken', { DurationSeconds: '900.5' }),
      'MalformedInput',
      '900.5 can not be converted to an Integer',
    );
  });

  test('with hostile names costs nothing and sets nothing', async () => {
    const far = iam('CreateUser', { UserName: 'u', 'Tags.member.999999999.Key': 'k' });
    await refused(
      far,
      'ValidationError',
      /at 'tags\.1\.member\.value' failed to satisfy constraint: Member must not be null$/,
    );
    const { status } = await ask(
      iam('ListUsers', { ['__proto__']: 'x', '__proto__.MaxItems': '1', 'constructor.prototype.a': 'b', '....': 'x' }),
    );
    assert.equal(status, 200);
    const deep = iam('ListUsers', { [`a${'.a'.repeat(70)}`]: 'x' });
    const answer = await ask(deep);
    assert.deepEqual([answer.code, answer.status], ['MalformedQueryString', 404]);
    const many = { ...iam('ListUsers'), body: `${iam('ListUsers').body}${'&a=b'.repeat(10_001)}` };
    assert.equal((await ask(many, 'iam')).code, 'MalformedQueryString');
  });

  test('with escapes that stand for nothing', async () => {
    for (const bad of ['%', '%zz', '%ff', '%ed%a0%80']) {
      const sent = iam('CreateUser');
      const answer = await ask({ ...sent, body: `${sent.body}&UserName=${bad}` });
      assert.deepEqual([answer.code, answer.status], ['MalformedQueryString', 404], bad);
    }
  });

  test('that is compressed, empty, or of another type', async () => {
    const { body, ...sent } = iam('CreateUser', { UserName: 'zipped' });
    await refused({ ...sent, body: gzipSync(body) }, 'MissingAction', 'Missing Action', 'iam').catch(async () => {
      assert.equal((await ask({ ...sent, body: gzipSync(body) }, 'iam')).code, 'MalformedQueryString');
    });
    await refused({ ...sent, body: '' }, 'MissingAction', 'Missing Action', 'iam');
    const plain = { ...sent, body, headers: { 'content-type': 'application/json' } };
    assert.equal((await ask(plain, 'iam')).status, 200);
  });

  test('that misses parameters or breaks constraints says which', async () => {
    const broken: [action: string, parameters: Record<string, string>, message: RegExp][] = [
      ['CreateUser', {}, /^1 validation error detected: Value null at 'userName' .*: Member must not be null$/],
      ['CreateUser', { UserName: '' }, /at 'userName' .*: Member must have length greater than or equal to 1/],
      [
        'CreateUser',
        { UserName: 'x'.repeat(65) },
        /at 'userName' .*: Member must have length less than or equal to 64$/,
      ],
      [
        'CreateUser',
        { UserName: 'a b' },
        /Value 'a b' at 'userName' .*: Member must satisfy regular expression pattern: /,
      ],
      ['ListUsers', { MaxItems: '0' }, /Value '0' at 'maxItems' .* value greater than or equal to 1$/],
      ['ListUsers', { MaxItems: '1001' }, /Value '1001' at 'maxItems' .* value less than or equal to 1000$/],
      ['ListPolicies', { Scope: 'some' }, /Value 'some' at 'scope' .*: Member must satisfy enum value set: \[/],
    ];
    for (const [action, parameters, message] of broken)
      await refused(iam(action, parameters), 'ValidationError', message);
    await refused(sts('AssumeRole'), 'ValidationError', /^2 validation errors detected: Value null at 'roleArn' .*; /);
  });
});
