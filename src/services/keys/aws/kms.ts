/** What the keys service keeps for AWS KMS, and the API that it answers. */
import type { Service } from '../../../service.ts';
import { kmsFace } from '../aws.ts';
import { KmsAccount, KmsAlias, KmsKey } from './access.ts';
import { eraseKmsKey } from './deletion.ts';
import { grants, KMS, keyMaterials, keyPolicies, kmsAliases, kmsKeys } from './documents.ts';
import { createKeySource } from './layers.ts';
import { synchronizeReplica } from './replicas.ts';
import { rotateKmsKeyOnSchedule } from './rotation.ts';
import { JOBS } from './timers.ts';
import { expireKmsMaterial } from './unimport.ts';

export const awsKeys = {
  collections: [kmsKeys, keyMaterials, keyPolicies, grants, kmsAliases],
  actions: [KmsKey, KmsAlias, KmsAccount].flatMap(({ type: _type, ...actions }) => Object.values(actions)),
  operations: [
    ...kmsFace.operations.values(),
    eraseKmsKey,
    rotateKmsKeyOnSchedule,
    expireKmsMaterial,
    synchronizeReplica,
  ],
  sources: [createKeySource()],
  jobs: {
    [JOBS.erase]: { service: KMS, operation: eraseKmsKey },
    [JOBS.rotate]: { service: KMS, operation: rotateKmsKeyOnSchedule },
    [JOBS.expire]: { service: KMS, operation: expireKmsMaterial },
  },
  aws: [kmsFace],
} satisfies Partial<Service>;
