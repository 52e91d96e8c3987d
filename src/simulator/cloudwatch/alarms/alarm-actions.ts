import type { Home } from '../../call/service.ts';
import { alarmMessage, alarmSubject, type StateChange } from './alarm-message.ts';

/** An alarm's message to a topic, in the names of SNS. */
interface Publication {
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: string;
}

/** Publishes to SNS; may fail. */
export type Publish = (publication: Publication) => Promise<unknown>;

/** Notifies the topics that alarms name. */
export interface AlarmActions {
  /** Notifies those of the state that an alarm came to; actions that are no topics are none of the simulator's. */
  take(change: StateChange): void;
  /** Waits until all is sent. */
  done(): Promise<void>;
}

/** Notifies one after the other; a message that fails is lost, as with AWS. */
export function alarmActions(home: Home, publish: Publish): AlarmActions {
  let told: Promise<void> = Promise.resolve();
  return {
    take: (change) => {
      const { actions, state } = change.alarm;
      const topics = actions.enabled ? actions.byState[state.value].filter(isTopic) : [];
      for (const TopicArn of topics) {
        const said = { TopicArn, Subject: alarmSubject(change, home), Message: alarmMessage(change, home) };
        told = told.then(() => publish(said)).then(nothing, nothing);
      }
    },
    done: () => told,
  };
}

const isTopic = (arn: string): boolean => arn.split(':')[2] === 'sns';

const nothing = (): void => undefined;
