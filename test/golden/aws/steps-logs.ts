/** Log groups, streams and events. */
import type { Step } from './steps.ts';
import type { AwsGolden } from './world.ts';

export function logsSteps(_world: AwsGolden): Step[] {
  return [];
}
