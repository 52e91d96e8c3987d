import type { CanarySecret } from '../constructs/canary-secret.ts';
import { type FunctionSpec, SHORT } from '../constructs/function-spec.ts';
import * as may from './canary-permissions.ts';

/** Rotates the canary; Secrets Manager waits for it. */
export const canaryRotation = (canary: CanarySecret): FunctionSpec => ({
  handlerName: 'canary-rotation',
  description: 'Rotates the canary; before noon UTC each rotation fails once on purpose',
  timeout: SHORT,
  permissions: [may.rotateCanary(canary), may.useKeyForCanary(canary)],
});

/** Tags the canary. */
export const canaryTick = (canary: CanarySecret): FunctionSpec => ({
  handlerName: 'canary-tick',
  description: 'Tags the canary, so that there is a call to hear of',
  timeout: SHORT,
  permissions: [may.tagCanary(canary), may.useKeyForCanary(canary)],
  retryAttempts: 2,
});
