import { DAY } from '../domain/instant.ts';
import { asSecretArn } from '../domain/secret.ts';
import { type CheckOutcome, checkSecret } from './check-secret.ts';
import type { Service } from './service.ts';

/** Checks one secret because a deadline has come or somebody asked; undefined when there is no such secret. */
export async function checkOnRequest(
  service: Pick<Service, 'clock' | 'catalog' | 'store' | 'queue' | 'settings'>,
  secretId: string,
): Promise<CheckOutcome | undefined> {
  const arn = asSecretArn(secretId) ?? (await service.catalog.describe(secretId))?.arn;
  if (arn === undefined) return undefined;
  const record = await service.store.readTarget(service.settings.target);
  const eventSeenAt = record?.eventSeenAt;
  return checkSecret(service, {
    arn,
    evidence: [],
    listed: undefined,
    known: undefined,
    baseline: false,
    eventsArrive: eventSeenAt !== undefined && service.clock.now() - eventSeenAt <= DAY,
  });
}
