import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { ExplainedCall } from '../why.ts';
import { CONTENT_POLICY, renderPage, renderWelcome } from './page.ts';

const HOSTILE = `<img src=x onerror="alert('&')">`;
const ESCAPED = '&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;';
const endpoints = { ibm: 'http://127.0.0.1:4601', aws: 'http://127.0.0.1:4602' };

const call: ExplainedCall = {
  id: HOSTILE,
  at: HOSTILE,
  operation: HOSTILE,
  outcome: 'failed',
  caller: { kind: 'user', id: HOSTILE, account: HOSTILE, name: HOSTILE },
  fault: { kind: 'invalid', reason: 'x', message: HOSTILE },
  questions: [],
  nested: [],
};

test('what accounts and calls are named reaches the page as text', () => {
  const html = renderPage({
    endpoints: { ibm: HOSTILE, aws: HOSTILE },
    now: HOSTILE,
    accounts: [{ id: HOSTILE, name: HOSTILE }],
    refusals: [call],
  });
  assert.ok(!html.includes('<img'));
  // Time, account name and id, endpoints; of the refusal: operation, fault, time, name, account, reason, id.
  assert.equal(html.split(ESCAPED).length - 1, 12);
});

test('the content policy allows the one style that the page has', () => {
  const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(renderWelcome({ endpoints, expired: false }))!;
  const hash = createHash('sha256').update(style).digest('base64');
  assert.ok(CONTENT_POLICY.includes(`style-src 'sha256-${hash}'`));
  assert.ok(CONTENT_POLICY.startsWith("default-src 'none';"));
});
