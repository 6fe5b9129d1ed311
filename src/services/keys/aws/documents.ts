/** Keys of AWS KMS: what is kept of them, and by which names they go. A key lives in one Region. */
import type { GrantOperation } from '@aws-sdk/client-kms';
import type { GrantConstraints } from '../../../policy/aws/grants.ts';
import { awsResource, type ResourceRef } from '../../../policy/names.ts';
import { collection } from '../../../store/store.ts';
import type { KeySpec, KeyUsage } from './crypto/specs.ts';
import type { KeyState } from './states.ts';

/** The service's name in ARNs. */
export const KMS = 'kms';

export interface KmsKeyDocument {
  /** 12 digits: the document says it itself, because an alias is looked up by account and Region. */
  readonly account: string;
  readonly region: string;
  /** A UUID; of a multi-Region key `mrk-` and 32 hex digits, the same in each of its Regions. */
  readonly id: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly origin: 'AWS_KMS' | 'EXTERNAL';
  readonly description: string;
  readonly state: KeyState;
  readonly tags: Readonly<Record<string, string>>;
  /** `alias/...`, as in the alias documents: policies test them on every use. */
  readonly aliases: readonly string[];
  /** The id of the material that encrypts. Absent as long as none has been imported. */
  readonly material?: string;
  readonly createdAt: number;
  /** The days that a deletion waits, and when they are over; a primary key first waits for its replicas to go. */
  readonly deletion?: { readonly days: number; readonly at?: number };
  /** Of a multi-Region key. It is the primary key where this is its own Region, else a replica. */
  readonly primaryRegion?: string;
  /** Rotation every so many days, while enabled. */
  readonly rotation?: { readonly days: number; readonly enabledAt: number; readonly nextAt: number };
}

/** Material of a key. Part of its key: id `{region}/{key}/{material id}`. */
export interface MaterialDocument {
  /** 64 hex digits. */
  readonly id: string;
  /** Document id of the key. */
  readonly key: string;
  /** Base64; kept sealed. Absent when imported material was deleted or has expired. */
  readonly material?: string;
  /** When it became the key's, by rotation or import. */
  readonly since: number;
  readonly rotatedBy?: 'AUTOMATIC' | 'ON_DEMAND';
  /** Imported, and not in use before a rotation on demand. */
  readonly pending?: true;
  readonly imported?: { readonly description?: string; readonly validTo?: number };
}

/** The key policy, as it was written. Part of its key: id `{region}/{key}/default`. */
export interface KeyPolicyDocument {
  readonly text: string;
}

/** A principal as it was named. */
export interface Principal {
  /** ARN, or the name of a service. */
  readonly name: string;
  /** The unique id of the user or role that had the name: no successor is meant. */
  readonly id?: string;
}

/** Part of its key: id `{region}/{key}/{grant id}`. */
export interface GrantDocument {
  /** 64 hex digits. */
  readonly id: string;
  /** Document id of the key. */
  readonly key: string;
  /** A grant asked for again under the same name is the same grant. */
  readonly name?: string;
  readonly grantee: Principal;
  /** Who may retire it, besides the owner of the key. */
  readonly retiring?: Principal;
  readonly operations: readonly GrantOperation[];
  readonly constraints?: GrantConstraints;
  /** The account of who made it. */
  readonly issuer: string;
  readonly createdAt: number;
}

export interface AliasDocument {
  /** `alias/...` */
  readonly name: string;
  readonly region: string;
  /** Document id of the key. */
  readonly key: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const kmsKeys = collection<KmsKeyDocument>('kms-keys', {
  indexes: {
    region: (key) => [key.region],
    alias: ({ account, region, aliases }) => aliases.map((alias) => `${account}/${region}/${alias}`),
    /** The keys of one multi-Region key. */
    related: (key) => (key.primaryRegion === undefined ? [] : [key.id]),
  },
});

export const keyMaterials = collection<MaterialDocument>('kms-materials', {
  partOf: kmsKeys,
  sealed: ['material'],
  indexes: {
    key: (material) => [material.key],
    /** Where imported material is: related keys have it under the same id. */
    present: ({ id, material, imported }) => (material === undefined || imported === undefined ? [] : [id]),
  },
});

export const keyPolicies = collection<KeyPolicyDocument>('kms-key-policies', { decides: true, partOf: kmsKeys });

export const grants = collection<GrantDocument>('kms-grants', {
  decides: true,
  partOf: kmsKeys,
  indexes: {
    key: (grant) => [grant.key],
    named: ({ key, name }) => (name === undefined ? [] : [`${key}/${name}`]),
    retiring: ({ retiring }) => (retiring === undefined ? [] : [retiring.name]),
  },
});

export const kmsAliases = collection<AliasDocument>('kms-aliases', {
  indexes: { region: (alias) => [alias.region], key: (alias) => [alias.key] },
});

/** A key has one policy, which goes by this name. */
export const POLICY_NAME = 'default';

export function keyRef(account: string, region: string, id: string): ResourceRef {
  return awsResource({ account, service: KMS, location: region, type: 'key', id });
}

/** `name`: `alias/...` */
export function aliasRef(account: string, region: string, name: string): ResourceRef {
  return awsResource({ account, service: KMS, location: region, type: 'alias', id: name.slice('alias/'.length) });
}

/** The document id of a key or an alias. */
export const documentIdOf = ({ location, id }: ResourceRef): string => `${location}/${id}`;

/** The account's keys as a whole: `*`. */
export const allKeysRef = (account: string, region: string): ResourceRef =>
  awsResource({ account, service: KMS, location: region });

/** The key of a document id. */
export function keyOfDocument(account: string, id: string): ResourceRef {
  const slash = id.indexOf('/');
  return keyRef(account, id.slice(0, slash), id.slice(slash + 1));
}
