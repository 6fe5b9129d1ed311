/**
 * What a service of AWS looks like on the wire: its operations, shapes and errors as the vendor's own client package
 * describes them, in a form that crosses from the loading thread by structured clone (plain objects, maps, cycles).
 */

export type ProtocolName = 'query' | 'ec2' | 'json' | 'rest-json' | 'rest-xml';
/** `whole-seconds`: a `date-time` without a fraction, as the services with a query protocol write it. */
export type TimestampFormat = 'date-time' | 'whole-seconds' | 'http-date' | 'epoch-seconds';

export interface ServiceModel {
  /** The package that it was read from, such as `@aws-sdk/client-kms`. */
  readonly client: string;
  /** The protocol that the package itself speaks; clients of other languages may speak another one. */
  readonly protocol: ProtocolName;
  /** `1.0` or `1.1`: the number in `application/x-amz-json-1.1`. */
  readonly jsonVersion: string;
  /** Such as `2014-11-01`; what the parameter `Version` of the query protocol says. */
  readonly apiVersion: string;
  /** The namespace of replies in XML, empty where the service has none. */
  readonly xmlNamespace: string;
  /** What stands before the operation's name in `X-Amz-Target`, without the dot; empty where there is none. */
  readonly targetPrefix: string;
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** By shape name (`NoSuchEntityException`) and by the query protocol's code (`NoSuchEntity`). */
  readonly errors: ReadonlyMap<string, ErrorModel>;
}

export interface OperationModel {
  readonly name: string;
  /** Absent where the operation takes nothing. */
  readonly input: StructureShape | undefined;
  /** Absent where the operation answers nothing. */
  readonly output: StructureShape | undefined;
  /** Where a REST protocol finds it. */
  readonly http: HttpTrait | undefined;
}

export interface HttpTrait {
  readonly method: string;
  /** Such as `/{Key+}?uploads`, constants of the query string included. */
  readonly uri: string;
  readonly status: number;
}

export interface ErrorModel {
  /** The shape's name: what the JSON and REST protocols send. */
  readonly name: string;
  /** The shape's name with its namespace, such as `com.amazonaws.sqs#QueueDoesNotExist`. */
  readonly qualifiedName: string;
  /** What the query protocol sends. */
  readonly code: string;
  readonly status: number;
  readonly side: 'client' | 'server';
  readonly schema: StructureShape;
}

export type Shape = StructureShape | ListShape | MapShape | ScalarShape;

export interface StructureShape {
  readonly kind: 'structure';
  readonly name: string;
  /** Exactly one member of a union is set. */
  readonly isUnion: boolean;
  /** What its element is called where it is the whole document. */
  readonly xmlName: string;
  readonly members: ReadonlyMap<string, Member>;
}

/** Of an operation that takes or answers nothing. */
export const NO_MEMBERS: StructureShape = {
  kind: 'structure',
  name: '',
  isUnion: false,
  xmlName: '',
  members: new Map(),
};

export interface ListShape {
  readonly kind: 'list';
  readonly member: Member;
}

export interface MapShape {
  readonly kind: 'map';
  readonly key: Member;
  readonly value: Member;
}

export interface ScalarShape {
  readonly kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'blob' | 'document';
  /** Of a timestamp that does not follow its protocol's default. */
  readonly timestampFormat: TimestampFormat | undefined;
}

/** Where REST protocols carry a member that is not in the body. */
export type Location = 'label' | 'query' | 'query-params' | 'header' | 'prefix-headers' | 'payload' | 'status';

export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
  /** What must not be written to records. */
  readonly isSensitive: boolean;
  /** Clients fill it in when their user does not. */
  readonly isIdempotencyToken: boolean;
  readonly location: Location | undefined;
  /** The header's name in lower case, the prefix of headers, the parameter's name. */
  readonly locationName: string;
  readonly jsonName: string;
  readonly xmlName: string;
  readonly isXmlAttribute: boolean;
  /** Items of a list or map stand beside one another, without an element around them all. */
  readonly isFlattened: boolean;
  readonly xmlNamespace: { readonly prefix: string; readonly uri: string } | undefined;
  /** What EC2 calls it in a request. */
  readonly ec2Name: string;
}
