import type { DeployedTopic } from '../../domain/doctor/deployed.ts';
import type { Diagnosis } from '../../domain/doctor/diagnosis.ts';
import { alarmTopicDiagnosis, smsDiagnoses, subscriptionDiagnoses } from '../../domain/doctor/topics.ts';
import type { Check, Doctor } from './check.ts';

const READING_TOPICS = [
  'sns:GetTopicAttributes',
  'sns:ListSubscriptionsByTopic',
  'sns:GetSubscriptionAttributes',
];

/** The topics that people subscribe to; that of Slack has its queue. */
const PEOPLE: readonly string[] = ['alerts', 'escalations', 'health', 'amazon-q'];

/** Whether somebody receives what the monitor sends. */
export const SUBSCRIPTIONS_CHECK: Check<Doctor> = {
  name: 'subscriptions',
  needs: READING_TOPICS,
  run: subscriptions,
};

/** Whether alarms may send to the topic about the monitor itself. */
export const TOPIC_POLICIES_CHECK: Check<Doctor> = {
  name: 'topic-policies',
  needs: READING_TOPICS,
  run: async ({ probe, deployed: { topics, account } }) => {
    const topic = topics['health'] === undefined ? undefined : await probe.topic(topics['health']);
    return topic === undefined ? [] : [alarmTopicDiagnosis(topic, account)];
  },
};

/** Whether text messages reach numbers that nobody has verified. */
export const SMS_SANDBOX_CHECK: Check<Doctor> = {
  name: 'sms-sandbox',
  needs: ['sns:GetSMSSandboxAccountStatus'],
  run: async (doctor) => {
    const topics = await topicsOf(doctor);
    const hasNumbers = topics.some(({ subscriptions }) =>
      subscriptions.some(({ protocol }) => protocol === 'sms'),
    );
    return hasNumbers ? smsDiagnoses(topics, await doctor.probe.isInSmsSandbox()) : [];
  },
};

async function subscriptions({ probe, deployed }: Doctor): Promise<readonly Diagnosis[]> {
  const diagnoses = await Promise.all(
    Object.entries(deployed.topics)
      .filter(([use]) => PEOPLE.includes(use))
      .map(async ([use, arn]) => subscriptionDiagnoses(use, arn, await probe.topic(arn))),
  );
  return diagnoses.flat();
}

async function topicsOf({ probe, deployed: { topics } }: Doctor): Promise<readonly DeployedTopic[]> {
  const found = await Promise.all(Object.values(topics).map((arn) => probe.topic(arn)));
  return found.filter((topic) => topic !== undefined);
}
