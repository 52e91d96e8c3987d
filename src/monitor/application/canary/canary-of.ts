import type { CanarySecret } from '../../ports/canary/canary-secret.ts';
import type { Service } from '../service.ts';

/** The least part of the service that every function of the canary uses. */
export type WithCanary = Pick<Service, 'canary'>;

/** The canary; throws where there is none, which is a mistake of the deployment. */
export function canaryOf({ canary }: WithCanary): CanarySecret {
  if (canary !== undefined) return canary;
  throw new Error('Cannot use the canary: set "canary-secret-arn"');
}
