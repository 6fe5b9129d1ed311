/** The vendor's error for a fault: its code as the protocol spells it, its status, and whose fault it is. */
import type { Fault, FaultKind } from '../../faults.ts';
import { type Constraints, errorOf } from './constraints.ts';
import type { WireError, WireName } from './protocol.ts';

/** A code that every service has. */
interface Common {
  /** HTTP status in the query protocol. */
  readonly status: number;
  /** What the JSON protocols say instead. */
  readonly json: string;
  /** Status where a service has paths, if it is another. */
  readonly rest?: number;
}

/**
 * Services with a query protocol: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 * The names of JSON services are those of the framework they are made with, as their clients see them; services with
 * paths: https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
 */
const COMMON: Readonly<Record<string, Common>> = {
  AccessDenied: { status: 403, json: 'AccessDeniedException' },
  ExpiredToken: { status: 403, json: 'ExpiredTokenException' },
  IncompleteSignature: { status: 400, json: 'IncompleteSignatureException', rest: 403 },
  InternalFailure: { status: 500, json: 'InternalFailure' },
  InvalidAction: { status: 400, json: 'UnknownOperationException', rest: 404 },
  InvalidClientTokenId: { status: 403, json: 'UnrecognizedClientException' },
  InvalidRequest: { status: 400, json: 'InvalidRequestException' },
  MalformedInput: { status: 400, json: 'SerializationException' },
  MalformedQueryString: { status: 404, json: 'MalformedQueryStringException' },
  MissingAction: { status: 400, json: 'UnknownOperationException', rest: 404 },
  MissingAuthenticationToken: { status: 403, json: 'MissingAuthenticationTokenException' },
  NotImplemented: { status: 501, json: 'NotImplemented' },
  OptInRequired: { status: 403, json: 'OptInRequired' },
  RequestEntityTooLarge: { status: 413, json: 'RequestEntityTooLargeException' },
  RequestExpired: { status: 400, json: 'RequestExpiredException' },
  ServiceUnavailable: { status: 503, json: 'ServiceUnavailable' },
  SignatureDoesNotMatch: { status: 403, json: 'InvalidSignatureException' },
  Throttling: { status: 400, json: 'ThrottlingException', rest: 429 },
  UnknownService: { status: 404, json: 'UnknownServiceException' },
  ValidationError: { status: 400, json: 'ValidationException' },
};

/** What faults are called that are not in the vendor's words already. */
const BY_KIND: Readonly<Partial<Record<FaultKind, string>>> = {
  denied: 'AccessDenied',
  unauthenticated: 'InvalidClientTokenId',
  throttled: 'Throttling',
  'too-large': 'RequestEntityTooLarge',
  unavailable: 'ServiceUnavailable',
};

/** `fault` undefined: a defect of ours. */
export function errorFor(
  fault: Fault | undefined,
  { protocol, constraints }: { readonly protocol: WireName; readonly constraints?: Constraints | undefined },
): WireError {
  if (fault === undefined) {
    return { code: 'InternalFailure', message: 'internal error', status: 500, side: 'server' };
  }
  const { message, details: members } = fault;
  const code = isVendorCode(fault.reason) ? fault.reason : (BY_KIND[fault.kind] ?? 'ValidationError');
  const own = constraints && errorOf(constraints, code);
  if (own) return { code, message, status: own.status, side: own.sender ? 'client' : 'server', members };
  const common = Object.hasOwn(COMMON, code) ? COMMON[code] : undefined;
  if (common === undefined) return { code, message, status: 400, side: 'client', members };
  const status = statusOf(common, protocol);
  return {
    code: isJson(protocol) ? common.json : code,
    message,
    status,
    side: status < 500 ? 'client' : 'server',
    members,
  };
}

function isVendorCode(reason: string): boolean {
  return /^[A-Z]/.test(reason);
}

function isJson(protocol: WireName): boolean {
  return protocol === 'json' || protocol === 'rest-json' || protocol === 'cbor';
}

/** Services with one path for all answer 400 to whatever the caller did wrong, if his request could be read at all. */
function statusOf({ status, rest }: Common, protocol: WireName): number {
  if (protocol === 'rest-json' || protocol === 'rest-xml') return rest ?? status;
  if (!isJson(protocol) || status === 413 || status >= 500) return status;
  return 400;
}
