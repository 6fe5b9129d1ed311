/** Values of shapes as XML: replies of the query protocols and of S3. */
import type { ListShape, MapShape, Member, ScalarShape, Shape, StructureShape, TimestampFormat } from '../model.ts';
import { memoized } from './memoized.ts';
import { formatScalar } from './text.ts';

/** What stands inside the element of a value; `attributes` goes into its tag. */
interface Content {
  readonly attributes: string;
  readonly text: string;
}
/** `times`: how times are written that have no format of their own. */
type Write = (value: unknown, times: TimestampFormat) => Content;

/** Carriage returns and the line ends of Unicode would be changed by readers; controls are no text at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[&<>"\u0000-\u0008\u000b-\u001f\u0085\u2028]/g;
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(text: string): string {
  return text.replace(UNSAFE, (unsafe) => NAMED[unsafe] ?? `&#x${unsafe.charCodeAt(0).toString(16).toUpperCase()};`);
}

/** The members of a structure as elements, without one around them. Members that it does not have are left out. */
export function writeXmlMembers(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  times: TimestampFormat = 'date-time',
): string {
  return writer(shape)(value, times).text;
}

/** `value` in an element of its own: the whole of a body. */
export function writeXmlDocument(shape: Shape, value: unknown, name: string, namespace: string): string {
  const { attributes, text } = writer(shape)(value, 'date-time');
  return element(name, (namespace === '' ? '' : ` xmlns="${escapeXml(namespace)}"`) + attributes, text);
}

const element = (name: string, attributes: string, text: string): string => `<${name}${attributes}>${text}</${name}>`;

const writer = memoized<Write>((shape) => {
  switch (shape.kind) {
    case 'structure':
      return structureWriter(shape);
    case 'list':
      return (value, times) => ({ attributes: '', text: items(shape, value, shape.member.xmlName, times) });
    case 'map':
      return (value, times) => ({ attributes: '', text: entries(shape, value, 'entry', times) });
    default:
      return scalarWriter(shape);
  }
});

function scalarWriter(shape: ScalarShape): Write {
  return shape.kind === 'string'
    ? (value) => ({ attributes: '', text: escapeXml(value as string) })
    : (value, times) => ({ attributes: '', text: escapeXml(formatScalar(shape, value, times)) });
}

function structureWriter(shape: StructureShape): Write {
  const members = [...shape.members.values()];
  return (value, times) => {
    let attributes = '';
    let text = '';
    for (const member of members) {
      const item = (value as Readonly<Record<string, unknown>>)[member.name];
      if (item === undefined || item === null) continue;
      if (member.isXmlAttribute) attributes += ` ${member.xmlName}="${writer(member.shape)(item, times).text}"`;
      else text += writeMember(member, item, times);
    }
    return { attributes, text };
  };
}

function writeMember(member: Member, value: unknown, times: TimestampFormat): string {
  const { shape } = member;
  if (member.isFlattened && shape.kind === 'list') return items(shape, value, member.xmlName, times);
  if (member.isFlattened && shape.kind === 'map') return entries(shape, value, member.xmlName, times);
  return named(member, value, member.xmlName, times);
}

function named(member: Member, value: unknown, name: string, times: TimestampFormat): string {
  const { attributes, text } = writer(member.shape)(value, times);
  return element(name, namespaceOf(member) + attributes, text);
}

function items(shape: ListShape, value: unknown, name: string, times: TimestampFormat): string {
  let text = '';
  for (const item of value as Iterable<unknown>) text += named(shape.member, item, name, times);
  return text;
}

function entries(shape: MapShape, value: unknown, name: string, times: TimestampFormat): string {
  let text = '';
  for (const [key, item] of Object.entries(value as object)) {
    const keyElement = named(shape.key, key, shape.key.xmlName, times);
    text += element(name, '', keyElement + named(shape.value, item, shape.value.xmlName, times));
  }
  return text;
}

function namespaceOf({ xmlNamespace }: Member): string {
  if (!xmlNamespace) return '';
  const { prefix, uri } = xmlNamespace;
  return ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeXml(uri)}"`;
}
