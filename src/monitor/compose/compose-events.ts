import { parseRotationEvent } from '../adapters/eventbridge/parse-rotation-event.ts';
import type { RecordingEvents } from '../application/on-event/record-rotation-events.ts';
import type { Config } from '../config/settings.ts';
import { join, type Seams } from './joints/joints.ts';
import { applications } from './parts/applications.ts';
import { checking } from './parts/checking.ts';
import { eventQueues } from './parts/event-queues.ts';

/** Composes the service of `on-rotation-event` and `on-label-updated`. */
export function composeEvents(config: Config, seams?: Seams): RecordingEvents {
  const joints = join(config, seams);
  return {
    ...checking(joints),
    ...applications(joints),
    ...eventQueues(joints),
    parseEvent: parseRotationEvent,
  };
}
