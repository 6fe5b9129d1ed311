/** Key Protect: what it answers, and its words for what can go wrong. https://cloud.ibm.com/apidocs/key-protect */
import { kmsFamily } from '../../wire/ibm/families.ts';
import type { Face, VendorError } from '../../wire/ibm/route.ts';
import type { KeyReason } from './faults.ts';
import { actionRoutes } from './ibm/actions.ts';
import { groupRoutes } from './ibm/groups.ts';
import { keyRoutes } from './ibm/keys.ts';
import { registrationRoutes } from './ibm/registrations.ts';

const error = (status: number, code: string): VendorError => ({ status, code });

/** https://cloud.ibm.com/docs/key-protect?topic=key-protect-error-messages; those of aliases and rings as Terraform's tests expect them. */
const FAULTS: Readonly<Record<KeyReason, VendorError>> = {
  'key-not-found': error(404, 'KEY_NOT_FOUND_ERR'),
  'key-destroyed': error(410, 'KEY_DELETED_ERR'),
  'key-state': error(409, 'KEY_ACTION_INVALID_STATE_ERR'),
  'key-state-register': error(422, 'KEY_INVALID_STATE_ERR'),
  'key-expired': error(400, 'KEY_EXPIRED_ERR'),
  'root-key-needed': error(400, 'KEY_ROOT_REQ_ERR'),
  'root-key-needed-register': error(422, 'KEY_ROOT_REQ_REG_ERR'),
  'imported-key-needed': error(400, 'KEY_IMPT_REQ_ERR'),
  'payload-needed': error(400, 'KEY_PAYLOAD_REQ_ERR'),
  'ciphertext-unusable': error(422, 'UNPROCESSABLE_CIPHERTEXT_ERR'),
  'version-unknown': error(422, 'KEY_VERSION_INVALID'),
  'too-early': error(409, 'REQ_TOO_EARLY_ERR'),
  'rotated-recently': error(409, 'KEY_ROTATION_NOT_PERMITTED'),
  'restore-expired': error(400, 'KEY_RESTORE_EXPIRED'),
  'key-protects': error(409, 'PROTECTED_RESOURCE_ERR'),
  'key-retained': error(409, 'PREV_KEY_DEL_ERR'),
  'second-authorization-needed': error(409, 'AUTHORIZATIONS_NOT_MET'),
  'dual-authorization-off': error(409, 'NOT_DUAL_AUTH_ERR'),
  'dual-authorization-stays': error(409, 'CONFLICT_ERR'),
  'alias-taken': error(409, 'KEY_ALIAS_NOT_UNIQUE_ERR'),
  'alias-quota': error(409, 'KEY_ALIAS_QUOTA_ERR'),
  'alias-not-found': error(404, 'KEY_ALIAS_NOT_FOUND_ERR'),
  'ring-exists': error(409, 'KEY_RING_ALREADY_EXISTS_ERR'),
  'ring-not-found': error(404, 'KEY_RING_NOT_FOUND_ERR'),
  'ring-not-empty': error(409, 'KEY_RING_NOT_EMPTY_ERR'),
  'ring-quota': error(409, 'KEY_RING_QUOTA_ERR'),
  'creation-restricted': error(409, 'KEY_CREATE_IMPORT_ACCESS_ERR'),
  'service-only': error(403, 'SERVICE_ONLY_ERR'),
  'resource-owner': error(403, 'RESOURCE_OWNER_ERR'),
  'registration-not-found': error(404, 'REGISTRATION_NOT_FOUND_ERR'),
  'collection-total': error(400, 'COLLECTION_TOTAL_MISMATCH_ERR'),
  'resource-count': error(400, 'NUM_COLLECTION_RESOURCE_ERR'),
  'policy-mismatch': error(400, 'BODY_QUERY_PARAM_MISMATCH_ERR'),
  'invalid-field': error(400, 'INVALID_FIELD_ERR'),
  'invalid-query': error(400, 'INVALID_QUERY_PARAM_ERR'),
  'no-body': error(400, 'NO_BODY_ERR'),
};

export const keysFace: Face = {
  family: kmsFamily,
  faults: FAULTS,
  routes: [...keyRoutes, ...actionRoutes, ...registrationRoutes, ...groupRoutes],
};
