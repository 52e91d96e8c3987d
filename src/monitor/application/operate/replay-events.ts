import { DAY, type Instant, later } from '../../../calendar/instant.ts';
import type { Notification } from '../../domain/alert/notification.ts';
import { type RecalledSecret, recalled, unrecalled } from '../../domain/rotation/recalled-secret.ts';
import type { RotationEvent } from '../../domain/rotation/rotation-event.ts';
import type { SecretArn } from '../../domain/secret/secret.ts';
import type { DueCheck } from '../../ports/sweep/deadline-scheduler.ts';
import { checkSecret } from '../look/check-secret.ts';
import { type RecordingEvent, recordEvent } from '../on-event/record-event.ts';

/** A service whose time, secrets and deadlines are those of the recorded events. */
export interface Replaying {
  readonly service: RecordingEvent;
  setTime(at: Instant): void;
  /** Shows a secret to whoever looks from now on. */
  show(secret: RecalledSecret): void;
  /** The checks that were asked for. */
  dueChecks(): readonly DueCheck[];
}

/** A moment of the replay: an event is taken in, or something is said. */
export type ReplayStep =
  | { readonly kind: 'event'; readonly at: Instant; readonly event: RotationEvent }
  | { readonly kind: 'said'; readonly at: Instant; readonly notification: Notification };

/** Time after the last event during which deadlines are still followed. */
const FOLLOWED_MS: number = DAY;

/**
 * Plays recorded events through recording and judging, in the order of their times, and the deadlines that they bring
 * to light until a day after the last one. A fact that no event reports is taken as it is for a secret that rotates.
 */
export async function* replayEvents(
  replaying: Replaying,
  events: readonly RotationEvent[],
): AsyncGenerator<ReplayStep> {
  const run = new Run(replaying);
  const inOrder = events.toSorted((a, b) => a.at - b.at);
  for (const event of inOrder) {
    yield* run.until(event.at);
    await run.take(event);
    yield { kind: 'event', at: event.at, event };
  }
  const last = inOrder.at(-1);
  if (last !== undefined) yield* run.until(later(last.at, FOLLOWED_MS));
}

/** The secrets and checks of a replay so far. */
class Run {
  readonly #replaying: Replaying;
  readonly #secrets: Map<SecretArn, RecalledSecret> = new Map();
  readonly #checked: Set<string> = new Set();

  constructor(replaying: Replaying) {
    this.#replaying = replaying;
  }

  /** Records one event and judges its secret. */
  async take(event: RotationEvent): Promise<void> {
    const { service, setTime, show } = this.#replaying;
    setTime(event.at);
    const arn = this.#arnOf(event);
    if (arn !== undefined) {
      const secret = recalled(this.#secrets.get(arn) ?? unrecalled(arn), event);
      this.#secrets.set(arn, secret);
      show(secret);
    }
    await recordEvent(service, event, true);
  }

  /** Makes the checks and says the notifications that are due until then, the earliest first. */
  async *until(end: Instant): AsyncGenerator<ReplayStep> {
    for (;;) {
      const waiting = [...this.#checks(), ...(await this.#outbox())].filter(({ at }) => at <= end);
      const [next] = waiting.toSorted((a, b) => a.at - b.at);
      if (next === undefined) return;
      const step = await next.run();
      if (step !== undefined) yield step;
    }
  }

  #checks(): readonly Waiting[] {
    const { service, setTime, dueChecks } = this.#replaying;
    return dueChecks()
      .map(({ secretArn, at }) => ({ secretArn, at, key: `${secretArn}@${at}` }))
      .filter(({ key }) => !this.#checked.has(key))
      .map(({ secretArn, at, key }) => ({
        at,
        run: async () => {
          this.#checked.add(key);
          setTime(at);
          await checkSecret(service, { ...PLAIN, arn: secretArn, deadline: at });
          return undefined;
        },
      }));
  }

  /** Returns the notifications in the outbox of any secret. One that was sent leaves it, as after a delivery. */
  async #outbox(): Promise<readonly Waiting[]> {
    const { store } = this.#replaying.service;
    return (await store.undelivered()).flatMap((state) =>
      state.outbox.map((notification) => ({
        at: notification.notBefore,
        run: async () => {
          const outbox = state.outbox.filter(({ id }) => id !== notification.id);
          await store.write({ ...state, outbox });
          return { kind: 'said' as const, at: notification.notBefore, notification };
        },
      })),
    );
  }

  /** An event may name its secret by name or partial ARN, which others gave in full. */
  #arnOf({ secret }: RotationEvent): SecretArn | undefined {
    if (secret.kind === 'arn') return secret.arn;
    return [...this.#secrets.values()].find(
      ({ secret: { arn, name } }) => name === secret.id || arn.startsWith(`${secret.id}-`),
    )?.secret.arn;
  }
}

/** Something that is due at its time. */
interface Waiting {
  readonly at: Instant;
  readonly run: () => Promise<ReplayStep | undefined>;
}

const PLAIN = {
  evidence: [],
  listed: undefined,
  known: undefined,
  baseline: false,
  eventsArrive: true,
} as const;
