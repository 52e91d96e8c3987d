import type { Instant } from '../../calendar/instant.ts';
import type { SecretView } from '../../monitor/application/operate/view-secret.ts';
import type { Evidence } from '../../monitor/domain/rotation/evidence.ts';
import type { Attempt } from '../../monitor/ports/store/attempt-store.ts';

/** Something that happened to a secret. */
interface TimelineItem {
  readonly at: Instant;
  readonly what: string;
  /** Source of the item. */
  readonly from: 'monitor' | 'CloudTrail' | 'Secrets Manager';
}

/** Most items that are shown; the earliest are left out. */
const MOST_ITEMS = 20;

/** A part of what happened, and how much was left out of it. */
export interface Timeline {
  readonly items: readonly TimelineItem[];
  readonly left: number;
}

/** Returns the history of a secret, oldest first: versions, attempts and calls, each once. */
export function timelineOf({ versions, facts, history, remembered }: SecretView): Timeline {
  const made = Object.entries(versions).flatMap(([id, { createdAt }]): readonly TimelineItem[] =>
    createdAt === undefined
      ? []
      : [{ at: createdAt, what: `Version ${id} was made.`, from: 'Secrets Manager' }],
  );
  const known = [
    ...made,
    ...(remembered?.attempts ?? []).flatMap(attemptItems),
    ...facts.evidence.flatMap(evidenceItems),
    ...history.calls.map(
      ({ at, operation, actor = 'an unknown caller' }): TimelineItem => ({
        at,
        what: `${operation} by ${actor}.`,
        from: 'CloudTrail',
      }),
    ),
  ];
  const once = new Map(known.map((item) => [`${item.at} ${item.what}`, item]));
  const all = [...once.values()].sort((a, b) => a.at - b.at);
  return { items: all.slice(-MOST_ITEMS), left: Math.max(0, all.length - MOST_ITEMS) };
}

function attemptItems({ versionId, startedAt, succeededAt, abandonedAt, failures }: Attempt) {
  const item = (at: Instant | undefined, what: string): readonly TimelineItem[] =>
    at === undefined ? [] : [{ at, what, from: 'monitor' }];
  return [
    ...item(startedAt, started(versionId)),
    ...failures.flatMap(({ at, step }) => item(at, failed(versionId, step))),
    ...item(succeededAt, succeeded(versionId)),
    ...item(abandonedAt, `The rotation to version ${versionId} was abandoned.`),
  ];
}

const started = (versionId: string | undefined): string =>
  `The rotation to version ${named(versionId)} began.`;
const failed = (versionId: string | undefined, step: string | undefined): string =>
  `The rotation to version ${named(versionId)} failed${step === undefined ? '' : ` at ${step}`}.`;
const succeeded = (versionId: string | undefined): string =>
  `The rotation to version ${named(versionId)} succeeded.`;
const named = (versionId: string | undefined): string => versionId ?? 'unknown';

function evidenceItems({ at, kind, versionId, step, operation, actor }: Evidence): readonly TimelineItem[] {
  const item = (what: string): readonly TimelineItem[] => [{ at, what, from: 'monitor' }];
  switch (kind) {
    case 'rotation-started':
      return item(started(versionId));
    case 'rotation-failed':
      return item(failed(versionId, step));
    case 'rotation-succeeded':
      return item(succeeded(versionId));
    case 'rotation-abandoned':
      return item(`The rotation to version ${named(versionId)} was abandoned.`);
    case 'secret-changed':
      return [
        { at, what: `${operation ?? 'A call'} by ${actor ?? 'an unknown caller'}.`, from: 'CloudTrail' },
      ];
    default:
      return item(`${kind.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase())}.`);
  }
}
