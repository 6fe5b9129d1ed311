/** Which addresses may be dialled: the internet's alone, and what the operator has named. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSpecial, mayDial, placeOf, readAllowed } from './reach.ts';

const reach = (...names: string[]) => ({ allowed: readAllowed(names), ownPorts: new Set([4602]) });

test('addresses that are not the internet’s', () => {
  for (const address of [
    ...['127.0.0.1', '127.255.255.255', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1', '198.18.0.1'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::7f00:1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1'],
    ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', 'not an address'],
  ]) {
    assert.equal(isSpecial(address), true, address);
  }
});

test('addresses of the internet', () => {
  for (const address of ['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '11.0.0.1', '2606:4700::1111', '2a00::1']) {
    assert.equal(isSpecial(address), false, address);
    assert.equal(mayDial(reach(), { host: 'idp.example', port: 443 }, address), true, address);
  }
});

test('what is named may be dialled, and nothing else', () => {
  const local = { host: 'idp.example', port: 443 };
  assert.equal(mayDial(reach(), local, '127.0.0.1'), false);
  assert.equal(mayDial(reach('idp.example'), local, '127.0.0.1'), true);
  assert.equal(mayDial(reach('IDP.example'), local, '127.0.0.1'), true);
  assert.equal(mayDial(reach('idp.example:443'), local, '127.0.0.1'), true);
  assert.equal(mayDial(reach('idp.example:8443'), local, '127.0.0.1'), false);
  assert.equal(mayDial(reach('other.example'), local, '127.0.0.1'), false);
  assert.equal(mayDial(reach('[::1]:443'), { host: '::1', port: 443 }, '::1'), true);
});

test('a name may be said to be elsewhere', () => {
  const allowed = reach('idp.example=127.0.0.1:8443', 'six.example=[::1]:9443', 'plain.example');
  assert.deepEqual(placeOf(allowed, { host: 'idp.example', port: 443 }), { host: '127.0.0.1', port: 8443 });
  assert.deepEqual(placeOf(allowed, { host: 'six.example', port: 443 }), { host: '::1', port: 9443 });
  assert.deepEqual(placeOf(allowed, { host: 'plain.example', port: 443 }), { host: 'plain.example', port: 443 });
});
