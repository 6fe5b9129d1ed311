/** Who a question is about: as people write it, and as the caller that the live world would make of it. */
import { z } from 'zod';
import { Fault } from '../faults.ts';
import type { Caller } from '../policy/model.ts';
import { formatCrn, ibmRef, parseCrn, type ResourceRef, regionOf } from '../policy/names.ts';
import { emailKey, persons } from '../services/accounts/access.ts';
import { callerIn } from '../services/identity/ibm/identify.ts';
import type { Reader } from '../store/store.ts';
import { sees, type Viewer } from '../why/record.ts';

/**
 * An iam_id or e-mail address; a service by name and account, with its attributes (`serviceInstance`, `resourceType`,
 * `resource`, `region`); or a text: `IAM_ID`, `E-MAIL`, either with `@ACCOUNT`, `SERVICE@ACCOUNT`, or the CRN of the
 * resource for which a service acts.
 */
export const callerSchema = z.union([
  z.string().min(1).max(1000),
  z.strictObject({ iam_id: z.string().min(1).max(200), account: z.string().optional() }),
  z.object({ service: z.string().min(1).max(100), account: z.string() }).catchall(z.string().max(300)),
]);

export type CallerInput = z.infer<typeof callerSchema>;

interface Identity {
  readonly iamId: string;
  /** Absent: the account that the question is about. */
  readonly account?: string | undefined;
}

type Described = ({ readonly kind: 'identity' } & Identity) | { readonly kind: 'service'; readonly caller: Caller };

/** Reads a caller. Throws `invalid` for what can be none. */
export function readCaller(input: CallerInput): Described {
  if (typeof input === 'string') return fromText(input);
  if ('service' in input) return { kind: 'service', caller: serviceFrom(input as ServiceInput) };
  return { kind: 'identity', iamId: input.iam_id as string, account: input.account };
}

type ServiceInput = Readonly<Record<string, string>> & { readonly service: string; readonly account: string };

function fromText(text: string): Described {
  const ref = parseCrn(text.replace(/^crn-/, ''));
  if (ref) return { kind: 'service', caller: serviceOf(ref) };
  const [, name = text, account] = /^(.+)@([0-9a-f]{32})$/.exec(text) ?? [];
  if (account === undefined || name.includes('@') || /^(IBMid|iam)-/.test(name)) {
    return { kind: 'identity', iamId: name, account };
  }
  return { kind: 'service', caller: serviceOf(ibmRef({ service: name, account })) };
}

function serviceFrom({ service, account, ...attributes }: ServiceInput): Caller {
  const ref = ibmRef({
    service,
    account,
    location: attributes['region'] ?? '',
    instance: attributes['serviceInstance'] ?? '',
    type: attributes['resourceType'] ?? '',
    id: attributes['resource'] ?? '',
  });
  return serviceOf(ref, attributes);
}

/** The identity in which a service acts for a resource that it keeps. */
export function serviceOf(ref: ResourceRef, more: Readonly<Record<string, string>> = {}): Caller {
  if (!/^[0-9a-f]{32}$/.test(ref.account)) {
    throw new Fault('invalid', 'caller', 'a service acts for an account of IBM Cloud: give its id, 32 hex digits');
  }
  const own = {
    serviceName: ref.service,
    accountId: ref.account,
    resourceType: ref.type,
    region: regionOf(ref.location),
    serviceInstance: ref.instance,
    resource: ref.id,
  };
  const named = Object.entries(own).filter(([, value]) => value !== '');
  return {
    kind: 'service',
    id: `crn-${formatCrn(ref)}`,
    account: ref.account,
    attributes: { ...more, ...Object.fromEntries(named) },
  };
}

/**
 * The caller as a call of his would be identified: with his access groups. Of accounts that the viewer does not see,
 * nothing is looked up. Throws `not-found` for an identity that is not of an account that he sees: nobody can call as it.
 */
export async function liveCaller(reader: Reader, input: CallerInput, account: string, viewer: Viewer): Promise<Caller> {
  const described = readCaller(input);
  if (described.kind === 'service') return described.caller;
  const home = described.account ?? account;
  const { iamId } = described;
  if (!sees(viewer, home)) return { kind: kindOf(iamId), id: iamId, account: home, groups: [] };
  const id = iamId.includes('@') ? await personNamed(reader, iamId) : iamId;
  try {
    return await callerIn(reader, id, home);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    const message = `\`${iamId}\` is no identity of account \`${home}\`: nobody can call as it there`;
    throw new Fault('not-found', 'no-such-caller', message, { cause });
  }
}

const kindOf = (iamId: string): Caller['kind'] => (iamId.startsWith('iam-ServiceId-') ? 'service-id' : 'user');

/** The iam_id of who has an e-mail address; an address that nobody has names nobody. */
async function personNamed(reader: Reader, email: string): Promise<string> {
  return (await reader.find(persons, 'email', emailKey(email), 1))[0]?.id ?? email;
}
