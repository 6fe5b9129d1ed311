/** A decision case as it stands in its file: what the plain evaluator reads and the generators make. */

export interface PlainStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PlainDocument {
  readonly Version?: string;
  readonly Statement: readonly PlainStatement[];
}

export interface PlainGrant {
  readonly grantee: string;
  readonly operations: readonly string[];
}

export interface PlainWorld {
  readonly request: {
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly resourceAccount: string;
    readonly context: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly policies: {
    readonly identity: readonly PlainDocument[];
    readonly resource?: PlainDocument | null;
    readonly boundary?: PlainDocument | null;
    readonly session?: PlainDocument | null;
    readonly scps?: readonly (readonly PlainDocument[])[];
    readonly rcps?: readonly (readonly PlainDocument[])[];
    readonly vpce?: PlainDocument | null;
    readonly grants?: readonly PlainGrant[];
  };
  readonly facts?: {
    readonly principalAccountIsManagement?: boolean;
    readonly resourceAccountIsManagement?: boolean;
    readonly principalIsServiceLinkedRole?: boolean;
    readonly principalRolePath?: string;
    readonly principalUniqueId?: string;
    readonly federatingUser?: string;
  };
}
