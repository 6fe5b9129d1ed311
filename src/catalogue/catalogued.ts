/** What a catalogue says about a question. It is told beside the answer and never changes it. */

export interface Unknown {
  readonly kind: 'action' | 'resource' | 'condition-key';
  /** As the question has it; condition keys in lower case. */
  readonly name: string;
}

export interface Catalogued {
  readonly name: string;
  readonly version: string;
  /** What the question names and the catalogue does not list: a typing error, or newer than the catalogue. */
  readonly unknown: readonly Unknown[];
}
