import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { Unseen } from '../../domain/examine/function-inspection.ts';
import { functionName, watchedResources } from '../../domain/examine/watched-resources.ts';
import {
  type Change,
  type ChangedResource,
  changesAmong,
  type RecordedCall,
} from '../../domain/finding/change.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { type EventHistory, EventHistoryError } from '../../ports/look/event-history.ts';

/** What to look for changes of. */
interface ChangeRequest {
  readonly secret: Secret;
  /** Name of the rotation function's execution role, where it is known. */
  readonly roleName: string | undefined;
  /** When the changes have to have been made. */
  readonly span: TimeSpan;
}

/** What changed, or why nobody could see it; neither when all that a run may ask had been asked. */
export interface ChangesSeen {
  readonly changes: readonly Change[] | undefined;
  readonly changesUnseen: Unseen | undefined;
}

/** Looks up what changed around a secret; never fails for what the history refuses. */
export type LookUpChanges = (request: ChangeRequest) => Promise<ChangesSeen>;

/** Questions that one run may ask: six seconds of what an account has, enough for two secrets. */
const MAX_QUESTIONS = 12;

/** Reads what changed from the history; one for all secrets of a run. A refusal ends the asking. */
export function changeLookUp(history: EventHistory): LookUpChanges {
  let questions = 0;
  let refused: Unseen | undefined;
  return async ({ secret, roleName, span }) => {
    const resources = watchedResources(secret, { roleName });
    if (refused !== undefined || questions + resources.length > MAX_QUESTIONS) {
      return { changes: undefined, changesUnseen: refused };
    }
    questions += resources.length;
    const found: ChangedResource[] = [];
    try {
      for (const { label, source, ...resource } of resources) {
        const calls: readonly RecordedCall[] = await history.callsOn(resource, span);
        found.push({ label, source, calls });
      }
    } catch (error) {
      if (!(error instanceof EventHistoryError)) throw error;
      refused = { permission: 'cloudtrail:LookupEvents', reason: error.reason };
      return { changes: undefined, changesUnseen: refused };
    }
    const functionArn = secret.rotationFunctionArn;
    const scope = { span, functionName: functionArn && functionName(functionArn) };
    return { changes: changesAmong(found, scope), changesUnseen: undefined };
  };
}
