/**
 * AWS KMS: what can be asked of keys, of aliases, and of an account as a whole.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
import { awsActions, resource } from '../../../access.ts';
import { arnOf } from '../../../policy/names.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { type AccountDocument, accounts } from '../../accounts/access.ts';
import {
  type AliasDocument,
  aliasRef,
  allKeysRef,
  documentIdOf,
  KMS,
  type KmsKeyDocument,
  keyRef,
  kmsAliases,
  kmsKeys,
} from './documents.ts';

/** KMS where it acts for a key. */
export const PRINCIPAL = 'kms.amazonaws.com';

/** Context keys of a key itself. https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function keyContext(key: Readonly<KmsKeyDocument>): Readonly<Record<string, string>> {
  const context: Record<string, string> = {
    'kms:keyspec': key.spec,
    'kms:keyusage': key.usage,
    'kms:keyorigin': key.origin,
    'kms:multiregion': String(key.primaryRegion !== undefined),
  };
  if (key.primaryRegion !== undefined) {
    context['kms:multiregionkeytype'] = key.primaryRegion === key.region ? 'PRIMARY' : 'REPLICA';
  }
  for (const [name, value] of Object.entries(key.tags)) context[`aws:resourcetag/${name.toLowerCase()}`] = value;
  return context;
}

export const KmsKey = resource<KmsKeyDocument>()(
  'kms-key',
  {
    collection: kmsKeys,
    documentId: documentIdOf,
    refOf: ({ account, value }) => keyRef(account, value.region, value.id),
    attributes: (_ref, value) => (value ? keyContext(value) : {}),
    lists: ({ aliases }) => (aliases.length === 0 ? {} : { 'kms:resourcealiases': aliases }),
    /** Whoever makes a key does not know its id: policies are asked about `*`. */
    askedNew: ({ account, location }) => allKeysRef(account, location),
    absent: (ref) => awsFault('NotFoundException', `Key '${arnOf(ref)}' does not exist`),
    taken: (ref) => awsFault('AlreadyExistsException', `${arnOf(ref)} already exists.`),
    actsAs: [PRINCIPAL],
  },
  {
    ...awsActions(KMS, 'use', [
      'Encrypt',
      'Decrypt',
      'ReEncryptFrom',
      'ReEncryptTo',
      'GenerateDataKey',
      'GenerateDataKeyWithoutPlaintext',
      'GenerateDataKeyPair',
      'GenerateDataKeyPairWithoutPlaintext',
      'Sign',
      'Verify',
      'GenerateMac',
      'VerifyMac',
      'DeriveSharedSecret',
    ]),
    ...awsActions(KMS, 'write', [
      'CreateKey',
      'EnableKey',
      'DisableKey',
      'ScheduleKeyDeletion',
      'CancelKeyDeletion',
      'UpdateKeyDescription',
      'PutKeyPolicy',
      'CreateAlias',
      'UpdateAlias',
      'DeleteAlias',
      'CreateGrant',
      'RetireGrant',
      'RevokeGrant',
      'TagResource',
      'UntagResource',
      'EnableKeyRotation',
      'DisableKeyRotation',
      'RotateKeyOnDemand',
      'ImportKeyMaterial',
      'DeleteImportedKeyMaterial',
      'ReplicateKey',
      'UpdatePrimaryRegion',
    ]),
    ...awsActions(KMS, 'read', [
      'DescribeKey',
      'GetKeyPolicy',
      'GetKeyRotationStatus',
      'GetParametersForImport',
      'GetPublicKey',
    ]),
    ...awsActions(KMS, 'list', ['ListGrants', 'ListKeyPolicies', 'ListKeyRotations', 'ListResourceTags']),
    /** What time does to keys, and a primary key to its replicas: the service alone can ask for it. */
    erase: { nature: 'write', standing: ['service'] },
    rotateOnSchedule: { nature: 'write', standing: ['service'] },
    expireMaterial: { nature: 'write', standing: ['service'] },
    synchronize: { nature: 'write', standing: ['service'] },
  },
);

/** Changing an alias is asked of the alias and of the keys concerned. */
export const KmsAlias = resource<AliasDocument>()(
  'kms-alias',
  {
    collection: kmsAliases,
    documentId: documentIdOf,
    refOf: ({ account, value }) => aliasRef(account, value.region, value.name),
    absent: (ref) => awsFault('NotFoundException', `Alias ${arnOf(ref)} is not found.`),
    taken: (ref) => awsFault('AlreadyExistsException', `An alias with the name ${arnOf(ref)} already exists`),
  },
  {
    ...awsActions(KMS, 'write', ['CreateAlias', 'UpdateAlias', 'DeleteAlias']),
    erase: { nature: 'write', standing: ['service'] },
  },
);

/** The account's keys as a whole: `*`. */
export const KmsAccount = resource<AccountDocument>()(
  'kms-account',
  {
    collection: accounts,
    documentId: (ref) => ref.account,
    refOf: ({ account }) => allKeysRef(account, ''),
    wide: true,
  },
  {
    ...awsActions(KMS, 'list', ['ListKeys', 'ListAliases', 'ListRetirableGrants']),
    ...awsActions(KMS, 'read', ['GenerateRandom']),
  },
);
