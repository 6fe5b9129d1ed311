/** The vendor's client for Python, which is made of other models than the one for JavaScript, reads what is written. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ServiceModel } from '../src/wire/aws/model.ts';
import { loadService } from '../src/wire/aws/schemas.ts';
import { type Echo, startEcho } from './aws-roundtrip/echo.ts';
import { ERRORS, SAMPLES } from './aws-roundtrip/samples.ts';

const CLIENTS: Readonly<Record<string, string>> = {
  sts: 'sts',
  iam: 'iam',
  kms: 'kms',
  logs: 'cloudwatch-logs',
  ec2: 'ec2',
  s3: 's3',
  ram: 'ram',
  sqs: 'sqs',
  monitoring: 'cloudwatch',
};
/** What Python calls the service. */
const names: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

const models = new Map<string, ServiceModel>();
let echo: Echo;
let python: ChildProcessWithoutNullStreams;
let lines: AsyncIterator<string>;
let complaints = '';

before(async () => {
  for (const [service, client] of Object.entries(CLIENTS)) {
    models.set(service, await loadService(`@aws-sdk/client-${client}`));
  }
  echo = await startEcho(modelOf);
  const script = fileURLToPath(new URL('./aws-roundtrip/boto_client.py', import.meta.url));
  python = spawn('python3', [script, echo.endpoint]);
  python.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
});

after(() => {
  python.kill();
  echo.close();
});

/** The service is in the signature's scope. */
function modelOf({ headers }: IncomingMessage): ServiceModel {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  return models.get(service!)!;
}

async function call(service: string, method: string, parameters: object): Promise<unknown> {
  python.stdin.write(`${JSON.stringify({ service: names[service] ?? service, method, parameters })}\n`);
  const { value, done } = await lines.next();
  assert.ok(!done, `the client for Python ended: ${complaints}`);
  return JSON.parse(value as string);
}

/** As the client's process prints what JSON cannot say. */
function printed(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Date) return { time: value.toISOString().replace('.000Z', '+00:00') };
  if (Array.isArray(value)) return value.map(printed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, printed(item)]));
}

for (const { service, operation, method, parameters, output } of SAMPLES) {
  test(`${service} ${operation}: both directions`, async () => {
    echo.answerNext({ output });
    const answer = await call(service, method, parameters);
    const read = echo.lastRead();
    assert.ok(read, JSON.stringify(answer));
    // The client sets more than it was told: what it was told is there.
    const told = Object.fromEntries(Object.keys(parameters).map((name) => [name, read.input[name]]));
    assert.deepEqual({ operation: read.operation, input: printed(told) }, { operation, input: parameters });
    assert.deepEqual(answer, { output: printed(output) });
  });
}

for (const { service, method, parameters, code, status, seen } of ERRORS) {
  test(`${service} ${code}: the error arrives`, async () => {
    const message = 'it is <not> there';
    echo.answerNext({ error: { code, message, status, side: 'client' } });
    const answer = await call(service, method, parameters);
    const { class: className, ...error } = seen;
    assert.deepEqual(answer, {
      error: { Message: message, ...error },
      class: className,
      status,
      requestId: 'request-1',
    });
  });
}
