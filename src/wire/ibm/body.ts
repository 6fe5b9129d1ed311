/** Bodies of IBM Cloud requests, by their content type, and their validation against a schema. */
import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import { Fault } from '../../faults.ts';
import { parseJson } from '../json.ts';
import type { WireRequest } from './route.ts';

/**
 * JSON (any `+json` type), or form fields as an object. A body without a content type is JSON: curl users forget it,
 * and the documents print it so. Throws `invalid` (malformed) and `unsupported-media`.
 */
export function parseBody(contentType: string | undefined, body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const type = (contentType ?? 'application/json').split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded' && !/^\s*[{[]/.test(body.subarray(0, 32).toString())) {
    return Object.fromEntries(new URLSearchParams(body.toString()));
  }
  if (type === 'application/x-www-form-urlencoded' || type === 'application/json' || type.endsWith('+json')) {
    if (!isUtf8(body)) throw new Fault('invalid', 'malformed-json', 'the body is not valid JSON: it is not UTF-8');
    return parseJson(body.toString());
  }
  throw new Fault(
    'unsupported-media',
    'content-type',
    `the content type \`${type}\` is not understood: send application/json`,
    {
      target: { type: 'header', name: 'Content-Type' },
    },
  );
}

/**
 * The body as the schema describes it. Throws `invalid` naming the first field that does not fit; `reason` is
 * `no-body` or `invalid-field`.
 */
export function readJson<T>(request: Pick<WireRequest, 'body'>, schema: z.ZodType<T>): T {
  const { body } = request;
  if (body === undefined) throw new Fault('invalid', 'no-body', 'the request needs a JSON body');
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0]! : undefined;
  const field = [...issue.path.map(String), ...(unknownKey === undefined ? [] : [unknownKey])].join('.');
  const message = unknownKey === undefined ? issue.message : 'there is no such field';
  throw new Fault('invalid', 'invalid-field', field === '' ? message : `\`${field}\`: ${message}`, {
    ...(field === '' ? {} : { target: { type: 'field', name: field } }),
  });
}
