/**
 * Turns the schemas that an AWS client package exports into a `ServiceModel`. Runs in the loading thread only: this file
 * and the worker are the only ones that touch the vendor's packages, whose versions are pinned.
 */
import { NormalizedSchema } from '@smithy/core/schema';
import type {
  ErrorModel,
  ListShape,
  Location,
  MapShape,
  Member,
  OperationModel,
  ProtocolName,
  ScalarShape,
  ServiceModel,
  Shape,
  StructureShape,
  TimestampFormat,
} from './model.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Traits = Readonly<Record<string, unknown>>;
/** `[9, namespace, name, traits, () => input, () => output]` */
type OperationSchema = readonly [number, string, string, Traits | number, () => never, () => never];
/** `[-3, namespace, name, traits, memberNames, memberSchemas, requiredCount]` */
type ErrorSchema = readonly [number, string, string, Traits | number, ...unknown[]];

interface ClientConfig {
  readonly protocol: { getShapeId(): string };
  readonly protocolSettings: { xmlNamespace?: string; version?: string; serviceTarget?: string };
}

const OPERATION = 9;
const ERROR = -3;
/** The namespace of the classes that the package's errors extend: nothing that a service sends. */
const BASE_CLASSES = 'smithy.ts.sdk.synthetic.';
const PROTOCOLS: Readonly<Record<string, readonly [ProtocolName, string]>> = {
  'aws.protocols#awsQuery': ['query', '1.1'],
  'aws.protocols#ec2Query': ['ec2', '1.1'],
  'aws.protocols#awsJson1_0': ['json', '1.0'],
  'aws.protocols#awsJson1_1': ['json', '1.1'],
  'aws.protocols#restJson1': ['rest-json', '1.1'],
  'aws.protocols#restXml': ['rest-xml', '1.1'],
};
const LOCATIONS: readonly (readonly [trait: string, Location])[] = [
  ['httpLabel', 'label'],
  ['httpQuery', 'query'],
  ['httpQueryParams', 'query-params'],
  ['httpHeader', 'header'],
  ['httpPrefixHeaders', 'prefix-headers'],
  ['httpPayload', 'payload'],
  ['httpResponseCode', 'status'],
];
const TIMESTAMP_FORMATS: Readonly<Record<number, TimestampFormat>> = {
  5: 'date-time',
  6: 'http-date',
  7: 'epoch-seconds',
};

/** `exported`: the namespace object of an `@aws-sdk/client-*` package. Throws for a protocol that is not known. */
export function readClient(client: string, exported: Readonly<Record<string, unknown>>): ServiceModel {
  const { protocol: protocolOfClient, protocolSettings } = clientConfig(client, exported);
  const shapeId = protocolOfClient.getShapeId();
  const known = PROTOCOLS[shapeId];
  if (!known) throw new Error(`\`${client}\` speaks \`${shapeId}\`, which is not implemented`);
  const [protocol, jsonVersion] = known;
  const seen: Seen = new Map();
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, ErrorModel>();
  for (const schema of Object.values(exported)) {
    if (!Array.isArray(schema)) continue;
    if (schema[0] === OPERATION) {
      const operation = readOperation(schema as unknown as OperationSchema, seen);
      operations.set(operation.name, operation);
    } else if (schema[0] === ERROR && !String(schema[1]).startsWith(BASE_CLASSES)) {
      const error = readError(schema as unknown as ErrorSchema, protocol, seen);
      errors.set(error.name, error);
      if (!errors.has(error.code)) errors.set(error.code, error);
    }
  }
  return {
    client,
    protocol,
    jsonVersion,
    apiVersion: protocolSettings.version ?? '',
    xmlNamespace: protocolSettings.xmlNamespace ?? '',
    targetPrefix: protocolSettings.serviceTarget ?? '',
    operations,
    errors,
  };
}

/** Protocol, namespace and version are known to a client's configuration alone: a client that never calls is made. */
function clientConfig(client: string, exported: Readonly<Record<string, unknown>>): ClientConfig {
  const found = Object.entries(exported).find(([name]) => /^[A-Za-z0-9]+Client$/.test(name));
  if (!found) throw new Error(`\`${client}\` exports no client`);
  const Client = found[1] as new (options: object) => { readonly config: ClientConfig };
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  return new Client({ region: 'us-east-1', credentials }).config;
}

function readOperation([, , name, traits, input, output]: OperationSchema, seen: Seen): OperationModel {
  const http = (typeof traits === 'object' ? traits['http'] : undefined) as [string, string, number] | undefined;
  return {
    name,
    input: optional(NormalizedSchema.of(input()), seen),
    output: optional(NormalizedSchema.of(output()), seen),
    http: http && { method: http[0], uri: http[1], status: http[2] },
  };
}

/**
 * JSON services answer every error of a caller with 400 and every other one with 500, whatever the schema says.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html#API_Encrypt_Errors
 */
function readError(schema: ErrorSchema, protocol: ProtocolName, seen: Seen): ErrorModel {
  const [, namespace, name, given] = schema;
  const traits = typeof given === 'object' ? given : {};
  const [code, queryStatus] = (traits['awsQueryError'] as [string, number] | undefined) ?? [name];
  const httpStatus = traits['httpError'] as number | undefined;
  const side = traits['error'] === 'server' ? 'server' : 'client';
  const usual = side === 'client' ? 400 : 500;
  const status = protocol === 'json' ? usual : (queryStatus ?? httpStatus ?? usual);
  const structure = structureOf(NormalizedSchema.of(schema as never), seen);
  return { name, qualifiedName: `${namespace}#${name}`, code, status, side, schema: structure };
}

/** Shapes by the vendor's schema: they refer to one another in circles, so that each is kept before its parts are made. */
type Seen = Map<unknown, Shape>;

/** Undefined for the unit type. */
const optional = (schema: NormalizedSchema, seen: Seen): StructureShape | undefined =>
  schema.isUnitSchema() ? undefined : (shapeOf(schema, seen) as StructureShape);

function shapeOf(schema: NormalizedSchema, seen: Seen): Shape {
  const raw = schema.getSchema();
  const known = seen.get(raw);
  if (known) return known;
  if (schema.isStructSchema()) return structureOf(schema, seen);
  if (schema.isListSchema()) {
    const list = { kind: 'list' } as Writable<ListShape>;
    seen.set(raw, list);
    list.member = memberOf(schema.getValueSchema(), 'member', false, seen);
    return list;
  }
  if (schema.isMapSchema()) {
    const map = { kind: 'map' } as Writable<MapShape>;
    seen.set(raw, map);
    map.key = memberOf(schema.getKeySchema(), 'key', false, seen);
    map.value = memberOf(schema.getValueSchema(), 'value', false, seen);
    return map;
  }
  const scalar: ScalarShape = {
    kind: scalarKind(schema),
    timestampFormat: typeof raw === 'number' && schema.isTimestampSchema() ? TIMESTAMP_FORMATS[raw] : undefined,
  };
  seen.set(raw, scalar);
  return scalar;
}

function structureOf(schema: NormalizedSchema, seen: Seen): StructureShape {
  const raw = schema.getSchema() as readonly unknown[];
  const members = new Map<string, Member>();
  const name = schema.getName() ?? '';
  const xmlName = (schema.getOwnTraits() as Traits)['xmlName'];
  const structure: StructureShape = {
    kind: 'structure',
    name,
    isUnion: schema.isUnionSchema(),
    xmlName: typeof xmlName === 'string' ? xmlName : name,
    members,
  };
  seen.set(raw, structure);
  const required = (raw[6] as number | undefined) ?? 0;
  for (const [memberName, of] of schema.structIterator()) {
    members.set(memberName, memberOf(of, memberName, members.size < required, seen));
  }
  return structure;
}

function memberOf(schema: NormalizedSchema, name: string, required: boolean, seen: Seen): Member {
  const own = schema.getMemberTraits() as Traits;
  const merged = schema.getMergedTraits() as Traits;
  const text = (trait: string): string | undefined => (typeof own[trait] === 'string' ? own[trait] : undefined);
  const [trait = '', location] = LOCATIONS.find(([candidate]) => own[candidate] !== undefined) ?? [];
  const isHeader = location === 'header' || location === 'prefix-headers';
  const locationName = text(trait) ?? '';
  const namespace = own['xmlNamespace'] as [prefix: string | undefined, uri: string] | undefined;
  // A member that is the whole body is called as its structure is, unless it says otherwise.
  const whole = location === 'payload' ? (merged['xmlName'] ?? schema.getName()) : undefined;
  const xmlName = text('xmlName') ?? (typeof whole === 'string' ? whole : name);
  return {
    name,
    shape: shapeOf(schema, seen),
    required,
    isSensitive: Boolean(merged['sensitive']),
    isIdempotencyToken: Boolean(own['idempotencyToken']),
    location,
    locationName: isHeader ? locationName.toLowerCase() : locationName,
    jsonName: text('jsonName') ?? name,
    xmlName,
    isXmlAttribute: Boolean(own['xmlAttribute']),
    isFlattened: Boolean(merged['xmlFlattened']),
    xmlNamespace: namespace && { prefix: namespace[0] ?? '', uri: namespace[1] },
    ec2Name: text('ec2QueryName') ?? xmlName.charAt(0).toUpperCase() + xmlName.slice(1),
  };
}

function scalarKind(schema: NormalizedSchema): ScalarShape['kind'] {
  if (schema.isStringSchema()) return 'string';
  if (schema.isNumericSchema()) return 'number';
  if (schema.isBooleanSchema()) return 'boolean';
  if (schema.isTimestampSchema()) return 'timestamp';
  if (schema.isBlobSchema()) return 'blob';
  if (schema.isDocumentSchema()) return 'document';
  throw new Error(`\`${schema.getName(true)}\` is of a kind that is not implemented`);
}
