/**
 * What a decision costs with 10 and with 100,000 authorization policies of one account in a store: distinct, shuffled
 * questions about as many keys as there are policies, every answer checked.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decide } from '../src/policy/decide.ts';
import { questionOf, targetOf } from '../src/policy/ibm/question.ts';
import { fromV1 } from '../src/policy/ibm/read.ts';
import type { Question } from '../src/policy/model.ts';
import { ibmRef } from '../src/policy/names.ts';
import { customRoles, newPolicy, policies } from '../src/services/policies/documents.ts';
import { createPolicySource } from '../src/services/policies/source.ts';
import { openStore } from '../src/store/index.ts';

const OWNER = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf';
const QUESTIONS = 4096;
const ROUNDS = 8;
const AT_ONCE = 500;

const few = await cost(10);
const many = await cost(100_000);
console.log(`10 policies          ${few.toFixed(2)} µs of CPU a decision`);
console.log(`100,000 policies     ${many.toFixed(2)} µs of CPU a decision`);
console.log(`ratio                ${(many / few).toFixed(2)} (at most 2)`);

/** CPU of a decision in microseconds, over all threads, once what it needs has been read. */
async function cost(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'easement-bench-'));
  const store = await openStore({
    home: join(folder, 'home'),
    collections: [policies, customRoles],
    rows: [],
    rootKey: Buffer.alloc(32, 1),
  });
  for (let from = 0; from < count; from += AT_ONCE) {
    const unit = store.begin();
    for (let i = from; i < Math.min(count, from + AT_ONCE); i += 1) {
      const { policy } = fromV1(authorization(i));
      const document = newPolicy(`policy-${i}`, policy!, { by: 'bench', at: 0 });
      unit.put(policies, OWNER, document.id, document);
    }
    await unit.commit();
  }
  const source = createPolicySource({ skipped: (message) => console.error(message) });
  const asked = Array.from({ length: QUESTIONS }, (_, i) => (i * 2_654_435_761) % count);
  const round = async (): Promise<void> => {
    for (const [i, target] of asked.entries()) {
      // Every other question comes from an account that was granted nothing.
      const allowed = i % 2 === 0;
      const question = wraps(allowed ? sourceAccount(target) : sourceAccount(count + target), target);
      const outcome = decide(question, await source(store.begin(), question));
      if ((outcome === 'allow') !== allowed) throw new Error(`question ${i} was answered with ${outcome}`);
    }
  };
  await round();
  const before = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i += 1) await round();
  const used = process.cpuUsage(before);
  await store.close();
  rmSync(folder, { recursive: true });
  return (used.user + used.system) / (ROUNDS * QUESTIONS);
}

/** The account of the i-th source. */
function sourceAccount(i: number): string {
  return i.toString(16).padStart(32, '0');
}

function authorization(i: number): object {
  return {
    type: 'authorization',
    subjects: [
      {
        attributes: [
          { name: 'serviceName', value: 'server-protect' },
          { name: 'accountId', value: sourceAccount(i) },
        ],
      },
    ],
    roles: [{ role_id: 'crn:v1:bluemix:public:iam::::serviceRole:Reader' }],
    resources: [
      {
        attributes: [
          { name: 'accountId', value: OWNER },
          { name: 'serviceName', value: 'kms' },
          { name: 'serviceInstance', value: `instance-${i}` },
        ],
      },
    ],
  };
}

function wraps(account: string, i: number): Question {
  const ref = ibmRef({
    account: OWNER,
    service: 'kms',
    location: 'us-south',
    instance: `instance-${i}`,
    type: 'key',
    id: `key-${i}`,
  });
  const caller = {
    kind: 'service',
    id: `crn-server-protect-${account}`,
    account,
    attributes: { serviceName: 'server-protect', accountId: account, resourceType: 'volume' },
  } as const;
  return questionOf(caller, 'kms.secrets.wrap', targetOf(ref, { keyRing: 'default' }), new Date(0));
}
