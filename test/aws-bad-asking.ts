/** Calls of each service, asked as the administrator, and refused. */
import assert from 'node:assert/strict';
import { ADMIN, type BadWorld } from './aws-bad-world.ts';
import { call, formCall, jsonCall, type RawAnswer, type Sent } from './aws-raw.ts';

/** The service whose call it is, by what it says. */
export const serviceOf = ({ headers, body }: Sent): string =>
  headers['x-amz-target']?.startsWith('Trent')
    ? 'kms'
    : headers['x-amz-target'] === undefined
      ? String(body).includes('2011-06-15')
        ? 'sts'
        : 'iam'
      : 'logs';

export const kms = (operation: string, input?: unknown): Sent => jsonCall('kms', operation, input);
export const logs = (operation: string, input?: unknown): Sent => jsonCall('logs', operation, input);
export const iam = (action: string, parameters?: Record<string, string>): Sent => formCall('iam', action, parameters);
export const sts = (action: string, parameters?: Record<string, string>): Sent => formCall('sts', action, parameters);

export interface Asking {
  ask(sent: Sent, service?: string): Promise<RawAnswer>;
  /** Refused with this code, as 400; nothing changes. */
  refused(sent: Sent, code: string, message: RegExp | string, service?: string): Promise<void>;
}

/** `world`: there once the tests run. */
export function asking(world: () => BadWorld): Asking {
  const ask: Asking['ask'] = (sent, service = serviceOf(sent)) => call(world().plane, sent, { keys: ADMIN, service });
  return {
    ask,
    refused: (sent, code, message, service) =>
      world().withoutChange(async () => {
        const answer = await ask(sent, service);
        const what = `${String(sent.body).slice(0, 200)}: ${answer.text}`;
        assert.deepEqual([answer.code, answer.status], [code, 400], what);
        if (typeof message === 'string') assert.equal(answer.message, message);
        else assert.match(answer.message, message);
      }),
  };
}
