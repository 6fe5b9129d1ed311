/** AWS KMS: what it answers. https://docs.aws.amazon.com/kms/latest/APIReference/ */
import type * as Kms from '@aws-sdk/client-kms';
import { awsFace } from '../../wire/aws/face.ts';
import { agreeOnSecret } from './aws/agree.ts';
import { createKmsAlias, deleteKmsAlias, listKmsAliases, updateKmsAlias } from './aws/aliases.ts';
import { createKmsKey } from './aws/create.ts';
import { makeDataKeyPair, makeDataKeyPairWithoutPlaintext } from './aws/data-key-pairs.ts';
import { makeDataKey, makeDataKeyWithoutPlaintext, makeRandom } from './aws/data-keys.ts';
import { cancelKmsKeyDeletion, scheduleKmsKeyDeletion } from './aws/deletion.ts';
import { describeKmsKey, listKmsKeys } from './aws/describe.ts';
import { decryptData, encryptData } from './aws/encrypt.ts';
import { listKmsGrants, listRetirableKmsGrants } from './aws/grant-lists.ts';
import { createKmsGrant, retireKmsGrant, revokeKmsGrant } from './aws/grants.ts';
import { getParametersForImport, importKeyMaterial } from './aws/import.ts';
import {
  disableKmsKey,
  enableKmsKey,
  listKmsTags,
  tagKmsKey,
  untagKmsKey,
  updateKmsKeyDescription,
} from './aws/lifecycle.ts';
import { makeMac, verifyMac } from './aws/mac.ts';
import { getKmsKeyPolicy, listKmsKeyPolicies, putKmsKeyPolicy } from './aws/policies.ts';
import { reEncryptData } from './aws/reencrypt.ts';
import { replicateKey, updatePrimaryRegion } from './aws/replicate.ts';
import { disableKeyRotation, enableKeyRotation, getKeyRotationStatus, rotateKeyOnDemand } from './aws/rotation.ts';
import { listKeyRotations } from './aws/rotation-list.ts';
import { getPublicKey, signMessage, verifySignature } from './aws/sign.ts';
import { deleteImportedKeyMaterial } from './aws/unimport.ts';

export const kmsFace = awsFace<typeof Kms>({
  service: 'kms',
  client: '@aws-sdk/client-kms',
  operations: {
    CreateKey: createKmsKey,
    DescribeKey: describeKmsKey,
    ListKeys: listKmsKeys,
    EnableKey: enableKmsKey,
    DisableKey: disableKmsKey,
    UpdateKeyDescription: updateKmsKeyDescription,
    ScheduleKeyDeletion: scheduleKmsKeyDeletion,
    CancelKeyDeletion: cancelKmsKeyDeletion,
    TagResource: tagKmsKey,
    UntagResource: untagKmsKey,
    ListResourceTags: listKmsTags,
    GetKeyPolicy: getKmsKeyPolicy,
    PutKeyPolicy: putKmsKeyPolicy,
    ListKeyPolicies: listKmsKeyPolicies,
    CreateAlias: createKmsAlias,
    UpdateAlias: updateKmsAlias,
    DeleteAlias: deleteKmsAlias,
    ListAliases: listKmsAliases,
    CreateGrant: createKmsGrant,
    ListGrants: listKmsGrants,
    ListRetirableGrants: listRetirableKmsGrants,
    RetireGrant: retireKmsGrant,
    RevokeGrant: revokeKmsGrant,
    Encrypt: encryptData,
    Decrypt: decryptData,
    ReEncrypt: reEncryptData,
    GenerateDataKey: makeDataKey,
    GenerateDataKeyWithoutPlaintext: makeDataKeyWithoutPlaintext,
    GenerateRandom: makeRandom,
    EnableKeyRotation: enableKeyRotation,
    DisableKeyRotation: disableKeyRotation,
    GetKeyRotationStatus: getKeyRotationStatus,
    RotateKeyOnDemand: rotateKeyOnDemand,
    ListKeyRotations: listKeyRotations,
    GetParametersForImport: getParametersForImport,
    ImportKeyMaterial: importKeyMaterial,
    DeleteImportedKeyMaterial: deleteImportedKeyMaterial,
    ReplicateKey: replicateKey,
    UpdatePrimaryRegion: updatePrimaryRegion,
    GenerateDataKeyPair: makeDataKeyPair,
    GenerateDataKeyPairWithoutPlaintext: makeDataKeyPairWithoutPlaintext,
    Sign: signMessage,
    Verify: verifySignature,
    GetPublicKey: getPublicKey,
    GenerateMac: makeMac,
    VerifyMac: verifyMac,
    DeriveSharedSecret: agreeOnSecret,
  },
});
