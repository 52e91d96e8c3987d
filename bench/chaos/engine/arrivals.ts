import * as z from 'zod';
import { type Instant, instant, parseInstant } from '../../../src/calendar/instant.ts';

/** A rotation event on its way to the monitor. */
export interface Arrival {
  /** `RotationStarted`, `RotationFailed` and so on. */
  readonly eventName: string;
  /** When it happened, in whole seconds. */
  readonly happenedAt: Instant;
  /** When a run of the monitor first got it. */
  readonly arrivedAt: Instant;
}

const batch = z.object({ Records: z.array(z.object({ body: z.string() })) });
const envelope = z.object({
  id: z.string(),
  time: z.string(),
  detail: z.object({ eventName: z.string(), requestID: z.string() }),
});

/** The version id is the last 36 characters of the requestID of rotation events. */
const VERSION_ID = /^Rotation-.*-([0-9a-f-]{36})$/;

/** Which rotation events reached the monitor, and when. */
export class Arrivals {
  readonly #byVersion = new Map<string, Arrival[]>();
  readonly #known = new Set<string>();

  /** Takes down what a run was invoked with; whatever is no batch of rotation events is passed over. */
  note(event: unknown, now: Instant): void {
    const read = batch.safeParse(event);
    for (const { body } of read.success ? read.data.Records : []) this.#noteBody(body, now);
  }

  /** The events about a version, in order of arrival, each once. */
  of(versionId: string): readonly Arrival[] {
    return this.#byVersion.get(versionId) ?? [];
  }

  #noteBody(body: string, arrivedAt: Instant): void {
    const read = envelope.safeParse(JSON.parse(body));
    const [, versionId] = VERSION_ID.exec(read.data?.detail.requestID ?? '') ?? [];
    if (!read.success || versionId === undefined || this.#known.has(read.data.id)) return;
    this.#known.add(read.data.id);
    const { time, detail } = read.data;
    const arrival = { eventName: detail.eventName, happenedAt: parseInstant(time) ?? instant(0), arrivedAt };
    this.#byVersion.set(versionId, [...this.of(versionId), arrival]);
  }
}
