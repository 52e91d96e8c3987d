import type { Notification } from '../../../src/monitor/domain/alert/notification.ts';
import type { SecretState } from '../../../src/monitor/domain/state/secret-state.ts';
import { isPublish, type Request, type Response, withState, writtenState } from './requests.ts';

/** A fault planted into the monitor, to see that the court finds it. */
export const SABOTAGES = [
  /** Every fourth message is said to be sent and is not. */
  'lost-publish',
  /** No resolution ever gets into its outbox. */
  'lost-resolution',
  /** No opening ever gets into its outbox. */
  'lost-opening',
  /** Every fourth write of something to say is followed by one that forgets it. */
  'lost-outbox',
  /** Every fourth message is sent twice. */
  'sent-twice',
] as const;
export type Sabotage = (typeof SABOTAGES)[number];

type Handle = (request: Request) => Promise<Response>;

const PUBLISHED = `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>00000000-0000-4000-8000-000000000000</MessageId></PublishResult><ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></PublishResponse>`;

/** The way of requests with a fault planted into it; without one it stays what it is. */
export function sabotaged(handle: Handle, sabotage: Sabotage | undefined): Handle {
  if (sabotage === 'lost-publish') return everyPublish(handle, 4, () => Promise.resolve(published()));
  if (sabotage === 'sent-twice') {
    return everyPublish(handle, 4, async (request) => {
      await handle(request);
      return handle(request);
    });
  }
  if (sabotage === undefined) return handle;
  if (sabotage === 'lost-outbox') return forgetful(handle, 4);
  return withoutEntries(handle, sabotage === 'lost-resolution' ? 'resolved' : 'opened');
}

function everyPublish(handle: Handle, nth: number, instead: Handle): Handle {
  let count = 0;
  return (request) => {
    if (!isPublish(request)) return handle(request);
    count += 1;
    return count % nth === 0 ? instead(request) : handle(request);
  };
}

function withoutEntries(handle: Handle, transition: Notification['transition']): Handle {
  const keeps = ({ transition: own }: Notification): boolean => own !== transition;
  return (request) => {
    const state: SecretState | undefined = writtenState(request);
    const outbox = state?.outbox.filter(keeps);
    if (state === undefined || outbox === undefined || outbox.length === state.outbox.length) {
      return handle(request);
    }
    return handle(withState(request, { ...state, outbox }));
  };
}

/** Stores what is to be said, then the same state without it, as a writer does that knows no revisions. */
function forgetful(handle: Handle, nth: number): Handle {
  let count = 0;
  return async (request) => {
    const state = writtenState(request);
    const answer = await handle(request);
    if (state === undefined || state.outbox.length === 0 || answer.response.statusCode !== 200) return answer;
    count += 1;
    if (count % nth === 0) {
      const forgotten = { ...state, revision: state.revision + 1, outbox: [] };
      await handle(withState(request, forgotten));
    }
    return answer;
  };
}

const published = (): Response => ({
  response: { statusCode: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(PUBLISHED) },
});
