/** AWS managed policies. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly document: string;
}

export async function managedPolicy(_arn: string): Promise<ManagedPolicy | undefined> {
  return undefined;
}
