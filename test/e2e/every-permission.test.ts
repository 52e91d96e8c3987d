import { expect, test } from 'vitest';
import { IMPLIED_PERMISSIONS } from '../../infra/functions/implied-permissions.ts';
import { DAY, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { named, permissionsOf } from '../../src/proving/player/enforce.ts';
import { AwsError } from '../../src/simulator/call/aws-error.ts';
import type { SeedSecret } from '../../src/simulator/secrets-manager/seed.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { CENTRAL, MEMBER } from '../support/organization.ts';
import {
  type DeployedEverything,
  deployEverything,
  FAR_CENTRAL,
} from '../support/template/deployed-everything.ts';

/** So many secrets that the list has a second page, before which a sweep can be handed over. */
const SECOND_PAGE = 101;
/** The versions of a secret whose rotation is pending. */
const VERSIONS = {
  current: '0c0c0c0c-0000-4000-8000-000000000001',
  previous: '0c0c0c0c-0000-4000-8000-000000000002',
  pending: '0c0c0c0c-0000-4000-8000-000000000003',
};

/** Gives a label to the previous version. */
const moveBack = (simulator: Simulator, SecretId: string, label: 'current' | 'pending') =>
  secretCall(simulator, 'UpdateSecretVersionStage', {
    SecretId,
    VersionStage: `AWS${label.toUpperCase()}`,
    RemoveFromVersionId: VERSIONS[label],
    MoveToVersionId: VERSIONS.previous,
  });

/** A secret with a function of its own, which no event reports. */
function seed({ secretsManager, clock }: Simulator, name: string, parts: Partial<SeedSecret> = {}): string {
  const rotate = `rotate-${name}`;
  secretsManager.functions.register({ name: rotate, behaviour: 'error', step: 'setSecret' });
  const createdAt = later(clock.now(), -3 * HOUR);
  secretsManager.seed({
    name,
    kind: 'function',
    function: rotate,
    schedule: 'rate(30 days)',
    createdAt,
    ...parts,
  });
  return name;
}

/** A secret whose rotation has been pending for so long. */
const pending = (simulator: Simulator, name: string, forMs: number): string =>
  seed(simulator, name, {
    versions: [
      { id: VERSIONS.current, stages: ['AWSCURRENT'] },
      { id: VERSIONS.previous, stages: ['AWSPREVIOUS'] },
      { id: VERSIONS.pending, stages: ['AWSPENDING'], createdAt: later(simulator.clock.now(), -forMs) },
    ],
  });

/** One that is stuck, and one that is about to be. */
const pendings = (simulator: Simulator, name: string): readonly string[] => [
  pending(simulator, `${name}-stuck`, 2 * HOUR),
  pending(simulator, `${name}-young`, 20 * MINUTE),
];

let tokens = 0;
const secretCall = (simulator: Simulator, operation: string, input: object) => {
  const ClientRequestToken = `0d0d0d0d-0000-4000-8000-${String(tokens++).padStart(12, '0')}`;
  return simulator.call('secretsmanager', operation, { ClientRequestToken, ...input }, 'operator');
};

/** Lets a rotation of a secret begin, by a function that `mend` may replace. */
async function rotate(
  simulator: Simulator,
  name: string,
  mend: () => unknown = () => undefined,
): Promise<void> {
  seed(simulator, name);
  mend();
  await secretCall(simulator, 'RotateSecret', { SecretId: name });
}

/** Plays something while one of the rules at home is switched off, so that other events report it. */
async function without(
  { home, clock, idOf }: DeployedEverything,
  rule: string,
  play: () => Promise<unknown>,
): Promise<void> {
  const Name = idOf('AWS::Events::Rule', rule);
  await home.call('events', 'DisableRule', { Name }, 'operator');
  await play();
  await clock.advance(3 * MINUTE);
  await home.call('events', 'EnableRule', { Name }, 'operator');
}

/** Events are the first to see what is wrong, at home and in a member; Slack asks for a pause, then is revoked. */
async function hearOfEvents(all: DeployedEverything): Promise<void> {
  const { organization, home, slack } = all;
  const { functions } = home.secretsManager;
  const member = organization.at(MEMBER);
  slack.answer({ status: 429, body: 'slow down', headers: { 'retry-after': '30' } });
  await without(all, 'LabelUpdated', async () => {
    await rotate(home, 'rotating', () =>
      functions.register({ name: 'rotate-rotating', behaviour: 'healthy' }),
    );
    await rotate(home, 'splitting', () =>
      functions.register({ name: 'rotate-splitting', behaviour: 'error', step: 'testSecret' }),
    );
    for (const simulator of [home, member]) {
      await rotate(simulator, 'failing');
      const SecretId = pending(simulator, 'cancelled', 2 * HOUR);
      await secretCall(simulator, 'CancelRotateSecret', { SecretId });
    }
  });
  slack.answer({ status: 404, body: 'no_service' });
  await without(all, 'SecretChanges', async () => {
    for (const simulator of [home, member]) {
      for (const secretId of pendings(simulator, 'labelled')) await moveBack(simulator, secretId, 'current');
    }
  });
}

/** Rotates while descriptions of secrets are older than the events. */
async function readLate({ home, clock }: DeployedEverything): Promise<void> {
  home.secretsManager.delayDescriptions(4 * MINUTE);
  await rotate(home, 'late', () =>
    home.secretsManager.functions.register({ name: 'rotate-late', behaviour: 'healthy' }),
  );
  await clock.advance(MINUTE);
  home.secretsManager.delayDescriptions(0);
  await clock.advance(5 * MINUTE);
}

/** An operator asks about what nobody knows. */
async function ask({ organization, home, invoke }: DeployedEverything): Promise<void> {
  for (const secretId of pendings(home, 'asked')) await invoke('check-secret', { secretId });
  pending(organization.at(MEMBER), 'asked', 2 * HOUR);
  const there = [...organization.at(MEMBER).secretsManager.secrets()].find(({ name }) => name === 'asked');
  await invoke('check-secret', { secretId: there?.arn });
}

/** A sweep is the first to see what is wrong and what has rotated, at home, in another region and in a member. */
async function sweepWhatIsNew({
  organization,
  home,
  clock,
  roleOf,
  idOf,
}: DeployedEverything): Promise<void> {
  const far = organization.at(FAR_CENTRAL);
  for (const simulator of [home, far, organization.at(MEMBER)]) {
    pendings(simulator, 'swept');
    seed(simulator, 'unheard', { lastRotatedAt: later(clock.now(), -25 * MINUTE) });
    simulator.eventBridge.setFaults({ drop: 1 });
    await secretCall(simulator, 'PutSecretValue', { SecretId: 'unheard', SecretString: '{}' });
    simulator.eventBridge.setFaults({ drop: 0 });
  }
  for (let index = 0; index < SECOND_PAGE; index++)
    far.secretsManager.seed({ name: `still/${index}`, kind: 'none' });
  const role = roleOf('sweep-target');
  const forget = far.faults.before((call) => {
    if (call.role !== role || call.operation !== 'ListSecrets') return;
    forget();
    clock.elapse(14 * MINUTE);
  });
  const QueueUrl = `https://sqs.${CENTRAL.region}.amazonaws.com/${CENTRAL.account}/${idOf('AWS::SQS::Queue', 'Undelivered')}`;
  await home.call('sqs', 'SendMessage', { QueueUrl, MessageBody: '{}' }, 'operator');
  const now = clock.now();
  const deadLetters = home.queues.find(idOf('AWS::SQS::Queue', 'DeadLetters'));
  for (const source of ['RotationEvents', 'LabelEvents', 'SlackMessages']) {
    const { arn } = home.queues.find(idOf('AWS::SQS::Queue', source));
    const givenUp = { body: '{}', attributes: {}, sentAt: now, visibleAt: now, receiveCount: 5 };
    deadLetters.adopt({ ...givenUp, id: `given-up-by-${source}` }, arn);
  }
  await clock.advance(25 * MINUTE);
}

/** The alert topic refuses, two deliveries meet, and people look at what is open and take it on. */
async function tell({ home, clock, roleOf, invoke }: DeployedEverything): Promise<void> {
  const role = roleOf('deliver');
  home.faults.add({ kind: 'denied', probability: 1, service: 'sns', role, times: 1 });
  await invoke('check-secret', { secretId: pending(home, 'refused', 2 * HOUR) });
  await clock.advance(16 * MINUTE);
  await Promise.all([0, 1].map(() => invoke('deliver', { Records: [] })));
  await moveBack(home, 'refused', 'pending');
  await invoke('open-alerts-widget', {});
  await invoke('acknowledge', { secretId: 'failing', for: '8h', by: 'alex' });
  await invoke('read-memory', home.home);
  const failing = [...home.secretsManager.secrets()].find(({ name }) => name === 'failing');
  await invoke('read-memory', { secretArn: failing?.arn });
  const repair = { secretArn: failing?.arn, id: 'run', by: 'alex' };
  await invoke('record-repair', { ...repair, intent: ['Removes AWSPENDING.'] });
  await invoke('record-repair', { ...repair, end: 'repaired' });
  const exception = { secretArn: failing?.arn, control: 'SecretsManager.1', by: 'alex' };
  await invoke('keep-exception', { ...exception, until: '2026-11-30', reason: 'moves away' });
  await invoke('canary-tick', {});
}

/** An audit dies, is started again by a sweep, runs out of time, and cannot reach a chat channel. */
async function audit({ home, clock, roleOf, invoke }: DeployedEverything): Promise<void> {
  const role = roleOf('audit');
  const replicas = [{ region: 'us-west-2', status: 'InSync' as const, message: undefined }];
  const createdAt = later(clock.now(), -200 * DAY);
  home.secretsManager.seed({ name: 'old', kind: 'none', createdAt, replicas });
  const dies = home.faults.before((call) => {
    if (call.role === role && call.operation === 'PutObject') throw new Error('killed');
  });
  await expect(invoke('audit', {})).rejects.toThrow();
  dies();
  const forget = home.faults.before((call) => {
    if (call.role !== role || call.operation !== 'ListSecrets') return;
    forget();
    clock.elapse(14 * MINUTE);
  });
  home.faults.before(({ role: by, operation, input }) => {
    if (by === role && operation === 'Publish' && String(input['TopicArn']).includes('AmazonQ'))
      throw new AwsError('Throttling', 'Rate exceeded');
  });
  await clock.advance(HOUR);
}

test('everything that is allowed is needed, and nothing else is', async () => {
  const all = await deployEverything();
  await all.clock.advance(12 * MINUTE);
  await hearOfEvents(all);
  await readLate(all);
  await ask(all);
  await tell(all);
  await sweepWhatIsNew(all);
  await audit(all);
  const { enforcements } = all;
  const used = new Set(enforcements.flatMap((each) => [...each.used]));
  const permissions = enforcements.flatMap(({ statements }) => permissionsOf(statements));
  const called = permissions.filter((each) => used.has(named(each)));
  const unused = permissions.filter(
    (each) => !used.has(named(each)) && !Object.hasOwn(IMPLIED_PERMISSIONS, each.sid),
  );
  expect(unused.map(named)).toEqual([]);
  expect(called.filter(({ sid }) => Object.hasOwn(IMPLIED_PERMISSIONS, sid)).map(named)).toEqual([]);
  const sids = new Set(permissions.map(({ sid }) => sid));
  expect(Object.keys(IMPLIED_PERMISSIONS).filter((sid) => !sids.has(sid))).toEqual([]);
});
