import type { FunctionSpec } from '../constructs/function-spec.ts';
import type { MonitorResources } from '../constructs/monitor-resources.ts';
import { auditFunctions } from './audit-functions.ts';
import { canaryFunctions } from './canary-functions.ts';
import { eventFunctions } from './event-functions.ts';
import { operatorFunctions } from './operator-functions.ts';
import { sweepFunctions } from './sweep-functions.ts';
import { tellingFunctions } from './telling-functions.ts';

/** All functions of a deployment. */
export const functionSpecs = (resources: MonitorResources): readonly FunctionSpec[] => [
  ...eventFunctions(resources),
  ...sweepFunctions(resources),
  ...operatorFunctions(resources),
  ...auditFunctions(resources),
  ...tellingFunctions(resources),
  ...canaryFunctions(resources),
];

/**
 * The memory of every function, in MiB. What the bundles take, on Node 20: `on-rotation-event` 67 MB at most in three
 * runs, 58 of them once it is imported; `sweep` 108 MB at most over 10,000 secrets with 100 suspects, 59 once imported.
 * At the bound of 500,000 secrets with 5,000 suspects a sweep holds some 41 MB alive (bench/README.md), 6 of which are
 * in that peak. The share of a processor follows the memory, and so does the price of the time that is spent waiting for
 * AWS, which is most of it: half the memory halves it. https://aws.amazon.com/lambda/pricing/
 */
export const MEMORY_MIB = 256;
