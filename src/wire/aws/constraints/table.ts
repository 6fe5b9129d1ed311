/** The form of a constraints table: what a service's published model demands of inputs, and the errors that it names. */

export interface ConstraintsTable {
  /** Package, version and file that this was made from. */
  readonly source: string;
  readonly licence: string;
  readonly operations: Readonly<Record<string, OperationRow>>;
  readonly shapes: Readonly<Record<string, ShapeRow>>;
  /** By the code that is sent. */
  readonly errors: Readonly<Record<string, ErrorRow>>;
}

export interface OperationRow {
  /** Absent: the operation takes nothing. */
  readonly input?: string;
  /** Codes. */
  readonly errors: readonly string[];
}

/**
 * A structure has `members`, a list has `item`, a map has `key` and `value`. `min` and `max` bound
 * the length of a text, blob, list or map; `least` and `most` the value of a number. A shape that is named but not listed has no constraints.
 */
export interface ShapeRow {
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  readonly item?: string;
  readonly key?: string;
  readonly value?: string;
  readonly min?: number;
  readonly max?: number;
  readonly least?: number;
  readonly most?: number;
  /** Of a whole number: 32 or 64, by the type that the vendor keeps it in. */
  readonly bits?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Never to be repeated to anyone. */
  readonly sensitive?: boolean;
}

export interface ErrorRow {
  /** Name of the error's shape in the SDK's schemas. */
  readonly shape: string;
  /** Of HTTP. */
  readonly status: number;
  /** Whether the caller is to blame. */
  readonly sender: boolean;
}
