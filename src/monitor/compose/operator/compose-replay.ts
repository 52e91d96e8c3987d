import { type Instant, instant } from '../../../calendar/instant.ts';
import { recordedEvents } from '../../adapters/cloudtrail/recorded-events.ts';
import { parseRotationEvent } from '../../adapters/eventbridge/parse-rotation-event.ts';
import { memoryHistoryStore } from '../../adapters/memory/audit/memory-history-store.ts';
import { memoryAlertStore } from '../../adapters/memory/memory-alert-store.ts';
import { memoryDeadlineScheduler } from '../../adapters/memory/memory-deadline-scheduler.ts';
import { memoryMoveStore } from '../../adapters/memory/memory-move-store.ts';
import { memoryDeliveryQueue } from '../../adapters/memory/memory-queues.ts';
import { memorySecretCatalog } from '../../adapters/memory/memory-secret-catalog.ts';
import { memoryMetricSink } from '../../adapters/memory/watch/memory-metric-sink.ts';
import { type ReplayStep, replayEvents } from '../../application/operate/replay-events.ts';
import { type Environment, readConfig } from '../../config/read-config.ts';
import { type ParsedEvent, type RotationEvent, targetOf } from '../../domain/rotation/rotation-event.ts';
import { settingsOf } from '../joints/settings-of.ts';
import { standIn } from '../joints/stand-in.ts';

/** Recorded events, read and ready to be played. */
export interface Replay {
  /** In the order of the file. */
  readonly parsed: readonly ParsedEvent[];
  readonly steps: AsyncIterable<ReplayStep>;
}

/** Reads recorded events and joins the judgement with memory for all else; undefined for a text that holds no events. */
export function composeReplay(text: string, environment: Environment): Replay | undefined {
  const parsed = recordedEvents(text)?.map(parseRotationEvent);
  if (parsed === undefined) return undefined;
  const events = parsed.flatMap((each) => ('reason' in each ? [] : [each]));
  return { parsed, steps: replayEvents(replaying(events, environment), events) };
}

function replaying(
  events: readonly RotationEvent[],
  environment: Environment,
): Parameters<typeof replayEvents>[0] {
  const [first] = events;
  const target = first === undefined ? { account: '111122223333', region: 'us-east-1' } : targetOf(first);
  const settings = settingsOf(readConfig({ ...environment, ...standIn(target) }));
  const catalog = memorySecretCatalog();
  const deadlines = memoryDeadlineScheduler();
  let now = instant(0);
  return {
    service: {
      clock: { now: () => now, pause: async () => undefined },
      catalog,
      deadlines,
      settings,
      store: memoryAlertStore(),
      moves: memoryMoveStore(),
      changes: memoryHistoryStore(),
      queue: memoryDeliveryQueue(),
      metrics: memoryMetricSink(),
      applicationBus: undefined,
      log: () => undefined,
    },
    setTime: (at: Instant) => {
      now = at;
    },
    show: catalog.put,
    dueChecks: () => deadlines.checks,
  };
}
