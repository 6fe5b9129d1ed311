/** The tables and the SDK's clients come from two packages: they must speak of the same operations and members. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as sts from '@aws-sdk/client-sts';
import { loadConstraints } from '../constraints.ts';

const CLIENTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { iam, kms, logs, sts };

/** `[kind, namespace, name, traits, input, output]` of an operation, `[..., members, shapes, required]` of a structure. */
function inputOf(operation: unknown): { members: string[]; required: string[] } {
  assert.ok(Array.isArray(operation));
  const reference: unknown = operation[4];
  const input: unknown = typeof reference === 'function' ? reference() : reference;
  if (!Array.isArray(input)) return { members: [], required: [] };
  const members: string[] = [...(input[4] ?? [])];
  return { members, required: members.slice(0, input[6] ?? 0) };
}

for (const [service, client] of Object.entries(CLIENTS)) {
  test(service, async () => {
    const { operations, shapes } = (await loadConstraints(service)).table;
    const names = Object.keys(client).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? []);
    assert.deepEqual(Object.keys(operations).sort(), names.sort());
    for (const name of names) {
      const row = shapes[operations[name]?.input ?? ''];
      const { members, required } = inputOf(client[`${name}$`]);
      assert.deepEqual([...(row?.required ?? [])].sort(), required.sort(), name);
      for (const member of members) assert.ok(row?.members?.[member] !== undefined, `${name}: ${member}`);
    }
  });
}
