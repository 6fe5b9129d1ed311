/**
 * XML of request bodies, read strictly: no document types, no entities but the five that XML names itself, bounded
 * depth. https://www.w3.org/TR/xml/
 */
import { MAX_DEPTH } from './depth.ts';

export interface XmlElement {
  /** Without a prefix: the vendor's documents are in one namespace. */
  readonly name: string;
  /** By name as written, prefix included. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** What stands directly inside it. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly tag: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const NAME = '[A-Za-z_][\\w.\\-]*(?::[A-Za-z_][\\w.\\-]*)?';
/** Comment, processing instruction or declaration, CDATA, end tag, start tag, text: one of them begins anywhere. */
const TOKEN = new RegExp(
  [
    '<!--(?:(?!--)[^])*-->',
    '<\\?(?:(?!\\?>)[^])*\\?>',
    '<!\\[CDATA\\[(?<cdata>(?:(?!\\]\\]>)[^])*)\\]\\]>',
    `</(?<end>${NAME})\\s*>`,
    `<(?<start>${NAME})(?<attributes>(?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'y',
);
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Undefined unless `text` is one well-formed document within the bounds. */
export function parseXml(text: string): XmlElement | undefined {
  const document: OpenElement = { name: '', tag: '', attributes: new Map(), children: [], text: '' };
  const open = [document];
  try {
    let at = text.startsWith('\uFEFF') ? 1 : 0;
    while (at < text.length) {
      TOKEN.lastIndex = at;
      const token = TOKEN.exec(text);
      if (!token) return undefined;
      at = TOKEN.lastIndex;
      take(token.groups ?? {}, open);
    }
  } catch (error) {
    if (error instanceof MalformedXml) return undefined;
    throw error;
  }
  const [root, ...more] = document.children;
  return open.length === 1 && more.length === 0 && document.text.trim() === '' ? root : undefined;
}

class MalformedXml extends Error {}

function take(token: Readonly<Record<string, string | undefined>>, open: OpenElement[]): void {
  const current = open.at(-1)!;
  if (token['start'] !== undefined) {
    const element = openElement(token['start'], token['attributes'] ?? '');
    current.children.push(element);
    if (token['empty'] === '') open.push(element);
    if (open.length > MAX_DEPTH) throw new MalformedXml();
  } else if (token['end'] !== undefined) {
    if (open.length === 1 || current.tag !== token['end']) throw new MalformedXml();
    open.pop();
  } else if (token['text'] !== undefined) {
    current.text += unescapeXml(token['text']);
  } else if (token['cdata'] !== undefined) {
    current.text += token['cdata'];
  }
}

function openElement(tag: string, text: string): OpenElement {
  const attributes = new Map<string, string>();
  for (const [, name, double, single] of text.matchAll(ATTRIBUTE)) {
    if (attributes.has(name!)) throw new MalformedXml();
    attributes.set(name!, unescapeXml(double ?? single ?? ''));
  }
  return { name: tag.slice(tag.indexOf(':') + 1), tag, attributes, children: [], text: '' };
}

function unescapeXml(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  if (!lines.includes('&')) return lines;
  return lines.replace(/&(?:(#x[0-9a-fA-F]{1,6}|#\d{1,7})|(\w+));|&/g, (_, number?: string, name?: string) => {
    const character = number === undefined ? ENTITIES[name ?? ''] : characterOf(number);
    if (character === undefined) throw new MalformedXml();
    return character;
  });
}

function characterOf(reference: string): string | undefined {
  const isHex = reference.startsWith('#x');
  const code = Number.parseInt(reference.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
