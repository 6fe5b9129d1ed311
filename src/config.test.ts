import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadConfig, readConfig } from './config.ts';

test('flags win over the environment, the environment over defaults', () => {
  const environment = { EASEMENT_IBM_PORT: '1', EASEMENT_CONSOLE_PORT: '2' };
  const config = readConfig(['--ibm-port', '3'], environment);
  assert.equal(config.ibmPort, 3);
  assert.equal(config.consolePort, 2);
  assert.equal(config.host, '127.0.0.1');
  assert.equal(readConfig([], {}).ibmPort, 4601);
});

test('the root key is kept outside the home', () => {
  const config = readConfig(['--home', '/data/plane'], {});
  assert.equal(config.rootKeyFile, '/data/plane.root-key');
});

test('what cannot be used is refused by name', () => {
  assert.throws(() => readConfig(['--ibm-port', 'http'], {}), { name: 'BadConfig', message: /--ibm-port http/ });
  assert.throws(() => readConfig(['--ibm-port', '70000'], {}), BadConfig);
  assert.throws(() => readConfig(['--prot', '1'], {}), /--prot/);
  assert.throws(() => readConfig([], { EASEMENT_ROOT_KEY: 'c2hvcnQ=' }), /32 bytes/);
});

test('what can be said several times is: by flags, or with commas in a variable', () => {
  assert.deepEqual(readConfig(['--allow-host', 'a', '--allow-host', 'b'], { EASEMENT_ALLOW_HOST: 'c' }).allowedHosts, [
    'a',
    'b',
  ]);
  assert.deepEqual(readConfig([], { EASEMENT_TRUSTED_PROXY: '10.0.0.1,,10.0.0.2' }).trustedProxies, [
    '10.0.0.1',
    '10.0.0.2',
  ]);
});
