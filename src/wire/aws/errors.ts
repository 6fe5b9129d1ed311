/** The vendor's error for a fault: its code as the protocol spells it, its status, and whose fault it is. */
import type { Fault, FaultKind } from '../../faults.ts';
import { type Constraints, errorOf } from './constraints.ts';
import type { WireError, WireName } from './protocol.ts';

/** Codes that every service has: status in the query protocol, and what the JSON protocols say instead (status 400). */
const COMMON: Readonly<Record<string, readonly [status: number, json: string]>> = {
  AccessDenied: [403, 'AccessDeniedException'],
  ExpiredToken: [403, 'ExpiredTokenException'],
  IncompleteSignature: [400, 'IncompleteSignatureException'],
  InvalidAction: [400, 'UnknownOperationException'],
  InvalidClientTokenId: [403, 'UnrecognizedClientException'],
  MalformedInput: [400, 'SerializationException'],
  MissingAuthenticationToken: [403, 'MissingAuthenticationTokenException'],
  RequestExpired: [400, 'RequestExpiredException'],
  SignatureDoesNotMatch: [403, 'InvalidSignatureException'],
  Throttling: [400, 'ThrottlingException'],
  UnknownService: [404, 'UnknownServiceException'],
  ValidationError: [400, 'ValidationException'],
};

/** What faults are called that are not in the vendor's words already. */
const BY_KIND: Readonly<Partial<Record<FaultKind, string>>> = {
  denied: 'AccessDenied',
  unauthenticated: 'InvalidClientTokenId',
  invalid: 'ValidationError',
  throttled: 'Throttling',
};

const isVendorCode = (reason: string): boolean => /^[A-Z]/.test(reason);

/** `fault` undefined: a defect of ours. */
export function errorFor(
  fault: Fault | undefined,
  { protocol, constraints }: { readonly protocol: WireName; readonly constraints?: Constraints | undefined },
): WireError {
  if (fault === undefined) {
    return { code: 'InternalFailure', message: 'internal error', status: 500, side: 'server' };
  }
  if (fault.kind === 'too-large') {
    return { code: 'RequestEntityTooLarge', message: fault.message, status: 413, side: 'client' };
  }
  if (fault.kind === 'unavailable') {
    return { code: 'ServiceUnavailable', message: fault.message, status: 503, side: 'server' };
  }
  const code = isVendorCode(fault.reason) ? fault.reason : (BY_KIND[fault.kind] ?? 'ValidationError');
  const members = fault.details;
  const own = constraints && errorOf(constraints, code);
  if (own) {
    return { code, message: fault.message, status: own.status, side: own.sender ? 'client' : 'server', members };
  }
  const isQuery = protocol === 'query' || protocol === 'ec2' || protocol === 'rest-xml';
  const common = COMMON[code];
  const spelled = common && !isQuery ? common[1] : code;
  return { code: spelled, message: fault.message, status: (isQuery && common?.[0]) || 400, side: 'client', members };
}
