/** The error envelopes of IBM Cloud's API families (facts: ibm-cloud.md 2.2, 3.3, 5.7, 6.1). */
import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import type { Fault } from '../../faults.ts';
import type { Family, VendorError } from './route.ts';

const error = (status: number, code: string, message?: string): VendorError =>
  message === undefined ? { status, code } : { status, code, message };

function echo(headers: IncomingHttpHeaders, from: string, to: string): Record<string, string> {
  const value = headers[from];
  return typeof value === 'string' && /^[\x20-\x7e]{1,256}$/.test(value) ? { [to]: value } : {};
}

/** IAM Policy Management: https://cloud.ibm.com/apidocs/iam-policy-management */
export const iamPolicyFamily: Family = {
  name: 'iam-policy-management',
  contentType: 'application/json',
  kinds: {
    unauthenticated: error(401, 'invalid_token'),
    denied: error(403, 'insufficent_permissions'),
    'not-found': error(404, 'not_found'),
    invalid: error(400, 'invalid_body'),
    conflict: error(409, 'policy_conflict_error'),
    state: error(409, 'policy_conflict_error'),
    precondition: error(412, 'precondition_failed'),
    gone: error(404, 'policy_not_found'),
    'too-large': error(413, 'invalid_body'),
    'unsupported-media': error(415, 'unsupported_content_type'),
    throttled: error(429, 'too_many_requests'),
    quota: error(400, 'unable_to_process'),
    unavailable: error(501, 'request_not_processed'),
    internal: error(500, 'request_not_processed', 'the request could not be processed'),
  },
  errorBody: ({ fault, vendor, message, id }) => ({
    trace: id,
    errors: policyErrors(fault, vendor, message),
    status_code: vendor.status,
  }),
  replyHeaders: (headers, id) => ({ 'transaction-id': id, ...echo(headers, 'transaction-id', 'transaction-id') }),
};

/** A policy can be wrong in several places, each of which is an error of its own. */
function policyErrors(fault: Fault | undefined, { code }: VendorError, message: string): object[] {
  const messages = fault?.details?.['messages'];
  if (Array.isArray(messages)) return messages.map((one: unknown) => ({ code, message: String(one) }));
  return [{ code, message, ...(fault?.details ? { details: fault.details } : {}) }];
}

/** IAM Access Groups: https://cloud.ibm.com/apidocs/iam-access-groups */
export const iamGroupsFamily: Family = {
  ...iamPolicyFamily,
  name: 'iam-access-groups',
  kinds: {
    ...iamPolicyFamily.kinds,
    conflict: error(409, 'conflict'),
    state: error(409, 'conflict'),
    gone: error(404, 'not_found'),
    quota: error(400, 'limit_exceeded'),
  },
};

/** IAM Identity: https://cloud.ibm.com/apidocs/iam-identity-token-api */
export const iamIdentityFamily: Family = {
  name: 'iam-identity',
  contentType: 'application/json',
  kinds: {
    unauthenticated: error(401, 'unauthorized'),
    denied: error(403, 'forbidden'),
    'not-found': error(404, 'not_found'),
    invalid: error(400, 'invalid_body'),
    conflict: error(409, 'conflict'),
    state: error(409, 'conflict'),
    precondition: error(412, 'precondition_failed'),
    gone: error(404, 'not_found'),
    'too-large': error(413, 'request_too_large'),
    'unsupported-media': error(415, 'unsupported_media_type'),
    throttled: error(429, 'too_many_requests'),
    quota: error(400, 'limit_exceeded'),
    unavailable: error(501, 'not_implemented'),
    internal: error(500, 'internal_error', 'internal error'),
  },
  errorBody: ({ fault, vendor, message, id, request }) => ({
    context: { transaction_id: id, ...(request ? { operation: `${request.method} ${request.path}` } : {}) },
    status_code: vendor.status,
    errors: [
      {
        code: vendor.code,
        message_code: vendor.code,
        message,
        ...(fault?.target ? { details: `${fault.target.type} ${fault.target.name}` } : {}),
      },
    ],
    trace: id,
  }),
  replyHeaders: (headers, id) => ({ 'transaction-id': id, ...echo(headers, 'transaction-id', 'transaction-id') }),
};

/** The token endpoint: BXNIM codes. https://cloud.ibm.com/apidocs/iam-identity-token-api#gettoken-apikey */
export const iamTokenFamily: Family = {
  ...iamIdentityFamily,
  name: 'iam-token',
  kinds: {
    ...iamIdentityFamily.kinds,
    unauthenticated: error(400, 'BXNIM0415E', 'Provided API key could not be found.'),
    denied: error(403, 'BXNIM0513E', 'You are not authorized to use this API'),
    invalid: error(400, 'BXNIM0109E'),
    'too-large': error(413, 'BXNIM0109E'),
    'unsupported-media': error(415, 'BXNIM0109E'),
  },
  errorBody: ({ vendor, message, id, fault }) => ({
    errorCode: vendor.code,
    errorMessage: message,
    ...(fault?.details ? { errorDetails: fault.details['errorDetails'] } : {}),
    context: { requestId: id, requestType: 'incoming.Identity_Token' },
  }),
};

/** Key Protect: https://cloud.ibm.com/docs/key-protect?topic=key-protect-error-messages */
export const kmsFamily: Family = {
  name: 'kms',
  contentType: 'application/vnd.ibm.kms.key+json',
  kinds: {
    unauthenticated: error(401, 'UNAUTHORIZED_ERR'),
    denied: error(401, 'UNAUTHORIZED_ERR'),
    'not-found': error(404, 'KEY_NOT_FOUND_ERR'),
    invalid: error(400, 'BAD_BODY_ERR'),
    conflict: error(409, 'CONFLICT_ERR'),
    state: error(409, 'KEY_ACTION_INVALID_STATE_ERR'),
    precondition: error(412, 'PRECONDITION_ERR'),
    gone: error(410, 'KEY_DELETED_ERR'),
    'too-large': error(413, 'REQUEST_TOO_LARGE_ERR'),
    'unsupported-media': error(415, 'UNSUPPORTED_MEDIA_TYPE_ERR'),
    throttled: error(429, 'TOO_MANY_REQUESTS_ERR'),
    quota: error(409, 'QUOTA_ERR'),
    unavailable: error(501, 'NOT_IMPLEMENTED_ERR'),
    internal: error(500, 'INTERNAL_ERR', 'internal error'),
  },
  errorBody: ({ fault, vendor, message, id }) => ({
    metadata: { collectionType: 'application/vnd.ibm.kms.error+json', collectionTotal: 1 },
    resources: [
      {
        errorMsg: `${STATUS_CODES[vendor.status]}: the request could not be fulfilled. Please see \`reasons\` for more details.`,
        reasons: [
          {
            code: vendor.code,
            message,
            status: vendor.status,
            moreInfo: 'https://cloud.ibm.com/apidocs/key-protect',
            ...(fault?.target ? { target: { type: fault.target.type, name: fault.target.name } } : {}),
          },
        ],
        correlationId: id,
      },
    ],
  }),
  replyHeaders: (headers, id) => ({ 'correlation-id': id, ...echo(headers, 'correlation-id', 'correlation-id') }),
};

/** VPC: https://cloud.ibm.com/apidocs/vpc#error-handling */
export const vpcFamily: Family = {
  name: 'vpc',
  contentType: 'application/json',
  kinds: {
    unauthenticated: error(401, 'token_invalid'),
    denied: error(403, 'not_authorized'),
    'not-found': error(404, 'not_found'),
    invalid: error(400, 'bad_field'),
    conflict: error(409, 'duplicate_error'),
    state: error(409, 'conflict'),
    precondition: error(412, 'precondition_failed'),
    gone: error(404, 'not_found'),
    'too-large': error(413, 'request_too_large'),
    'unsupported-media': error(415, 'bad_request'),
    throttled: error(429, 'rate_limit_exceeded'),
    quota: error(400, 'over_quota'),
    unavailable: error(501, 'not_implemented'),
    internal: error(500, 'internal_error', 'internal error'),
  },
  errorBody: ({ fault, vendor, message, id }) => ({
    errors: [
      {
        code: vendor.code,
        message,
        more_info: 'https://cloud.ibm.com/docs/vpc?topic=vpc-rias-error-messages',
        ...(fault?.target ? { target: fault.target } : {}),
      },
    ],
    trace: id,
    status_code: vendor.status,
  }),
  replyHeaders: (headers) => echo(headers, 'x-request-id', 'x-request-id'),
};

/** Resource controller and resource manager: https://cloud.ibm.com/apidocs/resource-controller */
export const resourceControllerFamily: Family = {
  name: 'resource-controller',
  contentType: 'application/json',
  kinds: {
    unauthenticated: error(401, 'RC-IAMUnauthenticated'),
    denied: error(403, 'RC-IAMAccessDenied'),
    'not-found': error(404, 'RC-ServiceInstanceNotFound'),
    invalid: error(400, 'RC-BadRequest'),
    conflict: error(409, 'RC-Conflict'),
    state: error(409, 'RC-Conflict'),
    precondition: error(412, 'RC-PreconditionFailed'),
    gone: error(410, 'RC-Gone'),
    'too-large': error(413, 'RC-RequestTooLarge'),
    'unsupported-media': error(415, 'RC-UnsupportedMediaType'),
    throttled: error(429, 'RC-TooManyRequests'),
    quota: error(400, 'RC-QuotaExceeded'),
    unavailable: error(501, 'RC-NotImplemented'),
    internal: error(500, 'RC-InternalError', 'internal error'),
  },
  errorBody: ({ vendor, message, id }) => ({
    message,
    status_code: vendor.status,
    error_code: vendor.code,
    errors: [{ code: vendor.code, message }],
    transaction_id: id,
    trace: id,
  }),
  replyHeaders: (headers, id) => ({ 'transaction-id': id, ...echo(headers, 'transaction-id', 'transaction-id') }),
};
