/** What AWS tells a caller who is refused. */
import type { Question, Verdict } from '../model.ts';

export function refusalMessage({ caller, action, resource }: Question, _verdict: Verdict): string {
  return `User: ${caller.id} is not authorized to perform: ${action} on resource: ${resource.name}`;
}
