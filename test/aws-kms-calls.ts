/** Each operation on keys, once or more, in an order in which all of them work. */
import { type MaterialMade, materialCalls, noMaterialMade } from './aws-kms-material-calls.ts';
import { userArn } from './aws-kms-world.ts';

/** What calls leave for those after them. */
export interface Made extends MaterialMade {
  /** ARNs. */
  key: string;
  other: string;
  blob: Uint8Array;
  grant: string;
  token: string;
}

export type Output = Readonly<Record<string, unknown>>;

export interface CallOf {
  readonly operation: string;
  /** What is asked, where it is not the operation's name. */
  readonly actions?: readonly string[];
  input(made: Made): Readonly<Record<string, unknown>>;
  keep?(output: Output, made: Made): void;
}

const arnOf = ({ KeyMetadata }: Output): string => (KeyMetadata as { Arn: string }).Arn;
const TEXT = Buffer.from('a text for every client');
const CONTEXT = { team: 'red', stage: 'test' };
const AliasName = 'alias/of/all';

/** The calls in an account that has a user `nobody`. */
export function callsIn(account: string): readonly CallOf[] {
  const nobody = userArn(account, 'nobody');
  const root = { AWS: `arn:aws:iam::${account}:root` };
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: root, Action: 'kms:*', Resource: '*' },
  });
  const of = (more: object = {}) => ({ input: ({ key: KeyId }: Made) => ({ KeyId, ...more }) });
  const grant = {
    ...of({
      GranteePrincipal: nobody,
      RetiringPrincipal: nobody,
      Operations: ['Decrypt', 'Encrypt'],
      Name: 'of-all',
      Constraints: { EncryptionContextSubset: CONTEXT },
    }),
    keep: (output: Output, made: Made) => {
      made.grant = output['GrantId'] as string;
      made.token = output['GrantToken'] as string;
    },
  };
  return [
    {
      operation: 'CreateKey',
      input: () => ({ Description: 'one', Tags: [{ TagKey: 'stage', TagValue: 'test' }], Policy }),
      keep: (output, made) => {
        made.key = arnOf(output);
      },
    },
    {
      operation: 'CreateKey',
      input: () => ({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT', MultiRegion: true }),
      keep: (output, made) => {
        made.other = arnOf(output);
      },
    },
    { operation: 'DescribeKey', ...of() },
    { operation: 'DescribeKey', input: ({ other }) => ({ KeyId: other }) },
    { operation: 'ListKeys', input: () => ({ Limit: 10 }) },
    { operation: 'UpdateKeyDescription', ...of({ Description: 'still one' }) },
    { operation: 'TagResource', ...of({ Tags: [{ TagKey: 'team', TagValue: 'red' }] }) },
    { operation: 'ListResourceTags', ...of() },
    { operation: 'UntagResource', ...of({ TagKeys: ['stage'] }) },
    { operation: 'GetKeyPolicy', ...of() },
    { operation: 'PutKeyPolicy', ...of({ Policy, PolicyName: 'default' }) },
    { operation: 'ListKeyPolicies', ...of() },
    { operation: 'CreateAlias', input: ({ key }) => ({ AliasName, TargetKeyId: key }) },
    { operation: 'UpdateAlias', input: ({ key }) => ({ AliasName, TargetKeyId: key }) },
    { operation: 'ListAliases', input: () => ({}) },
    {
      operation: 'Encrypt',
      input: () => ({ KeyId: AliasName, Plaintext: TEXT, EncryptionContext: CONTEXT }),
      keep: (output, made) => {
        made.blob = output['CiphertextBlob'] as Uint8Array;
      },
    },
    { operation: 'Decrypt', input: ({ blob }) => ({ CiphertextBlob: blob, EncryptionContext: CONTEXT }) },
    {
      operation: 'ReEncrypt',
      actions: ['ReEncryptFrom', 'ReEncryptTo'],
      input: ({ blob, other }) => ({
        CiphertextBlob: blob,
        SourceEncryptionContext: CONTEXT,
        DestinationKeyId: other,
        DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      }),
    },
    { operation: 'GenerateDataKey', ...of({ KeySpec: 'AES_256' }) },
    { operation: 'GenerateDataKeyWithoutPlaintext', ...of({ NumberOfBytes: 24, EncryptionContext: CONTEXT }) },
    { operation: 'GenerateRandom', input: () => ({ NumberOfBytes: 7 }) },
    { operation: 'CreateGrant', ...grant },
    { operation: 'ListGrants', ...of() },
    { operation: 'ListRetirableGrants', input: () => ({ RetiringPrincipal: nobody }) },
    { operation: 'RetireGrant', input: ({ token }) => ({ GrantToken: token }) },
    { operation: 'CreateGrant', ...grant },
    { operation: 'RevokeGrant', input: ({ key, grant: GrantId }) => ({ KeyId: key, GrantId }) },
    { operation: 'DisableKey', ...of() },
    { operation: 'EnableKey', ...of() },
    { operation: 'DeleteAlias', input: () => ({ AliasName }) },
    { operation: 'ScheduleKeyDeletion', ...of({ PendingWindowInDays: 7 }) },
    { operation: 'CancelKeyDeletion', ...of() },
    ...materialCalls,
  ];
}

export const nothingMade = (): Made => ({
  ...noMaterialMade(),
  key: '',
  other: '',
  blob: Buffer.alloc(0),
  grant: '',
  token: '',
});

/** An output with what differs from run to run replaced by what it is. */
export function normal(value: unknown, account: string): unknown {
  if (value instanceof Date) return 'a date';
  if (value instanceof Uint8Array) {
    if (Buffer.compare(value, TEXT) === 0) return 'the text';
    // Import tokens hold a private key of RSA, whose numbers may be a byte shorter.
    return value.length > 1000 ? 'many bytes' : `${value.length} bytes`;
  }
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/.test(value)) return 'a date';
    if (/^[A-Za-z0-9+/=]{200,}$/.test(value)) return 'a token';
    return value
      .replaceAll(account, 'ACCOUNT')
      .replace(/[0-9a-f]{64}/, 'a long id')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|mrk-[0-9a-f]{32}/, 'an id');
  }
  if (Array.isArray(value)) return value.map((item) => normal(item, account));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(members.map(([name, item]) => [name, normal(item, account)]));
}
