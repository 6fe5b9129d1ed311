/** The one plain page of the console's listener, rendered here: no script, no request to anywhere. */
import { createHash } from 'node:crypto';
import { summary } from '../why/words.ts';
import type { ExplainedCall } from '../why.ts';
import type { Endpoints } from './routes.ts';

export interface PageData {
  readonly endpoints: Endpoints;
  /** ISO 8601, by the plane's clock. */
  readonly now: string;
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  /** The newest calls that ended with a refusal, newest first. */
  readonly refusals: readonly ExplainedCall[];
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --dim: #60676f; --line: #d9dde2; --ground: #fbfbfc; --panel: #ffffff; --mark: #9a3412; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7e9ec; --dim: #9aa3ad; --line: #30363d; --ground: #101316; --panel: #171b20; --mark: #fdba74; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 1rem; margin: 2.25rem 0 0.6rem; }
p { margin: 0.4rem 0; }
.dim { color: var(--dim); }
code { font: 0.875em ui-monospace, monospace; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
th, td { text-align: left; padding: 0.5rem 0.75rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
th { font-weight: 600; color: var(--dim); font-size: 0.85rem; }
.refusal { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem 1rem; margin: 0 0 0.75rem; }
.refusal h3 { font-size: 0.95rem; margin: 0; }
.refusal h3 span { color: var(--mark); }
.refusal ul { margin: 0.4rem 0; padding-left: 1.1rem; }
`;

/** No script, no image, no frame, no form; of styles the one above. */
export const CONTENT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For whoever has no session: what answers where, and how to get in. */
export function renderWelcome({ endpoints, expired }: { endpoints: Endpoints; expired: boolean }): string {
  const why = expired
    ? 'This link has been used, or is older than an hour.'
    : 'What happens in the accounts is shown to the person who runs this plane.';
  return layout(`
    <h1>Easement</h1>
    <p class="dim">${why} <code>easement page</code> prints a link that opens this page.</p>
    ${endpointTable(endpoints)}`);
}

export function renderPage({ endpoints, now, accounts, refusals }: PageData): string {
  return layout(`
    <h1>Easement</h1>
    <p class="dim">${accounts.length} accounts; the plane's clock says ${escapeHtml(now)}</p>
    <h2>Accounts</h2>
    <table><thead><tr><th>Name</th><th>Id</th></tr></thead><tbody>
    ${accounts.map(({ id, name }) => `<tr><td>${escapeHtml(name)}</td><td><code>${escapeHtml(id)}</code></td></tr>`).join('\n')}
    </tbody></table>
    ${endpointTable(endpoints)}
    <h2>Latest refusals</h2>
    ${refusals.length === 0 ? '<p class="dim">Nothing has been refused.</p>' : refusals.map(refusalBlock).join('\n')}`);
}

function endpointTable({ ibm, aws }: Endpoints): string {
  return `<h2>Endpoints</h2>
    <table><thead><tr><th>What answers</th><th>Where</th></tr></thead><tbody>
    <tr><td>IBM Cloud APIs</td><td><code>${escapeHtml(ibm)}</code></td></tr>
    <tr><td>AWS APIs</td><td><code>${escapeHtml(aws)}</code></td></tr>
    </tbody></table>
    <p class="dim"><code>easement env ACCOUNT</code> prints what points clients at an account.</p>`;
}

function refusalBlock(call: ExplainedCall): string {
  const who = call.caller.name ?? call.caller.id;
  return `<section class="refusal">
    <h3>${escapeHtml(call.operation)} <span>${escapeHtml(call.fault?.message ?? call.outcome ?? '')}</span></h3>
    <p class="dim">${escapeHtml(call.at)}: ${escapeHtml(who)} of account <code>${escapeHtml(call.caller.account)}</code></p>
    <ul>${summary(call)
      .map((line) => `<li>${escapeHtml(line)}</li>`)
      .join('')}</ul>
    <p class="dim"><code>easement why ${escapeHtml(call.id)}</code></p>
  </section>`;
}

function layout(content: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Easement</title><style>${STYLE}</style></head>
<body><main>${content}</main></body></html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
