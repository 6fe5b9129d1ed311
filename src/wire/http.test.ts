import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsOf, isForUs } from './http.ts';

const asked = (host: string, origin?: string) => ({ headers: origin === undefined ? { host } : { host, origin } });

test('a listener on loopback is called by loopback names alone', () => {
  const hosts = hostsOf('127.0.0.1');
  for (const host of ['127.0.0.1:4601', 'localhost:4601', 'LOCALHOST', '[::1]:4601']) {
    assert.equal(isForUs(asked(host), hosts), true, host);
  }
  for (const host of ['', 'rebound.example:4601', '192.168.1.5:4601', 'localhost.evil.example']) {
    assert.equal(isForUs(asked(host), hosts), false, host);
  }
});

test('a page of another site cannot call it, whatever its name', () => {
  const hosts = hostsOf('127.0.0.1');
  assert.equal(isForUs(asked('127.0.0.1:4601', 'http://localhost:4600'), hosts), true);
  for (const origin of ['https://evil.example', 'null', 'http://192.168.1.5']) {
    assert.equal(isForUs(asked('127.0.0.1:4601', origin), hosts), false, origin);
  }
});

test('one that others reach takes addresses, and the names that it was told', () => {
  const hosts = hostsOf('0.0.0.0', ['Easement.internal']);
  for (const host of ['192.168.1.5:4601', '[fd00::1]:4601', 'easement.internal:4601', 'localhost']) {
    assert.equal(isForUs(asked(host), hosts), true, host);
  }
  assert.equal(isForUs(asked('rebound.example:4601'), hosts), false);
  assert.equal(isForUs(asked('192.168.1.5:4601', 'http://192.168.1.5:4600'), hosts), true);
  assert.equal(isForUs(asked('192.168.1.5:4601', 'http://192.168.1.6'), hosts), false, 'an address is no site of ours');
});
