/** Sizes, framing, hosts, methods, paths and operations that are wrong: the error in the protocol of each service. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { asking, iam, kms, logs, serviceOf, sts } from './aws-bad-asking.ts';
import { ADMIN, type BadWorld, MAIN, startBadWorld } from './aws-bad-world.ts';
import { type Sent, send, signed } from './aws-raw.ts';
import { rawExchange } from './golden/raw.ts';

let world: BadWorld;
before(async () => {
  world = await startBadWorld();
});
after(() => world.stop());

const { ask, refused } = asking(() => world);

const MIB = 1024 * 1024;

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
