/** What the test and the process with the vendor's client in it tell each other. */

export interface ClientOptions {
  /** The package, such as `@aws-sdk/client-kms`. */
  readonly client: string;
  readonly endpoint: string;
  /** Speaks CBOR instead of the package's own protocol. */
  readonly cbor: boolean;
}

export interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export type Answer =
  /** The names of the package's commands, before the first call. */
  | { readonly kind: 'ready'; readonly commands: readonly string[] }
  | { readonly kind: 'output'; readonly output: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'error';
      readonly name: string;
      /** The class that the package made the error of. */
      readonly className: string;
      readonly message: string;
      readonly status: number | undefined;
      /** Everything else that the error holds. */
      readonly members: Readonly<Record<string, unknown>>;
    };
