/**
 * Faults in AWS's words: the reason is the vendor's error code. Codes that every service has are written as the query
 * protocol spells them (`AccessDenied`, `Throttling`); the wire respells them for the others.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
import { Fault, type FaultKind } from '../../faults.ts';

/** What records and metrics call a code; first match. Codes that are not here blame the request. */
const KINDS: readonly (readonly [RegExp, FaultKind])[] = [
  [/^(NoSuchEntity|.*NotFound)/, 'not-found'],
  [/^(EntityAlreadyExists|.*AlreadyExists)/, 'conflict'],
  [/LimitExceeded|^PackedPolicyTooLarge/, 'quota'],
  [/^AccessDenied/, 'denied'],
  [/^(Throttling|TooManyRequests)/, 'throttled'],
  [/^(DeleteConflict|Disabled|.*InvalidState|.*Unavailable|UnmodifiableEntity|ConcurrentModification)/, 'state'],
  [
    /^(MissingAuthenticationToken|InvalidClientTokenId|SignatureDoesNotMatch|IncompleteSignature|ExpiredToken|RequestExpired)/,
    'unauthenticated',
  ],
];

/** `details`: members that the vendor's error shape has besides its message. */
export function awsFault(code: string, message: string, details?: Readonly<Record<string, unknown>>): Fault {
  const kind = KINDS.find(([pattern]) => pattern.test(code))?.[1] ?? 'invalid';
  return new Fault(kind, code, message, details === undefined ? {} : { details });
}
