import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../src/calendar/instant.ts';
import { aDeployment, type Deployed } from '../support/deployed.ts';

const NAME = 'prod/orders';

/** A deployment with the moves that applications receive, and the secret's own state. */
interface Stage extends Deployed {
  /** The details of the events so far, in the order of arrival. */
  readonly heard: readonly { readonly versionId: string; readonly sequence: number }[];
  stages(): Promise<Readonly<Record<string, readonly string[]>>>;
  versionWith(stage: string): Promise<string>;
}

/** A deployment whose one secret rotates every four hours, the first time at four, and an application that listens. */
async function listening(): Promise<Stage> {
  const deployed = await aDeployment(({ secretsManager }) => {
    secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    const schedule = { schedule: 'cron(0 0/4 * * ? *)', duration: '1h' };
    secretsManager.seed({ name: NAME, kind: 'function', function: 'rotate', ...schedule });
  });
  const { simulator } = deployed;
  const heard: Stage['heard'][number][] = [];
  const Arn = simulator.functions.register('application', (event) => {
    heard.push((event as { detail: Stage['heard'][number] }).detail);
  });
  const rule = { Name: 'application', EventBusName: 'applications' };
  const EventPattern = JSON.stringify({ source: ['secret-rotation-monitor'] });
  await simulator.call('events', 'PutRule', { ...rule, EventPattern }, 'application');
  const targets = { Rule: 'application', EventBusName: 'applications', Targets: [{ Id: 'a', Arn }] };
  await simulator.call('events', 'PutTargets', targets, 'application');
  const stages = async () => {
    const [last] = [...simulator.secretsManager.history(NAME)].slice(-1);
    return last?.stages ?? {};
  };
  const versionWith = async (stage: string) =>
    Object.entries(await stages()).find(([, labels]) => labels.includes(stage))?.[0] ?? '';
  return { ...deployed, heard, stages, versionWith };
}

async function rollBack({ simulator, versionWith }: Stage): Promise<string> {
  const back = await versionWith('AWSPREVIOUS');
  const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: back };
  const input = { SecretId: NAME, ...move, RemoveFromVersionId: await versionWith('AWSCURRENT') };
  await simulator.call('secretsmanager', 'UpdateSecretVersionStage', input, 'operator');
  return back;
}

test('applications hear of each rotation and of a move back, once and in order, while reads are seconds old', async () => {
  const stage = await listening();
  const { simulator, heard, versionWith } = stage;
  simulator.secretsManager.delayDescriptions(30 * SECOND);
  simulator.secretsManager.delayLists(5 * MINUTE);
  await simulator.clock.advance(9 * 60 * MINUTE);
  const before = await versionWith('AWSCURRENT');
  const back = await rollBack(stage);
  await simulator.clock.advance(30 * MINUTE);
  expect(heard.map(({ versionId }) => versionId).slice(-2)).toEqual([before, back]);
  expect(heard).toHaveLength(3);
  const sequences = heard.map(({ sequence }) => sequence);
  expect(new Set(sequences).size).toBe(sequences.length);
  expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
  expect(stage.errors()).toBe(0);
  expect(simulator.queues.find(stage.deployment.idOf('AWS::SQS::Queue', 'DeadLetters')).depth().visible).toBe(
    0,
  );
});

test('a move back of which no event comes is reported by the sweep', async () => {
  const stage = await listening();
  const { simulator, heard } = stage;
  await simulator.clock.advance(9 * 60 * MINUTE);
  simulator.eventBridge.setFaults({ drop: 1 });
  const back = await rollBack(stage);
  simulator.eventBridge.setFaults({ drop: 0 });
  await simulator.clock.advance(6 * MINUTE);
  expect(heard.at(-1)?.versionId).toBe(back);
});
