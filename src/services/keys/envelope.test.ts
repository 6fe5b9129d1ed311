import assert from 'node:assert/strict';
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { openEnvelope, readEnvelope, sealEnvelope } from './envelope.ts';

const HANDLE = 'f3b0c7a8-1f2e-4d3c-8b9a-0a1b2c3d4e5f';
const OTHER = 'a3b0c7a8-1f2e-4d3c-8b9a-0a1b2c3d4e5f';
const PLAIN = Buffer.from('a data key');

const newMaterial = (bytes: number): KeyObject => createSecretKey(randomBytes(bytes));

function opened(material: KeyObject, text: string, aad: readonly string[]): string | undefined {
  const envelope = readEnvelope(text);
  assert.ok(envelope);
  return openEnvelope(material, envelope, aad)?.toString();
}

/** The same envelope with parts of its document replaced. */
function altered(text: string, change: (document: Record<string, string>) => Record<string, string>): string {
  const document = JSON.parse(Buffer.from(text, 'base64').toString());
  return Buffer.from(JSON.stringify(change(document))).toString('base64');
}

test('what is wrapped unwraps again, under material of every size that a root key may have', () => {
  for (const size of [16, 24, 32]) {
    const material = newMaterial(size);
    const text = sealEnvelope(material, HANDLE, PLAIN, ['volume', 'b']);
    assert.equal(opened(material, text, ['volume', 'b']), 'a data key');
    assert.equal(readEnvelope(text)?.handle, HANDLE);
  }
});

test('the document is the vendor’s: ciphertext, iv, version 4.0.0, handle', () => {
  const text = sealEnvelope(newMaterial(32), HANDLE, PLAIN, []);
  const document = JSON.parse(Buffer.from(text, 'base64').toString());
  assert.deepEqual(Object.keys(document), ['ciphertext', 'iv', 'version', 'handle']);
  assert.equal(document.version, '4.0.0');
  assert.ok(!text.includes(PLAIN.toString('base64')));
});

test('no two ciphertexts of one plaintext are alike', () => {
  const material = newMaterial(32);
  assert.notEqual(sealEnvelope(material, HANDLE, PLAIN, []), sealEnvelope(material, HANDLE, PLAIN, []));
});

test('other additional data, other material, another version or an altered ciphertext do not unwrap', () => {
  const material = newMaterial(32);
  const text = sealEnvelope(material, HANDLE, PLAIN, ['a', 'b']);
  for (const aad of [[], ['a'], ['ab'], ['b', 'a'], ['a', 'b', '']]) {
    assert.equal(opened(material, text, aad), undefined, JSON.stringify(aad));
  }
  assert.equal(opened(newMaterial(32), text, ['a', 'b']), undefined);
  assert.equal(opened(newMaterial(16), text, ['a', 'b']), undefined);
  const moved = altered(text, (document) => ({ ...document, handle: OTHER }));
  assert.equal(opened(material, moved, ['a', 'b']), undefined);
  const bytes = Buffer.from(JSON.parse(Buffer.from(text, 'base64').toString()).ciphertext, 'base64');
  for (let at = 0; at < bytes.length; at += 1) {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1;
    const broken = altered(text, (document) => ({ ...document, ciphertext: flipped.toString('base64') }));
    assert.equal(opened(material, broken, ['a', 'b']), undefined, `byte ${at}`);
  }
});

test('what was not made here is not read', () => {
  const text = sealEnvelope(newMaterial(32), HANDLE, PLAIN, []);
  const notOurs = [
    '',
    'x',
    Buffer.from('plain').toString('base64'),
    Buffer.from('null').toString('base64'),
    Buffer.from('[]').toString('base64'),
    altered(text, ({ handle: _handle, ...rest }) => rest),
    altered(text, (document) => ({ ...document, version: '3.0.0' })),
    altered(text, (document) => ({ ...document, iv: 'AAAA' })),
    altered(text, (document) => ({ ...document, ciphertext: 'AAAA' })),
    altered(text, (document) => ({ ...document, handle: '../../other' })),
  ];
  for (const foreign of notOurs) assert.equal(readEnvelope(foreign), undefined, foreign);
});
