/**
 * Plays stories against a running plane: makes calls, prints each with its outcome and the reason for it, and replays
 * every allowed call with each grant that it used removed in turn.
 */
import assert from 'node:assert/strict';
import { styleText } from 'node:util';
import { type Clients, type Reply, sdk } from './clients.ts';

/** The parts of an explanation (`GET /api/decisions/{id}`) that stories look at. */
export interface ExplainedCall {
  readonly id: string;
  readonly operation: string;
  readonly outcome?: string;
  readonly questions: readonly {
    readonly words: string;
    readonly outcome: string;
    readonly resource: { readonly name: string; readonly account: string };
    readonly sides: readonly {
      readonly account: string;
      readonly says?: string;
      readonly layers?: readonly {
        readonly kind: string;
        readonly because: readonly {
          readonly matched: boolean;
          readonly effect: string;
          readonly origin: { readonly account: string; readonly policy: string; readonly text: string };
        }[];
      }[];
    }[];
    readonly remedy?: Remedy;
  }[];
  readonly nested: readonly ExplainedCall[];
}

export interface Remedy {
  readonly [part: string]: unknown;
}

export interface Plane {
  readonly ibm: string;
  readonly console: string;
  readonly operatorToken: string;
}

/** A policy that allowed a call. */
interface Grant {
  readonly account: string;
  readonly policy: string;
}

export interface Story {
  /** A call that must be allowed; answers its body. Its grants are then removed in turn and the call repeated. */
  allowed<T>(title: string, call: () => Promise<Reply<T>>): Promise<T>;
  /** A call that must be refused with this status, and with this code somewhere in its body; answers the call's id. */
  refused(title: string, status: number, code: string, call: () => Promise<Reply>): Promise<string>;
  /** What the plane says of a call; through the eyes of an account's administrator, or the operator's. */
  why(id: string, apiKey?: string): Promise<ExplainedCall>;
  /** Waits for something that a job of the plane brings about. */
  until<T>(title: string, probe: () => Promise<T | undefined>): Promise<T>;
  advanceClock(seconds: number): Promise<void>;
  say(text: string): void;
  readonly counts: { readonly calls: number; readonly replays: number };
}

const WAIT_MILLISECONDS = 10_000;

/** `administrators`: for each account, clients that may remove and restore its policies. */
export function tell(plane: Plane, administrators: ReadonlyMap<string, Clients>): Story {
  const counts = { calls: 0, replays: 0 };

  async function why(id: string, apiKey?: string): Promise<ExplainedCall> {
    const token = apiKey === undefined ? plane.operatorToken : await bearerFor(plane.ibm, apiKey);
    const reply = await ask(plane, 'GET', `/api/decisions/${id}`, token);
    assert.equal(reply.status, 200, `no explanation for ${id}: ${JSON.stringify(reply.body)}`);
    return (reply.body as { calls: ExplainedCall[] }).calls[0]!;
  }

  /** Removes one grant, repeats the call, expects a refusal that names where the grant is missing, and restores it. */
  async function withoutGrant(title: string, grant: Grant, call: () => Promise<Reply>): Promise<void> {
    const { policies } = administrators.get(grant.account)!;
    await policies.deletePolicy({ policyId: grant.policy });
    const reply = await call();
    counts.replays += 1;
    const { headers } = await policies.getPolicy({ policyId: grant.policy });
    const etag = String((headers as Record<string, unknown>)['etag']);
    await policies.updatePolicyState({ policyId: grant.policy, ifMatch: etag, state: 'active' });
    assert.ok(reply.status >= 400, `\`${title}\` was allowed without policy ${grant.policy} of ${grant.account}`);
    const denied = deniedIn(await why(idOf(reply)));
    assert.ok(
      denied.some((question) => question.resource.account === grant.account),
      `why \`${title}\` is refused without policy ${grant.policy} does not name account ${grant.account}`,
    );
    print(styleText('dim', `    without ${describe(grant)}: ${reply.status}, refused as it should be`));
  }

  return {
    counts,
    why,
    say: print,
    async allowed<T>(title: string, call: () => Promise<Reply<T>>) {
      const reply = await call();
      counts.calls += 1;
      if (reply.status >= 400) assert.fail(`\`${title}\` was refused: ${reply.status} ${JSON.stringify(reply.body)}`);
      const explained = await why(idOf(reply));
      print(`${styleText('green', 'allowed')}  ${title}  ${styleText('dim', `${reply.status} ${idOf(reply)}`)}`);
      for (const line of reasonsOf(explained)) print(styleText('dim', `    because ${line}`));
      for (const grant of grantsOf(explained)) await withoutGrant(title, grant, call);
      return reply.body;
    },
    async refused(title, status, code, call) {
      const reply = await call();
      counts.calls += 1;
      assert.equal(reply.status, status, `\`${title}\`: ${JSON.stringify(reply.body)}`);
      assert.ok(
        JSON.stringify(reply.body).includes(code),
        `\`${title}\` is not refused with ${code}: ${JSON.stringify(reply.body)}`,
      );
      print(`${styleText('red', 'refused')}  ${title}  ${styleText('dim', `${status} ${code} ${idOf(reply)}`)}`);
      for (const question of deniedIn(await why(idOf(reply)))) {
        print(
          styleText(
            'dim',
            `    because account ${question.resource.account} does not allow ${question.words} on ${question.resource.name}`,
          ),
        );
      }
      return idOf(reply);
    },
    async until(title, probe) {
      const end = performance.now() + WAIT_MILLISECONDS;
      for (;;) {
        const found = await probe();
        if (found !== undefined) {
          print(`${styleText('cyan', 'came')}     ${title}`);
          return found;
        }
        if (performance.now() > end) throw new Error(`it did not come true: ${title}`);
      }
    },
    async advanceClock(seconds) {
      const reply = await ask(plane, 'POST', '/api/clock', plane.operatorToken, { advance: `${seconds}s` });
      assert.equal(reply.status, 200, JSON.stringify(reply.body));
      print(`${styleText('cyan', 'clock')}    the operator advances it by ${seconds} s`);
    },
  };
}

function idOf(reply: Reply): string {
  const id = reply.headers['easement-request-id'];
  assert.ok(id, `the reply has no easement-request-id: ${JSON.stringify(reply)}`);
  return id;
}

/** The questions of a call and of all that services asked for it. */
export function questionsOf(call: ExplainedCall): ExplainedCall['questions'][number][] {
  return [...call.questions, ...call.nested.flatMap(questionsOf)];
}

function deniedIn(call: ExplainedCall): ExplainedCall['questions'][number][] {
  return questionsOf(call).filter((question) => question.outcome !== 'allowed');
}

function matchedIn(call: ExplainedCall) {
  return questionsOf(call).flatMap((question) =>
    question.sides.flatMap((side) =>
      (side.layers ?? []).flatMap((layer) =>
        layer.because
          .filter((reason) => reason.matched && reason.effect === 'allow')
          .map((reason) => ({ question, kind: layer.kind, origin: reason.origin })),
      ),
    ),
  );
}

function grantsOf(call: ExplainedCall): Grant[] {
  const policies = matchedIn(call).filter(({ kind }) => kind === 'access' || kind === 'authorization');
  const grants = policies.map(({ origin }) => ({ account: origin.account, policy: origin.policy }));
  return [...new Map(grants.map((grant) => [grant.policy, grant])).values()];
}

function reasonsOf(call: ExplainedCall): string[] {
  return [
    ...new Set(
      matchedIn(call).map(
        ({ question, origin }) => `${question.words}: ${grantText(origin)} of account ${origin.account}`,
      ),
    ),
  ];
}

/** A policy is kept as the JSON that the API shows: its kind and its roles say enough here. */
function grantText({ policy, text }: { policy: string; text: string }): string {
  if (!text.startsWith('{')) return text;
  const {
    type,
    roles = [],
    control,
  } = JSON.parse(text) as {
    type: string;
    roles?: { role_id: string }[];
    control?: { grant: { roles: { role_id: string }[] } };
  };
  const names = [...roles, ...(control?.grant.roles ?? [])].map(({ role_id: id }) => id.slice(id.lastIndexOf(':') + 1));
  return `${type} policy ${policy} (${names.join(', ')})`;
}

function describe(grant: Grant): string {
  return `policy ${grant.policy} of account ${grant.account}`;
}

async function bearerFor(ibm: string, apiKey: string): Promise<string> {
  const reply = await fetch(`${ibm}/identity/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey }),
  });
  return ((await reply.json()) as { access_token: string }).access_token;
}

async function ask(plane: Plane, method: string, path: string, token: string, body?: unknown): Promise<Reply> {
  return sdk(
    fetch(plane.console + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).then(async (response) => ({
      status: response.status,
      headers: response.headers,
      result: (await response.json()) as unknown,
    })),
  );
}

function print(text: string): void {
  console.log(text);
}
