/**
 * What both policy languages compile to and what the engine answers with. Dialect-free: nothing here knows how an
 * AWS document or an IBM Cloud policy is written. Everything is immutable after it has been built.
 */
import type { ResourceRef } from './names.ts';

/** Who asks, resolved by the caller of the engine. */
export interface Caller {
  readonly kind:
    | 'root'
    | 'user'
    | 'role-session'
    | 'federated-session'
    | 'federated'
    | 'service-id'
    | 'profile'
    | 'service'
    | 'operator'
    | 'anonymous';
  /** ARN, iam_id, service name, or `anonymous`. */
  readonly id: string;
  /** The account the caller acts in; empty for an anonymous caller and for a service that acts for nobody. */
  readonly account: string;
  /**
   * Who stands behind a session: ARN of the role (its session ARN drops the role's path), ARN of the user of a
   * federated session, or iam_id behind a profile session.
   */
  readonly role?: string;
  /** Of a user, or of the role or user behind a session: `AIDA...`, `AROA...` (AWS). Policies mean this one, no successor. */
  readonly uniqueId?: string;
  /** Access group ids (IBM Cloud). */
  readonly groups?: readonly string[];
  /** Policies that limit this session alone, as it was given them: documents, and ARNs of managed policies (AWS). */
  readonly session?: { readonly policies: readonly string[]; readonly policyArns: readonly string[] };
  /** Of a service: serviceName, accountId, serviceInstance, resourceType, resource, region, resourceGroupId, ... */
  readonly attributes?: Readonly<Record<string, string>>;
}

export type ContextValue = string | readonly string[];

/** The resource asked for: its name, and what its own language may test of it. */
export interface Target {
  readonly ref: ResourceRef;
  /** The ARN or CRN; `*` for actions without a resource. */
  readonly name: string;
  /** IBM Cloud policy attributes (accountId, serviceName, serviceInstance, resourceType, resource, keyRing, ...). */
  readonly attributes: Readonly<Record<string, string>>;
  /** Context keys of the resource that hold several values (AWS). */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
}

/** May this principal do this action on this resource, through these services, in this context? */
export interface Question {
  readonly caller: Caller;
  /** In the words of the resource's cloud: `kms:Decrypt`, `kms.secrets.unwrap`. */
  readonly action: string;
  readonly resource: Target;
  /** Context keys in lower case. A key that is absent here is absent in the request. */
  readonly context: Readonly<Record<string, ContextValue>>;
}

export type Effect = 'allow' | 'deny';

/** One test of an attribute. `stringMatch`: `*` any run, `?` one character. `stringExists`: present, or absent for `false`. */
export interface AttributeTest {
  readonly name: string;
  readonly operator: 'stringEquals' | 'stringMatch' | 'stringExists';
  readonly value: string;
}

export type PrincipalPattern =
  | { readonly kind: 'anyone' }
  /** Every principal of the account; how far that reaches is the language's to say. */
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'exact'; readonly id: string }
  /** A role (or trusted profile) and its sessions. */
  | { readonly kind: 'role'; readonly id: string }
  /**
   * The user or role with this unique id and their sessions, whatever they are named; nobody once it is deleted.
   * `within`: only if it belongs to one of these accounts, which its id does not tell.
   */
  | { readonly kind: 'unique'; readonly id: string; readonly within?: ReadonlySet<string> }
  /** An access group. */
  | { readonly kind: 'group'; readonly id: string }
  /** An AWS service principal (`name`, no tests), or an IBM Cloud service by its attributes. */
  | { readonly kind: 'service'; readonly name?: string; readonly tests: readonly AttributeTest[] }
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'canonical'; readonly id: string }
  /** A principal that has a permissions boundary. */
  | { readonly kind: 'bounded' }
  | { readonly kind: 'any-of'; readonly of: readonly PrincipalPattern[] }
  | { readonly kind: 'not'; readonly of: PrincipalPattern };

export type ActionPattern =
  /** Names in lower case. IBM Cloud roles are resolved to this. */
  | { readonly kind: 'exact'; readonly names: ReadonlySet<string>; readonly roles?: readonly string[] }
  /** Patterns in lower case, `*` and `?`. */
  | { readonly kind: 'wildcard'; readonly patterns: readonly string[] }
  | { readonly kind: 'any-of'; readonly of: readonly ActionPattern[] }
  | { readonly kind: 'not'; readonly of: ActionPattern };

export type ResourcePattern =
  | { readonly kind: 'any' }
  /** ARN patterns; may hold policy variables. */
  | { readonly kind: 'names'; readonly patterns: readonly string[] }
  /** All tests must hold (IBM Cloud). */
  | { readonly kind: 'attributes'; readonly tests: readonly AttributeTest[] }
  /** The resource that the policy is attached to. */
  | { readonly kind: 'attached' }
  | { readonly kind: 'not'; readonly of: ResourcePattern };

/** One comparison, or a group of them. The top-level list of a statement is joined by AND. */
export type Condition =
  | {
      readonly kind: 'test';
      /** Canonical operator name without quantifier and IfExists, e.g. `StringEquals`, `timeLessThan`. */
      readonly operator: string;
      /** Lower case. */
      readonly key: string;
      readonly values: readonly string[];
      readonly quantifier?: 'all' | 'any' | 'none';
      readonly ifExists?: boolean;
    }
  /** No context key with this prefix but these (a grant's `EncryptionContextEquals`). Lower case. */
  | { readonly kind: 'no-other-keys'; readonly prefix: string; readonly keys: readonly string[] }
  | { readonly kind: 'any-of'; readonly of: readonly Condition[] }
  | { readonly kind: 'all-of'; readonly of: readonly Condition[] };

/** Where a statement came from, for explanations. */
export interface Origin {
  readonly account: string;
  /** Policy id, ARN, or a name for rules that the cloud itself sets (`account owner`). */
  readonly policy: string;
  /** Sid, else the index as text. */
  readonly statement: string;
  /** The statement as it was written, for people. */
  readonly text: string;
}

export interface Statement {
  readonly effect: Effect;
  readonly principals: PrincipalPattern;
  readonly actions: ActionPattern;
  readonly resources: ResourcePattern;
  readonly conditions: readonly Condition[];
  /** `${key}` in resource names and condition values stands for the request's value; otherwise it is plain text. */
  readonly variables?: boolean;
  readonly origin: Origin;
}

export type LayerKind =
  | 'identity'
  | 'resource'
  | 'boundary'
  | 'session'
  | 'guardrail'
  | 'resource-guardrail'
  | 'endpoint'
  | 'access'
  | 'authorization'
  | 'owner'
  | 'self'
  | 'service'
  | 'operator'
  | 'grant'
  | 'acl'
  | 'share'
  | 'access-point';

/**
 * Policies of one kind that apply to a question, of one account; levels of an organization are layers of their own.
 * Statements are compiled once per array: hand in the same array as long as the policies are the same.
 */
export interface Layer {
  readonly kind: LayerKind;
  readonly account: string;
  /** What distinguishes layers of one kind: the organization level, the access group. */
  readonly name?: string;
  readonly statements: readonly Statement[];
  readonly may: 'grant' | 'limit' | 'both';
}

/** What else must be known of the two accounts and the caller. A fact that is absent is false. */
export interface Facts {
  readonly principalAccountIsManagement?: boolean;
  readonly resourceAccountIsManagement?: boolean;
  readonly principalIsServiceLinkedRole?: boolean;
  readonly s3?: BucketFacts;
}

/** What S3 knows of a bucket besides its policies; of several settings the most restrictive. */
export interface BucketFacts {
  readonly ignorePublicAcls?: boolean;
  readonly restrictPublicBuckets?: boolean;
  /** The bucket owner owns every object, and access control lists do not count. */
  readonly bucketOwnerEnforced?: boolean;
}

export type Outcome = 'allow' | 'implicit-deny' | 'explicit-deny';

/** Why one statement did or did not decide. */
export interface Reason {
  readonly origin: Origin;
  readonly effect: Effect;
  readonly matched: boolean;
  /** The first element that failed, when it did not match. */
  readonly failed?: Failure;
  /** The others that failed, when there are any. */
  readonly alsoFailed?: readonly Failure[];
}

/** An element of a statement that a question does not meet. */
export interface Failure {
  readonly element: 'principal' | 'action' | 'resource' | 'condition';
  /** Attribute or context key. */
  readonly key?: string;
  readonly operator?: string;
  readonly expected: readonly string[];
  /** Absent: the key is missing from the request. */
  readonly got?: readonly string[];
}

/**
 * How a principal pattern reaches the caller: it names the caller itself (or everyone), the role or user behind the
 * caller's session, or only the caller's account.
 */
export type Covers = 'caller' | 'role' | 'account';

export interface LayerVerdict {
  readonly kind: LayerKind;
  readonly account: string;
  readonly name?: string;
  readonly outcome: Outcome | 'not-applicable';
  /** Why the layer does not apply, in words. */
  readonly note?: string;
  /** How far a matching allow covers the caller, when there is one. */
  readonly covers?: Covers;
  /** Matches first, then near misses (fewest failures first), bounded. */
  readonly because: readonly Reason[];
}

export interface Side {
  readonly account: string;
  readonly role: 'principal' | 'resource' | 'both';
  readonly outcome: Outcome;
  readonly layers: readonly LayerVerdict[];
}

/**
 * What would have to be added. A leaf is one absent allow; `blocked` is what no grant repairs. The first branch of an
 * `any-of` is the usual way; the others go around it. `covers`: how far the absent allow must reach (default: any way).
 */
export type Missing =
  | { readonly kind: 'all-of'; readonly of: readonly Missing[] }
  | { readonly kind: 'any-of'; readonly of: readonly Missing[] }
  | {
      readonly kind: 'allow';
      readonly account: string;
      readonly layer: LayerKind;
      readonly name?: string;
      readonly covers?: Covers;
    }
  | { readonly kind: 'blocked'; readonly account: string; readonly layer: LayerKind; readonly by: readonly Reason[] };

export interface Verdict {
  readonly outcome: Outcome;
  readonly sides: readonly Side[];
  /** Present unless allowed. */
  readonly missing?: Missing;
  /** Facts that shaped the combination, in words: `the caller is root of a management account`. */
  readonly notes: readonly string[];
}
