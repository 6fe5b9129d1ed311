/** Values of shapes out of forms: requests of the query protocol and of EC2's kind of it. */
import { awsFault } from '../fault.ts';
import type { ListShape, MapShape, Member, ScalarShape, Shape, StructureShape } from '../model.ts';
import { setEntry } from './bytes.ts';
import type { FormNode } from './form.ts';
import { parseScalar } from './text.ts';

export type FormDialect = 'query' | 'ec2';

/** Throws `MalformedInput` (`InvalidParameterValue` of EC2) where a value is not what the shape says. */
export function readForm(shape: StructureShape, node: FormNode, dialect: FormDialect): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  let set = 0;
  for (const member of shape.members.values()) {
    const part = node.parts.get(dialect === 'ec2' ? member.ec2Name : member.xmlName);
    if (part === undefined) continue;
    read[member.name] = readNode(member.shape, part, member, dialect);
    set += 1;
  }
  if (shape.isUnion && set > 1) throw malformed('Only one member of a union may be set');
  return read;
}

function readNode(shape: Shape, node: FormNode, member: Member, dialect: FormDialect): unknown {
  switch (shape.kind) {
    case 'structure':
      if (node.value) throw malformed('Unexpected complex element termination');
      return readForm(shape, node, dialect);
    case 'list':
      return readList(shape, node, member, dialect);
    case 'map':
      return readMap(shape, node, member, dialect);
    default:
      return readScalar(shape, node, member, dialect);
  }
}

/** `Tags=` alone is the empty list. EC2 numbers items without a name before the number. */
function readList(shape: ListShape, node: FormNode, member: Member, dialect: FormDialect): unknown[] {
  if (node.value) throw malformed('Unexpected list element termination');
  const isFlat = dialect === 'ec2' || member.isFlattened;
  const { parts } = node;
  // Old clients name items `member` whatever the model says.
  const within = isFlat ? node : (parts.get(shape.member.xmlName) ?? parts.get('member'));
  return numbered(within).map((item) => readNode(shape.member.shape, item, shape.member, dialect));
}

function readMap(shape: MapShape, node: FormNode, member: Member, dialect: FormDialect): Record<string, unknown> {
  if (node.value) throw malformed('Unexpected complex element termination');
  const read: Record<string, unknown> = {};
  for (const entry of numbered(member.isFlattened ? node : node.parts.get('entry'))) {
    const key = entry.parts.get(shape.key.xmlName)?.value;
    const value = entry.parts.get(shape.value.xmlName);
    if (key === undefined || value === undefined) throw malformed('An entry of a map has no key or no value');
    setEntry(read, key, readNode(shape.value.shape, value, shape.value, dialect));
  }
  return read;
}

/** Numbers order the items and need not be without gaps: a large one costs nothing. */
function numbered(node: FormNode | undefined): FormNode[] {
  if (node === undefined) return [];
  const items: [number, FormNode][] = [];
  for (const [name, item] of node.parts) {
    if (!/^\d{1,9}$/.test(name)) throw malformed(`\`${name}\` is not the number of an item`);
    items.push([Number(name), item]);
  }
  return items.sort(([a], [b]) => a - b).map(([, item]) => item);
}

function readScalar(shape: ScalarShape, node: FormNode, member: Member, dialect: FormDialect): unknown {
  if (node.value === undefined) throw malformed('Start of structure or map found where not expected.');
  const value = parseScalar(shape, node.value, 'date-time');
  if (value !== undefined) return value;
  if (dialect === 'ec2') {
    throw awsFault('InvalidParameterValue', `Value (${node.value}) for parameter ${member.ec2Name} is invalid.`);
  }
  throw malformed(MISMATCHES[shape.kind] ?? 'The value has the wrong type');
}

const MISMATCHES: Readonly<Record<string, string>> = {
  number: 'STRING_VALUE can not be converted to an Integer',
  boolean: 'STRING_VALUE can not be converted to a Boolean',
  blob: 'STRING_VALUE can not be converted to a Blob',
  timestamp: 'timestamp must follow ISO8601',
};

const malformed = (message: string) => awsFault('MalformedInput', message);
