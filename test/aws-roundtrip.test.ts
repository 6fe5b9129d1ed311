/**
 * What the vendor's own clients send is read as they meant it, and what is written is read by them as it was meant:
 * every operation of nine services with random input and output, and every error that the services know.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { Member, ServiceModel, StructureShape } from '../src/wire/aws/model.ts';
import type { Members } from '../src/wire/aws/protocol.ts';
import { loadService } from '../src/wire/aws/schemas.ts';
import type { Answer, Call, ClientOptions } from './aws-roundtrip/calls.ts';
import { type Echo, startEcho } from './aws-roundtrip/echo.ts';
import { type Rules, valuesOf } from './aws-roundtrip/values.ts';

interface Subject {
  readonly client: string;
  readonly cbor?: boolean;
  /** Calls of each operation. */
  readonly runs: number;
  /** The client asks for the codes of the query protocol, and makes its errors of them. */
  readonly takesQueryErrors?: boolean;
  /** Operations that answer with a stream of events, which nothing here writes. */
  readonly events?: readonly string[];
  /** Members that the client makes, checks or drops by itself. */
  readonly own?: RegExp;
}

const SUBJECTS: readonly Subject[] = [
  { client: '@aws-sdk/client-sts', runs: 5 },
  { client: '@aws-sdk/client-iam', runs: 3 },
  { client: '@aws-sdk/client-kms', runs: 5 },
  { client: '@aws-sdk/client-cloudwatch-logs', runs: 3, events: ['StartLiveTail', 'GetLogObject'] },
  { client: '@aws-sdk/client-ram', runs: 5 },
  {
    client: '@aws-sdk/client-s3',
    runs: 3,
    events: ['SelectObjectContent'],
    own: /^(Checksum|SSECustomer|CopySourceSSECustomer|ContentMD5|Content(Length|Type)$|ExpiresString)/,
  },
  { client: '@aws-sdk/client-ec2', runs: 1, own: /^(PresignedUrl|DestinationRegion)$/ },
  { client: '@aws-sdk/client-sqs', runs: 5, takesQueryErrors: true },
  { client: '@aws-sdk/client-cloudwatch', runs: 3, takesQueryErrors: true },
  { client: '@aws-sdk/client-cloudwatch', runs: 3, takesQueryErrors: true, cbor: true },
];

for (const subject of SUBJECTS) {
  test(`${subject.client}${subject.cbor ? ' in CBOR' : ''}: inputs, outputs and errors arrive`, async () => {
    const model = await loadService(subject.client);
    const echo = await startEcho(() => model);
    const child = startClient({ client: subject.client, endpoint: echo.endpoint, cbor: subject.cbor ?? false });
    try {
      const ready = await nextAnswer(child);
      assert.ok(ready.kind === 'ready');
      assert.deepEqual([...model.operations.keys()].sort(), [...ready.commands].sort());
      await callAll(subject, model, echo, child);
      await failAll(subject, model, echo, child);
    } finally {
      child.kill();
      echo.close();
    }
  });
}

function startClient(options: ClientOptions): ChildProcess {
  const file = fileURLToPath(new URL('./aws-roundtrip/client.ts', import.meta.url));
  return fork(file, [JSON.stringify(options)], { serialization: 'advanced' });
}

function nextAnswer(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the process of the client ended'));
    child.once('exit', ended);
    child.once('message', (answer: Answer) => {
      child.off('exit', ended);
      resolve(answer);
    });
  });
}

function call(child: ChildProcess, made: Call): Promise<Answer> {
  child.send(made);
  return nextAnswer(child);
}

async function callAll(subject: Subject, model: ServiceModel, echo: Echo, child: ChildProcess): Promise<void> {
  const [inputs, outputs] = rulesOf(model, subject);
  for (const operation of model.operations.values()) {
    if (subject.events?.includes(operation.name)) continue;
    const property = fc.asyncProperty(
      valuesOf(operation.input, inputs),
      valuesOf(operation.output, outputs),
      async (input, output) => {
        echo.answerNext({ output });
        const answer = await call(child, { operation: operation.name, input });
        const read = echo.lastRead();
        assert.deepEqual(
          plain({
            read: { ...read, input: without(read?.input, subject.own) },
            answer: answer.kind === 'output' ? { ...answer, output: without(answer.output, subject.own) } : answer,
          }),
          plain({ read: { operation: operation.name, input }, answer: { kind: 'output', output } }),
        );
      },
    );
    await fc.assert(property, { numRuns: subject.runs, endOnFailure: true });
  }
}

function without(values: Members = {}, own: RegExp | undefined): Members {
  return own ? Object.fromEntries(Object.entries(values).filter(([name]) => !own.test(name))) : values;
}

/** Buffers and other bytes compare by what they hold; a member that is undefined is absent. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const present = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(present.map(([name, item]) => [name, plain(item)]));
}

function rulesOf(model: ServiceModel, { own }: Subject): readonly [inputs: Rules, outputs: Rules] {
  const isForm = model.protocol === 'query' || model.protocol === 'ec2';
  const isExcluded = (member: Member): boolean => own?.test(member.name) ?? false;
  const timestampFormat = 'date-time';
  return [
    { leavesOutEmpty: isForm, timestampFormat, isExcluded },
    {
      leavesOutEmpty: false,
      timestampFormat: model.protocol === 'query' ? 'whole-seconds' : timestampFormat,
      isExcluded,
    },
  ];
}

async function failAll(subject: Subject, model: ServiceModel, echo: Echo, child: ChildProcess): Promise<void> {
  const operation = [...model.operations.values()].find(({ input }) => !hasLabel(input))!.name;
  const [, rules] = rulesOf(model, { ...subject, own: /^message$/i });
  for (const error of new Set(model.errors.values())) {
    const { name } = subject.takesQueryErrors ? model.errors.get(error.code)! : error;
    const message = `no "${name}" & <more>`;
    const { status, side } = error;
    const property = fc.asyncProperty(valuesOf(error.schema, rules), async (members) => {
      echo.answerNext({ error: { code: error.name, message, status, side, members } });
      const answer = await call(child, { operation, input: {} });
      const seen =
        answer.kind === 'error' ? { ...answer, members: only(answer.members, Object.keys(members)) } : answer;
      assert.deepEqual(plain(seen), plain({ kind: 'error', name, className: name, message, status, members }));
    });
    await fc.assert(property, { numRuns: 2, endOnFailure: true });
  }
}

const only = (values: Members, names: readonly string[]): Members =>
  Object.fromEntries(names.map((name) => [name, values[name]]));

const hasLabel = (input: StructureShape | undefined): boolean =>
  [...(input?.members.values() ?? [])].some(({ location }) => location === 'label');
