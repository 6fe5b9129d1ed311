/** What a caller asks a grant to be: read, and held against what grants can be. */
import type { CreateGrantCommandInput, GrantOperation } from '@aws-sdk/client-kms';
import type { Context as AskContext } from '../../../authorize.ts';
import type { Context } from '../../../context.ts';
import type { GrantConstraints } from '../../../policy/aws/grants.ts';
import { parsePrincipal } from '../../../policy/names.ts';
import type { Input } from '../../../wire/aws/face.ts';
import { awsFault } from '../../../wire/aws/fault.ts';
import { boundName } from '../../identity/aws/principals.ts';
import type { KeyUsage } from './crypto/specs.ts';
import type { GrantDocument, KmsKeyDocument, Principal } from './documents.ts';
import { encryptionContextKeys } from './use.ts';

/** A grant without what the key's owner adds to it. */
export type GrantDraft = Pick<GrantDocument, 'name' | 'grantee' | 'retiring' | 'operations' | 'constraints'>;

type CreateGrantInput = Input<CreateGrantCommandInput>;

/** Throws `ValidationException` for what contradicts itself. */
export function readGrant(input: CreateGrantInput): GrantDraft {
  const { GranteePrincipal, GranteeServicePrincipal, RetiringPrincipal, RetiringServicePrincipal } = input;
  const constraints = readConstraints(input.Constraints ?? {});
  const grantee = principalOf('Grantee', GranteePrincipal, GranteeServicePrincipal);
  const retiring = principalOf('Retiring', RetiringPrincipal, RetiringServicePrincipal);
  if (grantee === undefined) throw invalid('Specify either GranteePrincipal or GranteeServicePrincipal.');
  if (GranteeServicePrincipal !== undefined && (constraints?.SourceArn === undefined || retiring === undefined)) {
    throw invalid('A GranteeServicePrincipal needs a SourceArn constraint and a retiring principal.');
  }
  return {
    grantee,
    operations: [...new Set(input.Operations)].toSorted(),
    ...(input.Name === undefined ? {} : { name: input.Name }),
    ...(retiring ? { retiring } : {}),
    ...(constraints ? { constraints } : {}),
  };
}

function principalOf(
  what: 'Grantee' | 'Retiring',
  arn: string | undefined,
  service: string | undefined,
): Principal | undefined {
  if (arn !== undefined && service !== undefined) {
    throw invalid(`Specify either ${what}Principal or ${what}ServicePrincipal, but not both.`);
  }
  const name = arn ?? service;
  return name === undefined ? undefined : { name };
}

/** The draft with its principals as who they are now. Throws `InvalidArnException` for those that there are not. */
export async function bindGrant(cx: Context, draft: GrantDraft): Promise<GrantDraft> {
  const grantee = await bind(cx, draft.grantee);
  return { ...draft, grantee, ...(draft.retiring ? { retiring: await bind(cx, draft.retiring) } : {}) };
}

async function bind(cx: Context, { name }: Principal): Promise<Principal> {
  // Services have always been let pass where an ARN is expected.
  const bound = await boundName(cx, { type: parsePrincipal(name) ? 'AWS' : 'Service', name });
  if (bound === undefined) throw awsFault('InvalidArnException', `ARN does not refer to a valid principal: ${name}`);
  return bound === name ? { name } : { name, id: bound };
}

const PAIRS = 8;
const CONTEXT_CHARACTERS = 384;

function readConstraints({
  EncryptionContextSubset: subset,
  EncryptionContextEquals: equals,
  SourceArn: source,
}: NonNullable<CreateGrantInput['Constraints']>): GrantConstraints | undefined {
  for (const pairs of [subset ?? {}, equals ?? {}]) {
    const entries = Object.entries(pairs);
    const characters = entries.flat().reduce((sum, text) => sum + text.length, 0);
    if (entries.length > PAIRS || characters > CONTEXT_CHARACTERS) {
      throw invalid(`A grant constraint holds at most ${PAIRS} pairs of ${CONTEXT_CHARACTERS} characters in all.`);
    }
  }
  if (subset === undefined && equals === undefined && source === undefined) return undefined;
  return {
    ...(subset ? { EncryptionContextSubset: subset } : {}),
    ...(equals ? { EncryptionContextEquals: equals } : {}),
    ...(source === undefined ? {} : { SourceArn: source }),
  };
}

const ALWAYS: readonly GrantOperation[] = ['CreateGrant', 'DescribeKey', 'RetireGrant'];
const BOTH_WAYS: readonly GrantOperation[] = ['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo'];
const DATA_KEYS: readonly GrantOperation[] = [
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
];

/** https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations */
const OPERATIONS: Readonly<Record<KeyUsage, readonly GrantOperation[]>> = {
  ENCRYPT_DECRYPT: [...BOTH_WAYS, 'GetPublicKey'],
  SIGN_VERIFY: ['Sign', 'Verify', 'GetPublicKey'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey'],
};

/** Throws `ValidationException` for a grant of what the key cannot do, or constrained by what it does not know. */
export function requireFit({ spec, usage }: KmsKeyDocument, { operations, constraints = {} }: GrantDraft): void {
  const symmetric = spec === 'SYMMETRIC_DEFAULT';
  const known = new Set([...ALWAYS, ...(symmetric ? [...BOTH_WAYS, ...DATA_KEYS] : OPERATIONS[usage])]);
  const strange = operations.filter((operation) => !known.has(operation));
  if (strange.length > 0) {
    throw invalid(`Grant operations ${strange.join(', ')} are not supported by a key of spec ${spec} for ${usage}.`);
  }
  if (!symmetric && (constraints.EncryptionContextEquals ?? constraints.EncryptionContextSubset) !== undefined) {
    throw invalid('Encryption context constraints are supported only for symmetric encryption keys.');
  }
}

/** Context keys of a question about making the grant. */
export function grantKeys({ grantee, retiring, operations, constraints }: GrantDraft): AskContext {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset, SourceArn: source } = constraints ?? {};
  const types = [
    ...(equals ? ['EncryptionContextEquals'] : []),
    ...(subset ? ['EncryptionContextSubset'] : []),
    ...(source === undefined ? [] : ['SourceArn']),
  ];
  return {
    ...encryptionContextKeys({ ...subset, ...equals }),
    ...principalKeys('grantee', grantee),
    ...(retiring ? principalKeys('retiring', retiring) : {}),
    'kms:grantoperations': operations,
    ...(types.length === 0 ? {} : { 'kms:grantconstrainttype': types.length === 1 ? types[0]! : types }),
    ...(source === undefined ? {} : { 'kms:grantconstraintsourcearn': source }),
  };
}

function principalKeys(what: 'grantee' | 'retiring', { name }: Principal): AskContext {
  return { [parsePrincipal(name) ? `kms:${what}principal` : `kms:${what}serviceprincipal`]: name };
}

const invalid = (message: string) => awsFault('ValidationException', message);
