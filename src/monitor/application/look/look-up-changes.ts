import type { Instant } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { Unseen } from '../../domain/examine/function-inspection.ts';
import {
  functionName,
  unknownResources,
  type WatchedResource,
  watchedResources,
} from '../../domain/examine/watched-resources.ts';
import { type Change, changesAmong, type RecordedCall } from '../../domain/finding/change.ts';
import { existed, type Secret } from '../../domain/secret/secret.ts';
import { type EventHistory, EventHistoryError } from '../../ports/look/event-history.ts';

/** The secret and the time span of the changes to look up. */
interface ChangeRequest {
  readonly secret: Secret;
  /** Name of the rotation function's execution role, where it is known. */
  readonly roleName: string | undefined;
  /** Whether the rotation function is known not to exist, so that nobody asks for its role. */
  readonly isFunctionGone?: boolean;
  /** Span in which the changes were made. */
  readonly span: TimeSpan;
}

/** The changes, or the reason why they could not be read; neither when the run had used up its requests. */
export interface ChangesSeen {
  readonly changes: readonly Change[] | undefined;
  /** Time from which all changes were read; undefined when the whole day was. */
  readonly changesSeenFrom: Instant | undefined;
  /** Resources that were not searched because their names are not known, in words. */
  readonly changesUnsought?: readonly string[];
  readonly changesUnseen: Unseen | undefined;
}

/** Looks up what changed around a secret; never fails for what the history refuses. */
export type LookUpChanges = (request: ChangeRequest) => Promise<ChangesSeen>;

/** Calls on a secret that is gone are recorded under its name, and not about the one that was made under it since. */
const OWN = 'secretsmanager.amazonaws.com';
/** Questions about one secret: ten seconds of half of what an account has. */
const MOST_QUESTIONS = 10;
/** Questions of one run, enough for two secrets; an alert waits for its explanation. */
const MOST_OF_RUN = 20;

/** Reads what changed from the history; one for all secrets of a run. A refusal ends the asking. */
export function changeLookUp(history: EventHistory): LookUpChanges {
  let left = MOST_OF_RUN;
  let refused: Unseen | undefined;
  return async ({ secret, roleName, isFunctionGone = false, span }) => {
    const trails = watchedResources(secret, { roleName }).map((resource) => new Trail(resource));
    const nothing = { changes: undefined, changesSeenFrom: undefined };
    if (refused !== undefined || left < trails.length) return { ...nothing, changesUnseen: refused };
    const may = Math.min(MOST_QUESTIONS, left);
    try {
      left -= await follow(trails, { history, span, may });
    } catch (error) {
      if (!(error instanceof EventHistoryError)) throw error;
      refused = { permission: 'cloudtrail:LookupEvents', reason: error.reason };
      return { ...nothing, changesUnseen: refused };
    }
    const functionArn = secret.rotationFunctionArn;
    const scope = { span, functionName: functionArn && functionName(functionArn) };
    const found = trails.map(({ resource: { label, source }, calls }) => ({
      label,
      source,
      calls: source === OWN ? calls.filter(({ at }) => existed(secret, at)) : calls,
    }));
    const unsought = unknownResources(secret, { roleName, isFunctionGone });
    return {
      changes: changesAmong(found, scope),
      changesSeenFrom: seenFrom(trails, span),
      ...(unsought.length === 0 ? {} : { changesUnsought: unsought }),
      changesUnseen: undefined,
    };
  };
}

/** The calls on one resource that have been read so far. */
class Trail {
  readonly resource: WatchedResource;
  readonly calls: RecordedCall[] = [];
  isWhole = false;
  oldestAt: Instant | undefined;
  #next: string | undefined;

  constructor(resource: WatchedResource) {
    this.resource = resource;
  }

  /** Reads one page further back. */
  async readOn(history: EventHistory, span: TimeSpan): Promise<void> {
    const { found, next, oldestAt } = await history.callsOn(this.resource, span, this.#next);
    this.calls.push(...found);
    this.oldestAt = oldestAt ?? this.oldestAt;
    this.#next = next;
    this.isWhole = next === undefined;
  }
}

interface Following {
  readonly history: EventHistory;
  readonly span: TimeSpan;
  /** Questions that may be asked. */
  readonly may: number;
}

/** Reads a page of each trail in turn until all are whole or no question is left; answers how many it took. */
async function follow(trails: readonly Trail[], { history, span, may }: Following): Promise<number> {
  let asked = 0;
  for (let open = trails; open.length > 0; open = open.filter(({ isWhole }) => !isWhole)) {
    for (const trail of open) {
      if (asked === may) return asked;
      asked += 1;
      await trail.readOn(history, span);
    }
  }
  return asked;
}

/** Calls on one resource are read newest first: behind the oldest record of a page there may be others. */
function seenFrom(trails: readonly Trail[], { until }: TimeSpan): Instant | undefined {
  const ends = trails.filter(({ isWhole }) => !isWhole).map(({ oldestAt }) => oldestAt ?? until);
  return ends.reduce<Instant | undefined>(
    (latest, end) => (latest === undefined || end > latest ? end : latest),
    undefined,
  );
}
