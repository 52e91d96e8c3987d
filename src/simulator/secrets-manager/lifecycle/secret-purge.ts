import { formatInstant, type Instant, later, SECOND } from '../../../calendar/instant.ts';
import type { Agenda } from '../../time/agenda.ts';
import { deletionEvent } from '../events/bus-events.ts';
import type { RotationEngine } from '../rotation/rotation-engine.ts';
import type { Core } from '../store/core.ts';
import type { Secret } from '../store/secret.ts';
import type { SecretEnd } from './secret-lifecycle.ts';

/** Forced deletion is not at once: recorded against AWS, a secret is gone after about eight seconds. */
const FORCED_MS: number = 8 * SECOND;

/** Ends secrets: stops their rotation, purges them in time, and emits one event per version. */
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
      const goneAt = forced ? later(at, FORCED_MS) : at;
      agenda.schedule(goneAt, async () => {
        if (secret.state.purgeAt === at && core.store.find(secret.arn) === secret)
          purgeNow(secret, requestId);
        await core.outbox.flush();
      });
    },
  };
}

const purgeRequestId = ({ arn }: Secret, at: Instant, forced: boolean): string =>
  `SecretDeleteMessage:${arn}:${formatInstant(at)}${forced ? ':Forced' : ''}`;
