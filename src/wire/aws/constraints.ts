/** Constraints of inputs. */
export interface Constraints {
  readonly service: string;
}

export async function loadConstraints(service: string): Promise<Constraints> {
  return { service };
}

export function violations(_constraints: Constraints, _operation: string, _input: object): readonly string[] {
  return [];
}

export function validationMessage(found: readonly string[]): string {
  return found.join('; ');
}

export function errorOf(
  _constraints: Constraints,
  _code: string,
): { readonly status: number; readonly sender: boolean } | undefined {
  return undefined;
}
