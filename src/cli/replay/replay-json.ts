import { formatInstant } from '../../calendar/instant.ts';
import type { ReplayStep } from '../../monitor/application/operate/replay-events.ts';
import type { Notification } from '../../monitor/domain/alert/notification.ts';
import type { ParsedEvent, RotationEvent } from '../../monitor/domain/rotation/rotation-event.ts';
import { printableJson } from '../terminal/output.ts';

/** A replay that is over. */
export interface Replayed {
  /** The monitor's reading of each event, in the order of the file. */
  readonly parsed: readonly ParsedEvent[];
  readonly steps: readonly ReplayStep[];
}

/** Version of the shape that {@link replayJson} writes; `docs/schemas/replay.json` describes it. */
const SCHEMA_VERSION = 1;

/** The replay as programs read it. */
export const replayJson = ({ parsed, steps }: Replayed): string =>
  printableJson({
    schemaVersion: SCHEMA_VERSION,
    events: parsed.length,
    ...notTaken(parsed),
    steps: steps.map((step) => ({
      at: formatInstant(step.at),
      ...(step.kind === 'event' ? { event: eventJson(step.event) } : { said: saidJson(step.notification) }),
    })),
  });

/** The events that nothing was made of, by why. */
export function notTaken(parsed: readonly ParsedEvent[]): {
  readonly ignored: Readonly<Record<string, number>>;
  readonly unrecognised: Readonly<Record<string, number>>;
} {
  const counts = { ignored: {} as Record<string, number>, unrecognised: {} as Record<string, number> };
  for (const each of parsed) {
    if (!('reason' in each)) continue;
    const byReason = counts[each.kind];
    byReason[each.reason] = (byReason[each.reason] ?? 0) + 1;
  }
  return counts;
}

const eventJson = (event: RotationEvent): object => ({
  id: event.id,
  kind: event.kind,
  secret: secretOf(event),
  ...('versionId' in event && event.versionId !== undefined ? { versionId: event.versionId } : {}),
  ...('step' in event && event.step !== undefined ? { step: event.step } : {}),
  ...('operation' in event ? { operation: event.operation, actor: event.actor ?? null } : {}),
});

/** The secret as the event names it. */
export const secretOf = ({ secret }: RotationEvent): string =>
  secret.kind === 'arn' ? secret.arn : secret.id;

const saidJson = (notification: Notification): object => {
  const { transition, reason, secretArn, secretName, code, severity, finding, resolution } = notification;
  const { what, why, credentialInUse, blastRadius, advice } = finding;
  return {
    transition,
    reason,
    secretArn,
    secretName,
    code,
    severity,
    what,
    why,
    credentialInUse,
    blastRadius,
    advice,
    endedBy: resolution?.endedBy ?? null,
  };
};
