import { MINUTE } from '../../../calendar/instant.ts';
import { noted } from '../../domain/look/remember.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { freshState, type SecretState } from '../../domain/state/secret-state.ts';
import { tellsTheSame } from '../../domain/state/state-difference.ts';
import { StoreError } from '../../ports/store/alert-store.ts';
import { forEachLimited } from '../for-each-limited.ts';
import type { Service } from '../service.ts';

/** What noting versions in use needs of the service. */
type Noting = Pick<Service, 'store' | 'clock' | 'settings'>;

/** Secrets noted side by side. */
const SECRETS_AT_ONCE = 10;
/** ListSecrets lags up to five minutes: what was seen since may be newer than what it shows. */
const LISTS_LAG_MS: number = 5 * MINUTE;

/**
 * Notes the versions that a list shows in use, for the moves of which no event came: one read of the store a secret, a
 * write where the version is another, and no call to Secrets Manager. A move that no rotation made is looked at by the
 * next sweep. Answers what failed.
 */
export const noteCurrents = (service: Noting, secrets: readonly Secret[]): Promise<readonly unknown[]> =>
  forEachLimited(secrets, SECRETS_AT_ONCE, (secret) => noteCurrent(service, secret));

async function noteCurrent({ store, clock, settings }: Noting, secret: Secret): Promise<void> {
  const now = clock.now();
  const before = (await store.read(secret.arn)) ?? freshState(secret.arn, secret.name, secret);
  if (mayBeNewer(before, secret, now)) return;
  const { expectedWriters } = settings.policyDefaults;
  const after = { ...before, current: noted(before, secret, { now, expectedWriters }) };
  if (tellsTheSame(before, after) || (await store.write(after)) === 'written') return;
  throw new StoreError(`Cannot note the version in use of "${secret.arn}": somebody else wrote first`, {
    reason: 'server',
    retryable: true,
  });
}

const mayBeNewer = ({ current }: SecretState, { lastChangedAt }: Secret, now: number): boolean =>
  current !== undefined && (lastChangedAt ?? 0) <= current.seenAt && now < current.seenAt + LISTS_LAG_MS;
