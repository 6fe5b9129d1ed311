/**
 * The query protocol, which STS and IAM speak, and EC2's kind of it: parameters in a form, answers in XML.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/programming.html
 */
import { awsFault } from './fault.ts';
import type { ErrorModel, ServiceModel } from './model.ts';
import type { HttpReply, HttpRequest, Members, Protocol, WireError } from './protocol.ts';
import { parseForm } from './values/form.ts';
import { readForm } from './values/form-read.ts';
import { parsePairs } from './values/pairs.ts';
import { escapeXml, writeXmlMembers } from './values/xml-write.ts';

const formText = ({ body, query }: HttpRequest): string => (body.length > 0 ? body.toString() : query);

/** What a request says at the top; the rest of its form is only read once the caller is known. */
const parameters = (request: HttpRequest): ReadonlyMap<string, string> => new Map(parsePairs(formText(request)));

export function createQueryProtocol(model: ServiceModel): Protocol {
  const namespace = xmlns(model);
  return {
    name: 'query',
    operationName(request) {
      if (request.path !== '/' || (request.method !== 'GET' && request.method !== 'POST')) {
        throw awsFault('InvalidAction', `Could not find operation ${request.method} ${request.path}`);
      }
      const given = parameters(request);
      const action = given.get('Action');
      if (!action) throw awsFault('MissingAction', 'Missing Action');
      const version = given.get('Version') || 'NO_VERSION_SPECIFIED';
      if (version !== model.apiVersion || !model.operations.has(action)) {
        throw awsFault('InvalidAction', `Could not find operation ${action} for version ${version}`);
      }
      return action;
    },
    readInput({ input }, request) {
      return input ? readForm(input, parseForm(formText(request)), 'query') : {};
    },
    writeOutput({ name, output: shape }, output, requestId) {
      const members = shape ? writeXmlMembers(shape, output, 'whole-seconds') : '';
      const result = shape ? `<${name}Result>${members}</${name}Result>` : '';
      const metadata = `<ResponseMetadata><RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata>`;
      return reply(200, `<${name}Response${namespace}>${result}${metadata}</${name}Response>`, requestId);
    },
    writeError(error, requestId) {
      const type = error.side === 'client' ? 'Sender' : 'Receiver';
      const body = `<Error><Type>${type}</Type>${errorElements(model, error)}</Error>`;
      const id = `<RequestId>${escapeXml(requestId)}</RequestId>`;
      return reply(error.status, `<ErrorResponse${namespace}>${body}${id}</ErrorResponse>`, requestId);
    },
  };
}

/** https://docs.aws.amazon.com/ec2/latest/devguide/ec2-query-api.html */
export function createEc2Protocol(model: ServiceModel): Protocol {
  const namespace = xmlns(model);
  return {
    name: 'ec2',
    operationName(request) {
      const action = parameters(request).get('Action');
      if (!action) throw awsFault('MissingParameter', 'The request must contain the parameter Action');
      // Any version of the API is answered: EC2 keeps old ones alive.
      if (!model.operations.has(action)) {
        throw awsFault('InvalidAction', `The action ${action} is not valid for this web service.`);
      }
      return action;
    },
    readInput({ input }, request) {
      return input ? readForm(input, parseForm(formText(request)), 'ec2') : {};
    },
    writeOutput({ name, output: shape }, output, requestId) {
      const members = shape ? writeXmlMembers(shape, output) : '<return>true</return>';
      const id = `<requestId>${escapeXml(requestId)}</requestId>`;
      return reply(200, `<${name}Response${namespace}>${id}${members}</${name}Response>`, requestId);
    },
    writeError(error, requestId) {
      const body = `<Errors><Error>${errorElements(model, error)}</Error></Errors>`;
      const id = `<RequestID>${escapeXml(requestId)}</RequestID>`;
      return reply(error.status, `<Response>${body}${id}</Response>`, requestId);
    },
  };
}

const xmlns = ({ xmlNamespace }: ServiceModel): string =>
  xmlNamespace === '' ? '' : ` xmlns="${escapeXml(xmlNamespace)}"`;

/** Code, message and the members of the error's shape; shared with REST in XML. */
export function errorElements(model: ServiceModel, { code, message, members = {} }: WireError): string {
  const known = model.errors.get(code);
  const more = known ? writeXmlMembers(known.schema, withoutMessage(known, members)) : '';
  return `<Code>${escapeXml(known?.code ?? code)}</Code><Message>${escapeXml(message)}</Message>${more}`;
}

/** The message has its element already. */
function withoutMessage({ schema }: ErrorModel, members: Members): Members {
  const kept = Object.entries(members).filter(([name]) => schema.members.has(name) && !/^message$/i.test(name));
  return Object.fromEntries(kept);
}

function reply(status: number, xml: string, requestId: string): HttpReply {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-RequestId': requestId }, body: xml };
}
