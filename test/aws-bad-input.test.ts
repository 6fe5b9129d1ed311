/**
 * Every operation that is answered, with random changes to what is sent: whatever comes, the answer is the vendor's, and
 * nothing of it is a defect. The other files `aws-bad-*.test.ts` say which answer it is.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { iamFace } from '../src/services/identity/aws/iam.ts';
import { stsFace } from '../src/services/identity/aws/sts.ts';
import { kmsFace } from '../src/services/keys/aws.ts';
import { logsFace } from '../src/services/logs/aws.ts';
import type { AwsFace } from '../src/wire/aws/face.ts';
import { loadService } from '../src/wire/aws/schemas.ts';
import { callOf, type Input, samplesOf } from './aws-bad-samples.ts';
import { type BadWorld, MAIN, MAIN_ROOT, startBadWorld } from './aws-bad-world.ts';
import { type Sent, send, signed } from './aws-raw.ts';
import { valuesOf } from './aws-roundtrip/values.ts';

/** Calls of each operation. */
const RUNS = 10;

let world: BadWorld;
let samples: ReadonlyMap<string, Input>;
before(async () => {
  world = await startBadWorld();
  samples = samplesOf(MAIN, world.key);
});
after(() => world.stop());

const nested = (depth: number): unknown => (depth === 0 ? 'x' : { a: [nested(depth - 1)] });

const HOSTILE: readonly unknown[] = [
  null,
  '',
  ' ',
  'x',
  'x'.repeat(3000),
  '\u0000',
  '\ud800',
  '\u{1f600}',
  '__proto__',
  'constructor',
  '../..',
  '*',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of policies
  '${aws:username}',
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
  '{"Statement":'.repeat(20),
  `arn:aws:iam::${MAIN}:user/admin`,
  'arn:aws:iam::444455556666:root',
  'arn:::::',
  'alias/main',
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e300,
  true,
  [],
  {},
  [[]],
  ['x', 'x'],
  nested(20),
];

type Path = readonly (string | number)[];

function placesIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Date) return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => {
    const path = [...at, key];
    return [path, ...placesIn((value as Record<string | number, unknown>)[key], path)];
  });
}

/** `value` undefined: what is there is left out. */
function replaced(input: Input, path: Path, value: unknown): Input {
  const copy = structuredClone({ ...input }) as Record<string | number, unknown>;
  let parent = copy;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  parent[path.at(-1)!] = value;
  return copy as Input;
}

/** Some places of the input hold something else, or nothing. */
const changed = (input: Input): fc.Arbitrary<Input> => {
  const places = placesIn(input);
  if (places.length === 0) return fc.constant(input);
  const change = fc.record({ path: fc.constantFrom(...places), value: fc.constantFrom(undefined, ...HOSTILE) });
  return fc.array(change, { minLength: 0, maxLength: 2 }).map((changes) => {
    try {
      return changes.reduce<Input>((all, { path, value }) => replaced(all, path, value), input);
    } catch {
      // The second place was within the first.
      return replaced(input, changes[0]!.path, changes[0]!.value);
    }
  });
};

type Edit = (sent: Sent) => Sent;

const inHeaders =
  (name: string, value: string): Edit =>
  ({ headers, ...sent }) => ({
    ...sent,
    headers: { ...headers, [name]: value },
  });

/** What is done to a request before it is signed. */
const edits: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Edit>((sent) => sent) },
  {
    weight: 1,
    arbitrary: fc.nat(400).map((at) => (sent: Sent) => ({ ...sent, body: String(sent.body).slice(0, at) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(200), fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([at, bytes]) => (sent: Sent) => {
        const body = Buffer.from(sent.body);
        return { ...sent, body: Buffer.concat([body.subarray(0, at), bytes, body.subarray(at)]) };
      }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Edit>(
      (sent) => ({ ...sent, body: '' }),
      (sent) => ({ ...sent, method: 'PUT' }),
      (sent) => ({ ...sent, path: '/x' }),
      (sent) => ({ ...sent, query: { Action: 'ListUsers', Version: 'x' } }),
      (sent) => ({ ...sent, body: `${sent.body}&__proto__.a=b&Tags.member.999999999.Key=x` }),
      inHeaders('content-type', 'application/json'),
      inHeaders('content-type', 'application/x-www-form-urlencoded'),
      inHeaders('x-amz-target', 'TrentService.ListKeys'),
      inHeaders('smithy-protocol', 'rpc-v2-cbor'),
      inHeaders('x-amzn-query-mode', 'true'),
      inHeaders('content-encoding', 'gzip'),
    ),
  },
);

/** What is done to a request once it is signed. */
const tampering: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 9, arbitrary: fc.constant<Edit>((sent) => sent) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(300), fc.constantFrom('', '/', ',', '=', 'x', '\u00e9'))
      .map(([at, text]) => (sent: Sent) => {
        const { authorization = '' } = sent.headers;
        return inHeaders('authorization', authorization.slice(0, at) + text + authorization.slice(at + 1))(sent);
      }),
  },
);

const RULES = { leavesOutEmpty: false, timestampFormat: 'date-time', isExcluded: () => false } as const;

async function sendAll(face: AwsFace): Promise<void> {
  const { operations } = await loadService(face.client);
  for (const operation of face.operations.keys()) {
    const sample = samples.get(`${face.service} ${operation}`) ?? {};
    const inputs = fc.oneof(
      { weight: 3, arbitrary: changed(sample) },
      {
        weight: 1,
        arbitrary: valuesOf(operations.get(operation)?.input, RULES).map((more) => ({ ...sample, ...more })),
      },
    );
    const property = fc.asyncProperty(inputs, edits, tampering, async (input, edit, tamper) => {
      const sent = edit(callOf(face, operation, input));
      const ready = tamper(await signed(world.plane, sent, { keys: MAIN_ROOT, service: face.service }));
      const { status, headers, code, text } = await send(world.plane, ready);
      assert.ok(status < 500, text);
      const isReadable = headers['content-type'] !== 'application/cbor';
      if (status >= 400 && isReadable) assert.notEqual(code, '', text);
      assert.equal(world.plane.log(), '', 'the plane logged a defect');
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true }).catch((error: Error) => {
      throw new Error(`${face.service}:${operation}: ${error.message}`, { cause: error });
    });
  }
}

for (const face of [stsFace, iamFace, kmsFace, logsFace]) {
  test(`${face.service}: no change to a request is more than refused`, () => sendAll(face));
}
