/** Forms that are wrong: the errors of STS and IAM. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { asking, iam, sts } from './aws-bad-asking.ts';
import { type BadWorld, startBadWorld } from './aws-bad-world.ts';

let world: BadWorld;
before(async () => {
  world = await startBadWorld();
});
after(() => world.stop());

const { ask, refused } = asking(() => world);

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

  test('that is compressed or empty', async () => {
    const { body, ...sent } = iam('CreateUser', { UserName: 'zipped' });
    await refused({ ...sent, body: '' }, 'MissingAction', 'Missing Action', 'iam');
    const zipped = { ...sent, headers: { ...sent.headers, 'content-encoding': 'gzip' }, body: gzipSync(body) };
    await world.withoutChange(async () => {
      // What the bytes hold is chance: an escape that is none, or no action.
      assert.match((await ask(zipped, 'iam')).code, /^(MalformedQueryString|MissingAction)$/);
    });
  });

  test('is taken for what it is, whatever type it is said to be of', async () => {
    for (const type of ['application/json', 'text/plain', '']) {
      const { status } = await ask({ ...iam('ListUsers'), headers: { 'content-type': type } }, 'iam');
      assert.equal(status, 200, type);
    }
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
