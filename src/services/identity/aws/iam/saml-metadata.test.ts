import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CERTIFICATE, samlMetadata } from '../../../../../test/saml-metadata.ts';
import { Fault } from '../../../../faults.ts';
import { readSamlMetadata } from './saml-metadata.ts';

test('metadata tell who issues, what he signs with and until when', () => {
  const spaced = CERTIFICATE.replace(/(.{64})/g, '$1\n');
  const text = samlMetadata({ attributes: ' validUntil="2030-01-02T03:04:05Z"', certificate: spaced });
  assert.deepEqual(readSamlMetadata(text), {
    entityId: 'https://idp.example/saml',
    certificates: [CERTIFICATE],
    validUntil: Date.UTC(2030, 0, 2, 3, 4, 5),
  });
  assert.equal(readSamlMetadata(samlMetadata()).validUntil, undefined);
});

const good = samlMetadata();
const refused: readonly (readonly [string, string])[] = [
  ['no XML', 'metadata'],
  ['an element that does not end', good.replace('</md:EntityDescriptor>', '')],
  ['a document type', samlMetadata({ before: '<!DOCTYPE a [<!ENTITY e "x">]>\n' })],
  ['an entity of its own', samlMetadata({ entityId: '&e;' })],
  ['another root', good.replaceAll('EntityDescriptor', 'EntitiesDescriptor')],
  ['another namespace', good.replace('SAML:2.0:metadata', 'SAML:1.0:metadata')],
  ['no issuer', samlMetadata({ entityId: '' })],
  ['a service provider alone', samlMetadata({ role: 'SPSSODescriptor' })],
  ['a key for encryption alone', good.replace('use="signing"', 'use="encryption"')],
  ['what is no certificate', samlMetadata({ certificate: 'AAAA' })],
  ['no certificate', good.replaceAll('X509Certificate', 'X509SubjectName')],
  ['an end that is no time', samlMetadata({ attributes: ' validUntil="soon"' })],
];
for (const [what, text] of refused) {
  test(`metadata with ${what} are refused`, () => {
    assert.throws(
      () => readSamlMetadata(text),
      (error) =>
        error instanceof Fault && error.reason === 'InvalidInput' && error.message === 'Could not parse metadata',
    );
  });
}
