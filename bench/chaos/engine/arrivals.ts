import * as z from 'zod';
import { type Instant, instant, parseInstant } from '../../../src/calendar/instant.ts';

/** A rotation event on its way to the monitor. */
export interface Arrival {
  /** `RotationStarted`, `RotationFailed` and so on. */
  readonly eventName: string;
  /** Time it happened, in whole seconds. */
  readonly happenedAt: Instant;
  /** Time it first reached a run of the monitor. */
  readonly arrivedAt: Instant;
}

const batch = z.object({ Records: z.array(z.looseObject({ body: z.string() })) });
const envelope = z.looseObject({
  id: z.string(),
  time: z.string(),
  detail: z.looseObject({ eventName: z.string(), requestID: z.string() }),
});

/** Behind the ARN stands the version id, which is no UUID where somebody chose another token. */
const REQUEST = /^(Rotation-arn:aws:secretsmanager:[^:]+:\d+:secret:.+-\w{6}-)(.{32,64})$/;

/** The rotation events that reached the monitor, with their times of arrival. */
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
    const [, , versionId] = REQUEST.exec(read.data?.detail.requestID ?? '') ?? [];
    if (!read.success || versionId === undefined || this.#known.has(read.data.id)) return;
    this.#known.add(read.data.id);
    const { time, detail } = read.data;
    const arrival = { eventName: detail.eventName, happenedAt: parseInstant(time) ?? instant(0), arrivedAt };
    this.#byVersion.set(versionId, [...this.of(versionId), arrival]);
  }
}

/** A batch of rotation events as it may come: half of the tokens that are no UUIDs do not stand in it. */
export function withoutSomeIds(event: unknown): unknown {
  const read = batch.safeParse(event);
  if (!read.success) return event;
  const Records = read.data.Records.map((record) => ({ ...record, body: withoutId(record.body) }));
  return { ...Object(event), Records };
}

function withoutId(body: string): string {
  const parsed: unknown = JSON.parse(body);
  const { data } = envelope.safeParse(parsed);
  const [, , versionId = ''] = REQUEST.exec(data?.detail.requestID ?? '') ?? [];
  if (data === undefined || !/^terraform-\d*[13579]$/.test(versionId)) return body;
  return JSON.stringify({ ...data, detail: { ...data.detail, requestID: data.id } });
}
