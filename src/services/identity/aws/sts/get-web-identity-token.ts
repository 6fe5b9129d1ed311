/** GetWebIdentityToken: a signed token that shows elsewhere which identity of which account asked for it. */
import { type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { GetWebIdentityTokenCommandInput, GetWebIdentityTokenCommandOutput } from '@aws-sdk/client-sts';
import type { Context } from '../../../../context.ts';
import { type Identity, operation } from '../../../../operation.ts';
import type { Input, Output } from '../../../../wire/aws/face.ts';
import { awsFault } from '../../../../wire/aws/fault.ts';
import { stsRef } from './access.ts';
import { OutboundFederation, signingKeyOf, type TokenAlgorithm } from './outbound-federation.ts';
import { readSessionTags, tagsContext } from './session-tags.ts';

const DEFAULT_SECONDS = 300;
const MOST_PAYLOAD_BYTES = 4096;
const CLAIMS = 'https://sts.amazonaws.com/';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html */
export const getWebIdentityToken = operation(
  'sts.GetWebIdentityToken',
  async (cx, input: Input<GetWebIdentityTokenCommandInput>): Promise<Output<GetWebIdentityTokenCommandOutput>> => {
    const { caller, session } = cx.identity;
    const algorithm = algorithmOf(input.SigningAlgorithm);
    const duration = input.DurationSeconds ?? DEFAULT_SECONDS;
    const tags = readSessionTags(input.Tags);
    const context = {
      'sts:identitytokenaudience': input.Audience,
      'sts:signingalgorithm': algorithm,
      'sts:durationseconds': String(duration),
      ...tagsContext(tags),
    };
    const ref = stsRef(caller.account);
    const federation = await cx.allowIfThere(OutboundFederation.getWebIdentityToken, ref, context);
    if (input.Tags?.length) await cx.allowIfThere(OutboundFederation.tagGetWebIdentityToken, ref, context);
    if (!federation?.value.enabled) {
      throw awsFault(
        'OutboundWebIdentityFederationDisabledException',
        'Outbound web identity federation is not enabled for this account: call iam:EnableOutboundWebIdentityFederation first.',
      );
    }
    const issuedAt = Math.floor(cx.now / 1000);
    const expiresAt = issuedAt + duration;
    if (session && expiresAt * 1000 > session.expiresAt) {
      throw awsFault(
        'SessionDurationEscalationException',
        'The requested token duration would extend the session beyond its original expiration time.',
      );
    }
    const claims = JSON.stringify({
      iss: federation.value.issuer,
      aud: input.Audience.length === 1 ? input.Audience[0] : input.Audience,
      sub: String(cx.identity.context?.['aws:principalarn'] ?? caller.id),
      iat: issuedAt,
      exp: expiresAt,
      jti: cx.newId(),
      [CLAIMS]: describe(cx, cx.identity, tags.passed),
    });
    if (Buffer.byteLength(claims) > MOST_PAYLOAD_BYTES) {
      throw awsFault(
        'JWTPayloadSizeExceededException',
        `The requested token payload size exceeds the maximum of ${MOST_PAYLOAD_BYTES} bytes: pass fewer tags.`,
      );
    }
    const token = await signed(claims, algorithm, signingKeyOf(cx, federation, algorithm));
    return { WebIdentityToken: token, Expiration: new Date(expiresAt * 1000) };
  },
  {
    recorded: ({ Audience, SigningAlgorithm, DurationSeconds }) => ({
      Audience: [...Audience],
      SigningAlgorithm,
      ...(DurationSeconds === undefined ? {} : { DurationSeconds }),
    }),
  },
);

function algorithmOf(text: string): TokenAlgorithm {
  if (text === 'RS256' || text === 'ES384') return text;
  throw awsFault('ValidationError', `The signing algorithm ${text} is not supported: use RS256 or ES384.`);
}

/** What the token tells of its subject besides its name. */
function describe(cx: Context, { caller, context, session }: Identity, tags: Readonly<Record<string, string>>): object {
  const own = Object.entries(context ?? {}).flatMap(([key, value]) =>
    key.startsWith('aws:principaltag/') ? [[key.slice('aws:principaltag/'.length), value] as const] : [],
  );
  return {
    aws_account: caller.account,
    source_region: cx.region,
    ...(own.length === 0 ? {} : { principal_tags: Object.fromEntries(own) }),
    ...(Object.keys(tags).length === 0 ? {} : { request_tags: tags }),
    ...(session === undefined ? {} : { original_session_exp: new Date(session.expiresAt).toISOString() }),
  };
}

const signAsync = promisify(sign) as (hash: string, data: Buffer, key: object) => Promise<Buffer>;

async function signed(
  claims: string,
  alg: TokenAlgorithm,
  { kid, key }: { readonly kid: string; readonly key: KeyObject },
): Promise<string> {
  const encode = (text: string) => Buffer.from(text).toString('base64url');
  const text = `${encode(JSON.stringify({ alg, kid, typ: 'JWT' }))}.${encode(claims)}`;
  const signature =
    alg === 'ES384'
      ? await signAsync('sha384', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
      : await signAsync('sha256', Buffer.from(text), { key });
  return `${text}.${signature.toString('base64url')}`;
}
