/** The error bodies that vendors document, and which one a reply must have. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Reply } from '../plane.ts';
import type { GoldenRoute } from './routes.ts';

const text = z.string().min(1);
const status = z.int().min(400).max(599);
const target = z.strictObject({
  type: z.enum(['field', 'parameter', 'header']),
  name: z.string(),
  value: z.string().optional(),
});

/** https://cloud.ibm.com/apidocs/iam-policy-management#create-policy-response */
const policyError = z.strictObject({
  trace: text,
  errors: z
    .array(
      z.strictObject({
        code: text,
        message: text,
        details: z.strictObject({ conflicts_with: z.looseObject({ etag: text }) }).optional(),
        more_info: text.optional(),
      }),
    )
    .min(1),
  status_code: status,
});

/** By the family's name. */
const SHAPES: Readonly<Record<string, z.ZodType>> = {
  // https://cloud.ibm.com/apidocs/iam-identity-token-api#gettoken-apikey-response
  'iam-token': z.strictObject({
    errorCode: text,
    errorMessage: text,
    errorDetails: text.optional(),
    context: z.looseObject({ requestId: text }),
  }),
  // https://cloud.ibm.com/apidocs/iam-identity-token-api#create-api-key-response
  'iam-identity': z.strictObject({
    context: z.looseObject({ transaction_id: text }),
    status_code: status,
    errors: z.array(z.strictObject({ code: text, message_code: text, message: text, details: text.optional() })).min(1),
    trace: text,
  }),
  'iam-policy-management': policyError,
  'iam-access-groups': policyError,
  // https://cloud.ibm.com/docs/key-protect?topic=key-protect-error-messages
  kms: z.strictObject({
    metadata: z.strictObject({
      collectionType: z.literal('application/vnd.ibm.kms.error+json'),
      collectionTotal: z.literal(1),
    }),
    resources: z
      .array(
        z.strictObject({
          errorMsg: text,
          reasons: z
            .array(z.strictObject({ code: text, message: text, status, moreInfo: z.url(), target: target.optional() }))
            .min(1),
          correlationId: text,
        }),
      )
      .length(1),
  }),
  // https://cloud.ibm.com/apidocs/vpc#error-handling
  vpc: z.strictObject({
    errors: z
      .array(z.strictObject({ code: text, message: text, more_info: z.url(), target: target.optional() }))
      .min(1),
    trace: text,
    status_code: status,
  }),
  // https://cloud.ibm.com/apidocs/resource-controller/resource-controller
  'resource-controller': z.looseObject({
    message: text,
    status_code: status,
    error_code: text,
    errors: z.array(z.strictObject({ code: text, message: text })).min(1),
    transaction_id: text,
  }),
};

/** Easement's own API. */
const easement = z.strictObject({
  error: z.strictObject({ kind: text, reason: text, message: text, target: target.optional() }),
  id: text,
});

/** Fails unless `body` is an error of the family. */
export function assertErrorShape(family: string | undefined, body: unknown, what: string): void {
  const shape = family === undefined ? easement : SHAPES[family];
  assert.ok(shape, `test/golden/errors.ts describes no errors of ${family}`);
  const { error } = shape.safeParse(body);
  assert.ok(
    error === undefined,
    `${what}: ${error?.issues[0]?.path.join('.')}: ${error?.issues[0]?.message}: ${JSON.stringify(body)}`,
  );
}

/** Fails unless the reply is an error as the route's API words it: its status within it too, and an id to ask `why` of. */
export function assertVendorError(route: GoldenRoute, reply: Reply, what: string): void {
  assert.ok(
    reply.status >= 400 && reply.status < 500,
    `${what}: ${route.key} answers ${reply.status} ${JSON.stringify(reply.body)}`,
  );
  assert.ok(reply.headers.get('easement-request-id'), `${what}: ${route.key} names no id`);
  if (route.method === 'HEAD') return;
  assertErrorShape(route.face?.family.name, reply.body, `${what}: ${route.key}`);
  const told = reply.body.status_code ?? reply.body.resources?.[0]?.reasons?.[0]?.status ?? reply.status;
  assert.equal(told, reply.status, `${what}: ${route.key} tells another status than it has`);
}

/** The code of an error, whatever its family. */
export function codeOf({ body }: Reply): string | undefined {
  return body?.errors?.[0]?.code ?? body?.resources?.[0]?.reasons?.[0]?.code ?? body?.errorCode ?? body?.error?.reason;
}
