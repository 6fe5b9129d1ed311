import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_DEPTH } from './depth.ts';
import { parseXml } from './xml-parse.ts';

const LAUGHS = `<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;">]><a>&d;</a>`;

const REFUSED: readonly (readonly [what: string, text: string])[] = [
  ['a document type', '<!DOCTYPE a><a/>'],
  ['entities that grow', LAUGHS],
  ['an entity of a file', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
  ['an external document type', '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>'],
  ['an entity that nobody has declared', '<a>&b;</a>'],
  ['an entity of HTML', '<a>&nbsp;</a>'],
  ['an entity without its end', '<a>&amp</a>'],
  ['half a surrogate pair', '<a>&#xD800;</a>'],
  ['NUL', '<a>&#0;</a>'],
  ['a character beyond Unicode', '<a>&#x110000;</a>'],
  ['two roots', '<a/><b/>'],
  ['no root', 'text'],
  ['nothing', ''],
  ['text beside the root', '<a/>text'],
  ['an element without its end', '<a><b></a>'],
  ['an end of nothing', '</a>'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['an attribute without quotes', '<a b=1/>'],
  ['a comment without its end', '<a><!-- </a>'],
  ['nested deeper than any request', `${'<a>'.repeat(MAX_DEPTH + 1)}${'</a>'.repeat(MAX_DEPTH + 1)}`],
];

for (const [what, text] of REFUSED) {
  test(`refused: ${what}`, () => assert.equal(parseXml(text), undefined));
}

test('the five entities of XML, character references and CDATA are read', () => {
  const text = '<a b="&lt;&quot;">&amp;&gt;&apos;&#65;&#x42;<![CDATA[<&b;>]]><!-- not this --></a>';
  const { attributes, text: inside } = parseXml(text)!;
  assert.deepEqual([attributes.get('b'), inside], ['<"', "&>'AB<&b;>"]);
});

test('a mebibyte of anything is read or refused, without running out of stack', () => {
  const long = 'x'.repeat(1024 * 1024);
  const blanks = ' '.repeat(1024 * 1024);
  assert.equal(parseXml(`<a><!--${long}--></a>`)?.text, '');
  assert.equal(parseXml(`<a><![CDATA[${long}]]></a>`)?.text, long);
  assert.equal(parseXml(`<a b="${long}"/>`)?.attributes.get('b'), long);
  assert.equal(parseXml(`<a${blanks}/>`)?.name, 'a');
  for (const open of ['<!--', '<![CDATA[', '<?', '<a b="']) assert.equal(parseXml(`<a>${open}${long}`), undefined);
  assert.equal(parseXml(`<a${blanks}`), undefined);
  assert.equal(parseXml('<a>'.repeat(300_000)), undefined);
});
