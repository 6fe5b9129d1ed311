/**
 * Plays stories against a running plane: makes calls, prints each with its outcome and the reason for it, and replays
 * every allowed call with each grant that it used removed in turn.
 */
import assert from 'node:assert/strict';
import { styleText } from 'node:util';
import { bearerFor, type Reply, sdk } from './clients.ts';
import { type ExplainedCall, type Grant, grantsOf, grantText, lacksIn, reasonsOf, refusalsOf } from './explained.ts';

export interface Plane {
  readonly ibm: string;
  readonly aws: string;
  readonly console: string;
  readonly operatorToken: string;
}

/** Takes a grant of an account away, as an administrator of it; answers what puts it back. */
export type TakeAway = (grant: Grant) => Promise<() => Promise<void>>;

export interface Story {
  /** A call that must be allowed; answers its body. Its grants are then removed in turn and the call repeated. */
  allowed<T>(title: string, call: () => Promise<Reply<T>>): Promise<T>;
  /** The same of a call that uses up what allowed it, and so cannot be repeated. */
  once<T>(title: string, call: () => Promise<Reply<T>>): Promise<T>;
  /**
   * A call that must be refused with this status, and with exactly this code somewhere in its body; answers the call's id.
   * `isRecorded`: false for callers who are nobody and input that is no input, of which no record is kept.
   */
  refused(
    title: string,
    status: number,
    code: string,
    call: () => Promise<Reply>,
    isRecorded?: boolean,
  ): Promise<string>;
  /** What the plane says of a call; through the eyes of an account's administrator, or the operator's. */
  why(id: string, apiKey?: string): Promise<ExplainedCall>;
  /** Waits for something that a job of the plane brings about. */
  until<T>(title: string, probe: () => Promise<T | undefined>): Promise<T>;
  /** Milliseconds by the plane's clock. */
  now(): Promise<number>;
  advanceClock(seconds: number): Promise<void>;
  say(text: string): void;
  readonly counts: { readonly calls: number; readonly replays: number };
}

const WAIT_MILLISECONDS = 10_000;

/** How a call that lacks a grant has to be refused, where the clouds differ. */
export type IsDenial = (reply: Reply) => boolean;

/** `administrators`: for each account, who takes its grants away. */
export function tell(
  plane: Plane,
  administrators: ReadonlyMap<string, TakeAway>,
  isDenial: IsDenial = ({ status }) => status >= 400,
): Story {
  const counts = { calls: 0, replays: 0 };

  async function why(id: string, apiKey?: string): Promise<ExplainedCall> {
    const token = apiKey === undefined ? plane.operatorToken : await bearerFor(plane.ibm, apiKey);
    const reply = await ask(plane, 'GET', `/api/decisions/${id}`, token);
    assert.equal(reply.status, 200, `no explanation for ${id}: ${JSON.stringify(reply.body)}`);
    return (reply.body as { calls: ExplainedCall[] }).calls[0]!;
  }

  async function permitted<T>(title: string, call: () => Promise<Reply<T>>) {
    const reply = await call();
    counts.calls += 1;
    if (reply.status >= 400) assert.fail(`\`${title}\` was refused: ${reply.status} ${JSON.stringify(reply.body)}`);
    const explained = await why(idOf(reply));
    print(`${styleText('green', 'allowed')}  ${title}  ${styleText('dim', `${reply.status} ${idOf(reply)}`)}`);
    for (const line of reasonsOf(explained)) print(styleText('dim', `    because ${line}`));
    return { body: reply.body, explained };
  }

  /** Removes one grant, repeats the call, expects a refusal that names where the grant is missing, and restores it. */
  async function withoutGrant(title: string, grant: Grant, call: () => Promise<Reply>): Promise<void> {
    const restore = await administrators.get(grant.account)!(grant);
    const reply = await call().finally(restore);
    counts.replays += 1;
    const without = `without ${grantText(grant)}`;
    assert.ok(isDenial(reply), `\`${title}\` ${without}: ${reply.status} ${JSON.stringify(reply.body)}`);
    assert.ok(
      lacksIn(await why(idOf(reply))).some(({ account }) => account === grant.account),
      `why \`${title}\` is refused ${without} does not name account ${grant.account}`,
    );
    print(styleText('dim', `    ${without}: ${reply.status}, refused as it should be`));
  }

  return {
    counts,
    why,
    say: print,
    once: async <T>(title: string, call: () => Promise<Reply<T>>) => (await permitted(title, call)).body,
    async allowed<T>(title: string, call: () => Promise<Reply<T>>) {
      const { body, explained } = await permitted(title, call);
      for (const grant of grantsOf(explained)) await withoutGrant(title, grant, call);
      return body;
    },
    async refused(title, status, code, call, isRecorded = true) {
      const reply = await call();
      counts.calls += 1;
      assert.equal(reply.status, status, `\`${title}\`: ${JSON.stringify(reply.body)}`);
      assert.ok(
        JSON.stringify(reply.body).includes(JSON.stringify(code)),
        `\`${title}\` is not refused with ${code}: ${JSON.stringify(reply.body)}`,
      );
      print(`${styleText('red', 'refused')}  ${title}  ${styleText('dim', `${status} ${code} ${idOf(reply)}`)}`);
      if (!isRecorded) return idOf(reply);
      for (const line of refusalsOf(await why(idOf(reply)))) print(styleText('dim', `    because ${line}`));
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
    async now() {
      const { body } = await ask(plane, 'GET', '/api/clock', plane.operatorToken);
      return Date.parse((body as { now: string }).now);
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
