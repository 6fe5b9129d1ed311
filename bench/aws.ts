/**
 * The AWS request path beside a bare `node:http` server that checks the signature and answers the same bodies: CPU of
 * authorized, recorded calls at 16 connections, and what enforcement and recording cost of it. One run; results go to
 * docs/performance.md.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Call, type Credentials, signed } from './aws-shots.ts';
import { cpuPerRequest, residentMegabytes, type Shot, send, startProgram } from './process.ts';

const COUNT = 12_000;
/** Until what is hot has been compiled. */
const WARM = 12_000;
const CONNECTIONS = 16;

const ACCOUNT = '111122223333';
const user: Credentials = { accessKeyId: 'AKIABENCHBENCHBENCH1', secret: 'bench-secret-000000000000000000000000001' };
const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const world = join(tmpdir(), `easement-bench-world-${process.pid}.yaml`);
writeFileSync(
  world,
  JSON.stringify({
    accounts: [
      {
        id: ACCOUNT,
        name: 'bench',
        owner: {},
        users: [
          { name: 'bench', accessKeyId: user.accessKeyId, secretAccessKey: user.secret, policies: { everything } },
        ],
      },
    ],
  }),
);

interface Ready {
  readonly aws: string;
}

const startPlane = () => startProgram<Ready>('./plane-server.ts', ['--world', world]);

/** Calls of each kind; each of a body of its own where the vendor's would be. */
async function callsOf(origin: string): Promise<Readonly<Record<string, (n: number) => Call>>> {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
  };
  await must(
    origin,
    query('iam', 'CreateRole', '2010-05-08', { RoleName: 'bench', AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  const made = await must(origin, kms('CreateKey', {}));
  const { KeyId } = (JSON.parse(made) as { KeyMetadata: { KeyId: string } }).KeyMetadata;
  const encrypt = (n: number): Call => {
    const Plaintext = Buffer.from(`a data key of 32 bytes: ${String(n).padStart(8, '0')}`).toString('base64');
    return kms('Encrypt', { KeyId, Plaintext, EncryptionContext: { purpose: 'bench' } });
  };
  const blobs: string[] = [];
  for (let n = 0; n < 200; n += 1) {
    blobs.push((JSON.parse(await must(origin, encrypt(n))) as { CiphertextBlob: string }).CiphertextBlob);
  }
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/bench`;
  return {
    GetCallerIdentity: () => query('sts', 'GetCallerIdentity', '2011-06-15', {}),
    AssumeRole: (n) => query('sts', 'AssumeRole', '2011-06-15', { RoleArn: roleArn, RoleSessionName: `bench-${n}` }),
    Encrypt: encrypt,
    Decrypt: (n) =>
      kms('Decrypt', { CiphertextBlob: blobs[n % blobs.length], EncryptionContext: { purpose: 'bench' } }),
  };
}

const plane = await startPlane();
const calls = await callsOf(plane.ready.aws);
const replies: Record<string, { contentType: string; body: string }> = {};
for (const [name, call] of Object.entries(calls)) {
  const { contentType } = call(0);
  replies[name] = { contentType, body: await must(plane.ready.aws, call(0)) };
}
const told = JSON.stringify({ secrets: { [user.accessKeyId]: user.secret }, replies });
const bare = await startProgram<{ origin: string }>('./aws-bare-server.ts', [told]);

const bareCpu = await measureAll({ pid: bare.pid, origin: bare.ready.origin });
const full = await measureAll({ pid: plane.pid, origin: plane.ready.aws });
const megabytes = residentMegabytes(plane.pid);
await plane.ask('enforcement');
const unasked = await measureAll({ pid: plane.pid, origin: plane.ready.aws });
await plane.ask('recording');
const unrecorded = await measureAll({ pid: plane.pid, origin: plane.ready.aws });

console.log('µs of CPU a request      bare   plane  ratio  enforcement  recording');
for (const name of Object.keys(calls)) {
  const [low, high] = [bareCpu[name]!, full[name]!];
  const cells = [
    low.toFixed(1).padStart(8),
    high.toFixed(1).padStart(8),
    (high / low).toFixed(2).padStart(7),
    (high - unasked[name]!).toFixed(1).padStart(13),
    (unasked[name]! - unrecorded[name]!).toFixed(1).padStart(11),
  ];
  console.log(name.padEnd(20) + cells.join(''));
}
console.log(`after all this        ${megabytes} MB resident`);
await plane.stop();
await bare.stop();
rmSync(world);

async function measureAll(server: { pid: number; origin: string }): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const right = (status: number): boolean => status === 200;
  for (const [name, call] of Object.entries(calls)) {
    const shots = (from: number, count: number): Shot[] =>
      Array.from({ length: count }, (_, n) => signed(call(from + n), user, { 'bench-operation': name }));
    await cpuPerRequest(server, shots(0, WARM), CONNECTIONS, right);
    found[name] = await cpuPerRequest(server, shots(WARM, COUNT), CONNECTIONS, right);
  }
  return found;
}

async function must(origin: string, call: Call): Promise<string> {
  const { status, body } = await send(origin, signed(call, user));
  if (status !== 200) throw new Error(`${call.body.slice(0, 80)}: ${status} ${body}`);
  return body;
}

function query(service: string, action: string, version: string, parameters: Readonly<Record<string, string>>): Call {
  const body = new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
  return { service, contentType: 'application/x-www-form-urlencoded', headers: {}, body };
}

function kms(operation: string, input: object): Call {
  const headers = { 'x-amz-target': `TrentService.${operation}` };
  return { service: 'kms', contentType: 'application/x-amz-json-1.1', headers, body: JSON.stringify(input) };
}
