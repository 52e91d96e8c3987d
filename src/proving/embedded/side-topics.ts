import type { Home } from '../../simulator/call/service.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { NAMES, topicArn } from './environment.ts';

/** E-mail addresses of those who read what is not on the alert topic; nobody where left out. */
export interface SideReaders {
  /** Reads what nobody acknowledges. */
  readonly escalation?: string;
  /** Reads what the monitor tells of itself. */
  readonly health?: string;
}

/** Those who read it where people watch a drill. */
export const READERS: Required<SideReaders> = {
  escalation: 'manager@example.com',
  health: 'platform@example.com',
};

/** The environment variables of the topics that somebody reads. */
export const sideEnvironment = (
  home: Home,
  { escalation, health }: SideReaders,
): Readonly<Record<string, string>> => ({
  ...(escalation && { ROTATION_MONITOR_ESCALATION_TOPIC_ARN: topicArn(home, NAMES.escalationTopic) }),
  ...(health && { ROTATION_MONITOR_HEALTH_TOPIC_ARN: topicArn(home, NAMES.healthTopic) }),
});

/** Creates the topics that somebody reads, and subscribes whoever does. */
export async function createSideTopics(
  simulator: Simulator,
  { escalation, health }: SideReaders,
): Promise<void> {
  if (escalation !== undefined) await createTopic(simulator, NAMES.escalationTopic, escalation);
  if (health !== undefined) await createTopic(simulator, NAMES.healthTopic, health);
}

/** Creates a topic that somebody reads by e-mail. */
export async function createTopic(simulator: Simulator, name: string, email: string): Promise<void> {
  const TopicArn = topicArn(simulator.home, name);
  await simulator.call('sns', 'CreateTopic', { Name: name }, 'deployer');
  await simulator.call('sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: email }, 'deployer');
}
