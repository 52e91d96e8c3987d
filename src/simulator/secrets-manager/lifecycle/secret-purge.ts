import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import type { Agenda } from '../../time/agenda.ts';
import { deletionEvent } from '../events/bus-events.ts';
import type { RotationEngine } from '../rotation/rotation-engine.ts';
import type { Core } from '../store/core.ts';
import type { Secret } from '../store/secret.ts';
import type { SecretEnd } from './secret-lifecycle.ts';

/** Ends secrets: stops their rotation, purges them in time, and tells of it once per version. */
export function secretPurge(core: Core, agenda: Agenda, engine: RotationEngine): SecretEnd {
  const purgeNow = (secret: Secret, requestId: string): void => {
    for (const eventName of ['StartSecretVersionDelete', 'EndSecretVersionDelete'] as const) {
      for (const _ of secret.state.versions)
        core.outbox.push(deletionEvent(core, eventName, secret, requestId));
    }
    core.store.remove(secret);
  };
  return {
    marked: (secret) => engine.stop(secret),
    restored: (secret) => {
      for (const _ of secret.state.versions) {
        core.outbox.push(deletionEvent(core, 'CancelSecretVersionDelete', secret, core.random.uuid()));
      }
    },
    purge: (secret, at, forced) => {
      const requestId = purgeRequestId(secret, at, forced);
      if (forced) return purgeNow(secret, requestId);
      agenda.schedule(at, async () => {
        if (secret.state.purgeAt === at && core.store.find(secret.arn) === secret)
          purgeNow(secret, requestId);
        await core.outbox.flush();
      });
    },
  };
}

const purgeRequestId = ({ arn }: Secret, at: Instant, forced: boolean): string =>
  `SecretDeleteMessage:${arn}:${formatInstant(at)}${forced ? ':Forced' : ''}`;
