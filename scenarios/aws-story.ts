/** Stories among three AWS accounts: calls that are allowed, and calls that are refused for the right reason. */
import assert from 'node:assert/strict';
import {
  type Answer,
  type AwsClients,
  type AwsKeys,
  awsClientsOf,
  type GivenKeys,
  sdkAws,
  sessionOf,
} from './aws-clients.ts';
import { takesStatementsAway } from './aws-grants.ts';
import { failedOn, lacksIn } from './explained.ts';
import { type Plane, type Story, tell } from './story.ts';

/** An account, and its administrator. */
export interface AwsParty {
  readonly account: string;
  readonly admin: AwsKeys;
}

export interface AwsParties {
  readonly a: AwsParty;
  readonly b: AwsParty;
  readonly c: AwsParty;
}

/** An account with its administrator at work. */
export interface Land {
  readonly account: string;
  readonly admin: AwsClients;
}

/** Where the reason for a refusal is. */
export interface Because {
  /** The account whose side lacks something. */
  readonly account: string;
  /** The kind of policy, if it matters which. */
  readonly layer?: string;
  /** The context key of the condition that did not hold. */
  readonly key?: string;
}

export interface AwsStory extends Pick<Story, 'say' | 'why' | 'now' | 'advanceClock' | 'counts'> {
  readonly endpoint: string;
  readonly a: Land;
  readonly b: Land;
  readonly c: Land;
  /** Distinguishes what this run makes from what other runs have made. */
  readonly run: string;
  /** Clients of the session that STS has just given credentials for. */
  as(given: { Credentials?: GivenKeys | undefined }): AwsClients;
  /** A call that must be allowed; its grants are then removed in turn and the call repeated. */
  allowed<T extends Answer>(title: string, call: () => Promise<T>): Promise<T>;
  /** The same of a call that uses up what allowed it, and so cannot be repeated. */
  once<T extends Answer>(title: string, call: () => Promise<T>): Promise<T>;
  /** A call that must be denied, with the vendor's error for that, and for this reason; answers the call's id. */
  denied(title: string, because: Because, call: () => Promise<Answer>): Promise<string>;
  /** A call that must be refused with an error of this name for another reason than that it is not allowed. */
  refused(title: string, name: string, call: () => Promise<Answer>): Promise<string>;
}

const ACCESS_DENIED: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException']);

export function tellAws(plane: Plane, parties: AwsParties): AwsStory {
  const [a, b, c] = [parties.a, parties.b, parties.c].map(({ account, admin }) => ({
    account,
    admin: awsClientsOf(plane.aws, admin),
  })) as [Land, Land, Land];
  const administrators = new Map([a, b, c].map((land) => [land.account, takesStatementsAway(land.admin)]));
  const story = tell(plane, administrators, ({ body }) => ACCESS_DENIED.has(nameIn(body)));

  return {
    ...story,
    endpoint: plane.aws,
    a,
    b,
    c,
    run: Date.now().toString(36),
    as: (given) => sessionOf(plane.aws, given),
    allowed: (title, call) => story.allowed(title, () => sdkAws(call())),
    once: (title, call) => story.once(title, () => sdkAws(call())),
    refused: async (title, name, call) => {
      const reply = await sdkAws(call());
      return story.refused(title, reply.status, name, async () => reply, false);
    },
    denied: async (title, { account, layer, key }, call) => {
      const reply = await sdkAws(call());
      const name = nameIn(reply.body);
      assert.ok(ACCESS_DENIED.has(name), `\`${title}\`: ${reply.status} ${JSON.stringify(reply.body)}`);
      const id = await story.refused(title, reply.status, name, async () => reply);
      const explained = await story.why(id);
      const lacks = lacksIn(explained);
      assert.ok(
        lacks.some((lack) => lack.account === account && (layer ?? lack.layer) === lack.layer),
        `why \`${title}\` is denied names ${JSON.stringify(lacks)}, not ${account} ${layer ?? ''}`,
      );
      assert.ok(
        key === undefined || failedOn(explained, key).length > 0,
        `why \`${title}\` is denied does not name \`${key}\`: ${JSON.stringify(explained.questions)}`,
      );
      return id;
    },
  };
}

function nameIn(body: unknown): string {
  return (body as { name?: string }).name ?? '';
}
