/** Metadata of an identity provider for tests, with a certificate that is nobody's. */

/** DER as base64, self-signed by `CN=idp.example`. */
export const CERTIFICATE =
  'MIIDDzCCAfegAwIBAgIUeXS6ADqVNzqKoeDLrrbg2H/6D8IwDQYJKoZIhvcNAQELBQAwFjEUMBIGA1UEAwwLaWRwLmV4YW1wbGUw' +
  'IBcNMjYxMTIyMTA1OTEyWhgPMjEyNjEwMjkxMDU5MTJaMBYxFDASBgNVBAMMC2lkcC5leGFtcGxlMIIBIjANBgkqhkiG9w0BAQEF' +
  'AAOCAQ8AMIIBCgKCAQEAsX9I1OU7ts6HwpntdchwRxkqqLh5gcTfrhlRgdOfdNQ1vfEe5etXfDeFIJtoOQj4MTqewL/1FAehWwHA' +
  'HCiV9lOfUeeoy5qDCowJU9tt86dcOCzYfMFJlJ+eVgovNiVAA9ySX4qAE391pjgRWCVWRCyZHzh/HhUKrrjWVdiEQBCpJSdMNdKJ' +
  'm3469VTengCp7kYJReMu2WpnVF27Q5l7JoN+DfQQEG1Quzk2N3DrjQ4w1rnOvfUeZWCqphg62MuW8wuKIFCw78MU9IApg+Zx21/P' +
  'G016xDC+y2G3bQn6ekSgNt54wsGfhcw1RN3OgWwrpFq0MFSHl/Vm2bKxCBaTmwIDAQABo1MwUTAdBgNVHQ4EFgQUFn9o6Qn6tc97' +
  '3KVCE8Wt25Q+RHEwHwYDVR0jBBgwFoAUFn9o6Qn6tc973KVCE8Wt25Q+RHEwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsF' +
  'AAOCAQEAkfMAtZoQlTF+QXcm0E7wZvATgEK6MO+nWilSn1jo+pES6d/IHaw71FyErkwTs7s9QLanYq7I8ZVe3kEO5QvVnEeNLF9a' +
  '7FZ9AwISzVJOTbZDPa0LYWnMXYAq+3ZJdvYj0Q8mXG5CiqLl6xvElPeZezJUp3NfOVS3kinjOOdQuTUnRnVMUmtzHFMITYTYYtP/' +
  'eCyeh4G7nFj4SpCN8dBkpMOcZDvdc1IUgp4H3xCdR0eKx0/uT/bh7KT9kB+KXArt1d55qC0uclDtHHqB86tCY7g3ja9x4DT9nqGC' +
  'THlhpbFSAUZy0+fSKt2yer0nD3n4ptjl1qmrVdfwaLfnP0bXew==';

/** What the parts of a metadata document say where they are not as they should be. */
export interface MetadataParts {
  readonly before?: string;
  readonly entityId?: string;
  readonly attributes?: string;
  readonly role?: string;
  readonly certificate?: string;
}

export function samlMetadata(parts: MetadataParts = {}): string {
  const { before = '', entityId = 'https://idp.example/saml', attributes = '', role = 'IDPSSODescriptor' } = parts;
  return `<?xml version="1.0" encoding="UTF-8"?>
${before}<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"${attributes}>
  <md:${role} protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
        <ds:X509Data><ds:X509Certificate>${parts.certificate ?? CERTIFICATE}</ds:X509Certificate></ds:X509Data>
      </ds:KeyInfo>
    </md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/>
  </md:${role}>
</md:EntityDescriptor>`;
}
