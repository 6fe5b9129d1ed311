/** Actions on keys, under `/actions/{action}` and in the old form `?action={action}`. */
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { type Operation, operation } from '../../../operation.ts';
import { type Route, route, type WireReply, type WireRequest } from '../../../wire/ibm/route.ts';
import { badField } from '../faults.ts';
import {
  disableKey,
  enableKey,
  restoreKey,
  rotateKey,
  setKeyForDeletion,
  syncKey,
  unsetKeyForDeletion,
} from '../lifecycle.ts';
import { decodeBase64 } from '../material.ts';
import { rewrapKey, unwrapKey, wrapKey } from '../use.ts';
import { badQuery, bodyOf, collectionOf, keyOf, optionalBody, resourceOf } from './request.ts';
import { actionReply, collectionReply, keyView, rewrappedView, unwrappedView, wrappedView } from './views.ts';

/** One action: what it does, and how it is read from and shown on the wire, whichever path it came by. */
interface KeyAction {
  readonly name: string;
  readonly operation: Operation<never, unknown>;
  readonly input: (request: WireRequest) => unknown;
  readonly output: (result: never, request: WireRequest) => WireReply;
}

function keyAction<I, O>(
  name: string,
  op: Operation<I, O>,
  input: (request: WireRequest) => I,
  output: (result: O, request: WireRequest) => WireReply = () => ({ status: 204 }),
): KeyAction {
  return { name, operation: op, input, output };
}

const aad = z.array(z.string().max(255)).max(126).optional();
const wrapBody = z.strictObject({ plaintext: z.string().optional(), aad });
const unwrapBody = z.strictObject({ ciphertext: z.string().min(1), aad });
const payloadBody = z.strictObject({ payload: z.string().optional() });
const restoreBody = collectionOf(
  'key',
  z.strictObject({ type: z.string().optional(), payload: z.string().optional() }),
);

function readWrap(request: WireRequest) {
  const body = bodyOf(request, wrapBody);
  const address = { key: keyOf(request), aad: body.aad ?? [] };
  if (body.plaintext === undefined) return address;
  const plaintext = decodeBase64(body.plaintext);
  if (plaintext === undefined) throw badField('plaintext', 'must be base64');
  return { ...address, plaintext };
}

function readUnwrap(request: WireRequest) {
  const body = bodyOf(request, unwrapBody);
  return { key: keyOf(request), ciphertext: body.ciphertext, aad: body.aad ?? [] };
}

function readRotate(request: WireRequest) {
  const payload = optionalBody(request, payloadBody)?.payload;
  return { key: keyOf(request), ...(payload === undefined ? {} : { payload }) };
}

function readRestore(request: WireRequest) {
  const body = optionalBody(request, restoreBody);
  const payload = body && resourceOf(body).payload;
  return { key: keyOf(request), ...(payload === undefined ? {} : { payload }) };
}

const readKey = (request: WireRequest) => ({ key: keyOf(request) });

const ACTIONS: readonly KeyAction[] = [
  keyAction('wrap', wrapKey, readWrap, (wrapped) => actionReply(wrappedView(wrapped))),
  keyAction('unwrap', unwrapKey, readUnwrap, (unwrapped) => actionReply(unwrappedView(unwrapped))),
  keyAction('rewrap', rewrapKey, readUnwrap, (rewrapped) => actionReply(rewrappedView(rewrapped))),
  keyAction('rotate', rotateKey, readRotate),
  keyAction('enable', enableKey, readKey),
  keyAction('disable', disableKey, readKey),
  keyAction('setKeyForDeletion', setKeyForDeletion, readKey),
  keyAction('unsetKeyForDeletion', unsetKeyForDeletion, readKey),
  keyAction('sync', syncKey, readKey),
];

const restore = keyAction('restore', restoreKey, readRestore, (view, { now }) =>
  collectionReply('key', [keyView(view, now)], { status: 201 }),
);

interface OldForm {
  readonly action: string;
  readonly act: (cx: Context) => Promise<WireReply>;
}

/** An action that the query names: the path alone does not tell which operation is meant. */
export const actByQuery = operation('keys.act', (cx, input: OldForm) => input.act(cx), {
  recorded: ({ action }) => ({ action }),
});

function readOldForm(request: WireRequest): OldForm {
  const name = request.query.get('action') ?? '';
  const found = [...ACTIONS, restore].find((action) => action.name === name);
  if (found === undefined) throw badQuery('action', `there is no action \`${name}\``);
  const op = found.operation as Operation<unknown, never>;
  const input = found.input(request);
  return { action: name, act: async (cx) => found.output(await op.act(cx, input), request) };
}

export const actionRoutes: readonly Route<never, never>[] = [
  ...ACTIONS.map((action) => routeOf(action, `/api/v2/keys/:id/actions/${action.name}`)),
  routeOf(restore, '/api/v2/keys/:id/restore'),
  route({
    method: 'POST',
    path: '/api/v2/keys/:id',
    operation: actByQuery,
    input: readOldForm,
    output: (reply) => reply,
  }),
];

function routeOf({ operation: op, input, output }: KeyAction, path: string): Route<never, never> {
  return route({ method: 'POST', path, operation: op as Operation<unknown, never>, input, output });
}
