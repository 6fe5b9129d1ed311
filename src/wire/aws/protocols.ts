/** Which protocol a request is in: clients of one service speak several. */
import { createCborProtocol } from './cbor.ts';
import { createJsonProtocol } from './json.ts';
import type { ProtocolName, ServiceModel } from './model.ts';
import type { HttpRequest, Protocol, WireName } from './protocol.ts';
import { createEc2Protocol, createQueryProtocol } from './query.ts';
import { createRestJsonProtocol, createRestXmlProtocol } from './rest.ts';

const CREATORS: Readonly<Record<ProtocolName, (model: ServiceModel, tellsQueryErrors: boolean) => Protocol>> = {
  query: createQueryProtocol,
  ec2: createEc2Protocol,
  json: createJsonProtocol,
  'rest-json': createRestJsonProtocol,
  'rest-xml': createRestXmlProtocol,
};

const made = new WeakMap<ServiceModel, Map<string, Protocol>>();

/** The protocol of a request to a service: what the request shows, else the one that the service's own client speaks. */
export function protocolOf(model: ServiceModel, request: HttpRequest): Protocol {
  const tellsQueryErrors = request.headers['x-amzn-query-mode'] === 'true';
  const wire = wireOf(model.protocol, request);
  const key = tellsQueryErrors ? `${wire} with query errors` : wire;
  let protocols = made.get(model);
  if (!protocols) {
    protocols = new Map();
    made.set(model, protocols);
  }
  let protocol = protocols.get(key);
  if (!protocol) {
    protocol = wire === 'cbor' ? createCborProtocol(model, tellsQueryErrors) : CREATORS[wire](model, tellsQueryErrors);
    protocols.set(key, protocol);
  }
  return protocol;
}

function wireOf(own: ProtocolName, request: HttpRequest): WireName {
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor';
  return own === 'rest-xml' || own === 'ec2' || !isQuery(request) ? own : 'query';
}

/** A form, or an `Action` in the query string of a request that names no target in its headers. */
const isQuery = ({ headers, query }: HttpRequest): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') ||
  (headers['x-amz-target'] === undefined && /(?:^|&)Action=/.test(query));

/**
 * The protocol in which to refuse a request to a service that is not known: it has no operations, so that every name is
 * an unknown one.
 */
export function protocolOfUnknown(request: HttpRequest): Protocol {
  return protocolOf(UNKNOWN[guess(request)], request);
}

function guess(request: HttpRequest): ProtocolName | 'json 1.0' {
  const { headers, path } = request;
  const contentType = headers['content-type'] ?? '';
  if (headers['x-amz-target'] !== undefined) return contentType.endsWith('json-1.0') ? 'json 1.0' : 'json';
  if (isQuery(request)) return 'query';
  if (contentType.startsWith('application/json') && path !== '/') return 'rest-json';
  return 'rest-xml';
}

const unknownService = (protocol: ProtocolName, jsonVersion = '1.1'): ServiceModel => ({
  client: '',
  protocol,
  jsonVersion,
  apiVersion: '',
  xmlNamespace: '',
  targetPrefix: '',
  operations: new Map(),
  errors: new Map(),
});

const UNKNOWN = {
  query: unknownService('query'),
  ec2: unknownService('ec2'),
  json: unknownService('json'),
  'json 1.0': unknownService('json', '1.0'),
  'rest-json': unknownService('rest-json'),
  'rest-xml': unknownService('rest-xml'),
};
