/** Values of shapes out of XML: bodies of REST requests. */
import { awsFault } from '../fault.ts';
import type { ListShape, MapShape, Member, Shape, StructureShape } from '../model.ts';
import { setEntry } from './bytes.ts';
import { parseScalar } from './text.ts';
import { parseXml, type XmlElement } from './xml-parse.ts';

/** Throws `MalformedXML` when the body is no document whose root is called `rootName`, or does not fit the shape. */
export function readXml(shape: StructureShape, body: Buffer, rootName: string): Record<string, unknown> {
  const root = parseXml(body.toString());
  if (root?.name !== rootName) throw malformed();
  return readStructure(shape, root);
}

function readStructure(shape: StructureShape, element: XmlElement): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  let set = 0;
  for (const member of shape.members.values()) {
    const value = readMember(member, element);
    if (value === undefined) continue;
    read[member.name] = value;
    set += 1;
  }
  if (shape.isUnion && set > 1) throw malformed();
  return read;
}

function readMember(member: Member, parent: XmlElement): unknown {
  const { shape, xmlName } = member;
  if (member.isXmlAttribute) {
    const text = parent.attributes.get(xmlName);
    return text === undefined ? undefined : readText(shape, text);
  }
  const elements = parent.children.filter(({ name }) => name === xmlName);
  const [first] = elements;
  if (first === undefined) return undefined;
  if (member.isFlattened && shape.kind === 'list') return readItems(shape, elements);
  if (member.isFlattened && shape.kind === 'map') return readEntries(shape, elements);
  return readElement(shape, first);
}

function readElement(shape: Shape, element: XmlElement): unknown {
  switch (shape.kind) {
    case 'structure':
      return readStructure(shape, element);
    case 'list':
      return readItems(
        shape,
        element.children.filter(({ name }) => name === shape.member.xmlName),
      );
    case 'map':
      return readEntries(
        shape,
        element.children.filter(({ name }) => name === 'entry'),
      );
    default:
      if (element.children.length > 0) throw malformed();
      return readText(shape, element.text);
  }
}

const readItems = (shape: ListShape, elements: readonly XmlElement[]): unknown[] =>
  elements.map((element) => readElement(shape.member.shape, element));

function readEntries(shape: MapShape, elements: readonly XmlElement[]): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const { children } of elements) {
    const key = children.find(({ name }) => name === shape.key.xmlName);
    const value = children.find(({ name }) => name === shape.value.xmlName);
    if (key === undefined || value === undefined) throw malformed();
    setEntry(read, key.text, readElement(shape.value.shape, value));
  }
  return read;
}

function readText(shape: Shape, text: string): unknown {
  if (shape.kind === 'structure' || shape.kind === 'list' || shape.kind === 'map') throw malformed();
  const value = parseScalar(shape, shape.kind === 'string' ? text : text.trim(), 'date-time');
  if (value === undefined) throw malformed();
  return value;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const malformed = () =>
  awsFault('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
