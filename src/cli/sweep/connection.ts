import type { Instant } from '../../calendar/instant.ts';
import { systemClock } from '../../monitor/adapters/system/system-clock.ts';
import type { SweepConnection } from '../../monitor/compose/compose-dry-sweep.ts';
import type { Terminal } from '../terminal/output.ts';
import type { Place } from './sweep-fault.ts';

/** The options that say where, as whom and for which time to sweep. */
export interface ConnectionOptions {
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly now?: Instant;
}

/** What options and environment say together; an option wins. */
export interface Connecting {
  readonly connection: SweepConnection;
  /** The region is empty as long as only the SDK can know it. */
  readonly place: Place;
}

/** Joins options and environment as the AWS CLI does, older versions of which read AWS_DEFAULT_REGION only. */
export function connecting(
  { endpointUrl, region, profile, now }: ConnectionOptions,
  environment: Terminal['environment'],
): Connecting {
  const endpoint =
    endpointUrl ??
    (environment['AWS_ENDPOINT_URL_SECRETS_MANAGER'] || environment['AWS_ENDPOINT_URL'] || undefined);
  const named = region ?? (environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || undefined);
  const clock = now === undefined ? undefined : { ...systemClock, now: () => now };
  return {
    connection: { endpointUrl, region: named, profile, clock, anyCredentials: isLoopback(endpoint) },
    place: { endpointUrl: endpoint, region: named ?? '', profile },
  };
}

/** What listens on this machine's own loopback, such as a simulator, mostly takes any credentials. */
function isLoopback(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}
