import { expect, test } from 'vitest';
import { HOUR, type Instant, later, MINUTE } from '../../src/calendar/instant.ts';
import { FAILURE_MODES } from '../../src/proving/failure-modes/failure-mode-table.ts';
import type { StageChange } from '../../src/simulator/secrets-manager/store/secret-history.ts';
import { PLAN } from '../support/deployed.ts';
import { call, NAME, rotate } from '../support/failure-mode-stage.ts';
import { type Played, played, untrueClaims, watchedPlay } from '../support/played.ts';
import type { TestSimulator } from '../support/simulated.ts';

/** The failure modes that leave a target which knows the pending version alone, one for each cause. */
const SPLIT = Object.entries(FAILURE_MODES).flatMap(([id, { step, credentialInUse, told }]) => {
  const isSplit = (step === 'testSecret' || step === 'finishSecret') && credentialInUse === 'may-be-dead';
  return isSplit && told.some(({ code }) => code === 'rotation-failed') ? [id] : [];
});

const isAfterSet = ({ failedStep }: StageChange): boolean =>
  failedStep === 'testSecret' || failedStep === 'finishSecret';

const firstSplitAt = ({ simulator }: Pick<Played, 'simulator'>): Instant => {
  const failure = simulator.secretsManager.history(NAME).find(isAfterSet);
  if (failure === undefined) throw new Error('Nothing failed after setSecret');
  return failure.at;
};

const criticals = ({ mails }: Played) => mails().filter(({ subject }) => subject.startsWith('[CRITICAL]'));

test('five causes and more leave a credential that may be dead', () => {
  expect(SPLIT.length).toBeGreaterThanOrEqual(5);
});

test.each(SPLIT)(
  '%s is CRITICAL within four minutes of the arrival of the first such failure',
  async (id) => {
    const deployed = await watchedPlay(id);
    const [first] = criticals(deployed);
    const waitedMs = (first?.at ?? Number.POSITIVE_INFINITY) - firstSplitAt(deployed);
    expect(waitedMs).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(waitedMs).toBeLessThanOrEqual(4 * MINUTE);
  },
);

/** Notes when an event about a failure after setSecret first reached the monitor. */
function watchArrival({ faults, clock }: TestSimulator): () => Instant | undefined {
  let arrivedAt: Instant | undefined;
  faults.after(({ role, operation, input }) => {
    const isFailure = /"\d+ [^"]* (testSecret|finishSecret)"/.test(JSON.stringify(input));
    if (role === PLAN.functionOf('on-rotation-event').role && operation === 'UpdateItem' && isFailure)
      arrivedAt ??= clock.now();
  });
  return () => arrivedAt;
}

test.each(SPLIT)('%s is CRITICAL as soon after events that come late', async (id) => {
  let arrivedAt: () => Instant | undefined = () => undefined;
  const deployed = await played(id, {
    forMs: 2 * HOUR,
    sweepEveryMs: 30 * MINUTE,
    // Without the history, which would show it before the event.
    props: { eventHistory: false },
    prepare: (simulator) => {
      simulator.eventBridge.setFaults({ delayShare: 1, delayMaxMs: 40 * MINUTE });
      arrivedAt = watchArrival(simulator);
    },
  });
  const [first] = criticals(deployed);
  expect(arrivedAt()).toBeGreaterThan(firstSplitAt(deployed));
  expect((first?.at ?? Number.POSITIVE_INFINITY) - (arrivedAt() ?? 0)).toBeLessThanOrEqual(4 * MINUTE);
});

test.each(SPLIT)(
  '%s without events is HIGH and unknown at the threshold, and CRITICAL one sweep after the history shows it',
  async (id) => {
    const lagMs = 2 * HOUR;
    const deployed = await played(id, {
      drop: 1,
      forMs: 4 * HOUR,
      prepare: ({ cloudTrail }) => cloudTrail.setLag(lagMs),
    });
    const [high, critical] = deployed.alarming();
    expect(high?.subject).toBe(`[HIGH] ${NAME}: stuck-pending`);
    expect((high?.at ?? 0) - deployed.beganAt).toBeLessThanOrEqual(HOUR + 6 * MINUTE);
    expect(high?.message).toContain('CREDENTIAL IN USE: unknown');
    expect(high?.message).not.toMatch(/usually|unchanged/);
    expect(critical?.subject).toMatch(/^\[CRITICAL\]/);
    const shownAt = later(firstSplitAt(deployed), lagMs);
    expect((critical?.at ?? Number.POSITIVE_INFINITY) - shownAt).toBeLessThanOrEqual(7 * MINUTE);
    expect(deployed.claims.map(({ said }) => said)).not.toContain('good');
    expect(untrueClaims(deployed.claims, 0)).toEqual([]);
  },
);

async function takeLabelOff(simulator: TestSimulator): Promise<void> {
  const stages = simulator.secretsManager.history(NAME).at(-1)?.stages ?? {};
  const [RemoveFromVersionId] =
    Object.entries(stages).find(([, labels]) => labels.includes('AWSPENDING')) ?? [];
  await call(simulator, 'UpdateSecretVersionStage', { VersionStage: 'AWSPENDING', RemoveFromVersionId });
}

/** Deeds of people around a rotation, none of which proves that the credential is good. */
const DEEDS: readonly (readonly [string, (simulator: TestSimulator) => Promise<unknown>])[] = [
  ['nothing is done', async () => undefined],
  ['the rotation is cancelled', (simulator) => call(simulator, 'CancelRotateSecret')],
  ['AWSPENDING is taken off', takeLabelOff],
  [
    'a value is put by hand',
    (simulator) =>
      call(simulator, 'PutSecretValue', {
        ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000009',
        SecretString: '{"username":"app","password":"another"}',
      }),
  ],
];

test.each(SPLIT.flatMap((id) => DEEDS.map(([what, deed]) => [id, what, deed] as const)))(
  '%s stays CRITICAL when %s, and is over once a rotation has succeeded',
  async (id, _what, deed) => {
    const deployed = await played(id, { sweepEveryMs: 30 * MINUTE });
    const { simulator, mails } = deployed;
    const before = mails().findIndex(({ subject }) => subject.startsWith('[CRITICAL]'));
    await deed(simulator);
    await simulator.clock.advance(7 * HOUR);
    const told = mails()
      .slice(before)
      .filter(({ message }) => message.includes('CREDENTIAL IN USE'));
    expect(told.length).toBeGreaterThan(1);
    expect(told.filter(({ subject }) => !subject.startsWith('[CRITICAL]'))).toEqual([]);
    expect(mails().filter(({ subject }) => subject.startsWith('[RESOLVED]'))).toEqual([]);
    await repair(simulator);
    await simulator.clock.advance(HOUR);
    expect(mails().some(({ subject }) => subject.startsWith('[RESOLVED]'))).toBe(true);
    expect(simulator.secretsManager.history(NAME).at(-1)?.databaseAccepts).toHaveLength(1);
  },
);

/** The administrator resets the target to the value in use, and the secret rotates. */
async function repair(simulator: TestSimulator): Promise<void> {
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const value = (await call(simulator, 'GetSecretValue')) as { SecretString: string };
  const database = simulator.secretsManager.database(NAME);
  database.setReach('up');
  database.setPassword({ field: 'SecretString', text: value.SecretString });
  const stages = Object.values(simulator.secretsManager.history(NAME).at(-1)?.stages ?? {});
  if (stages.some((labels) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT'))) {
    await takeLabelOff(simulator);
  }
  await rotate(simulator, { ClientRequestToken: '0d0d0d0d-0000-4000-8000-000000000008' });
}
