import { expect, onTestFinished, test } from 'vitest';
import { auditQuarter } from '../../bench/audit/audit-quarter.ts';
import { DAY, HOUR, type Instant, instant, later, MINUTE } from '../../src/calendar/instant.ts';
import type { SecretAudit } from '../../src/monitor/domain/report/secret-audit.ts';
import { deployMonitor, type MonitorPlan, planMonitor } from '../../src/proving/player/monitor.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/time/clock.ts';

const START = instant(Date.UTC(2026, 0, 1));
/** A sweep has seen the secret; the next one is four hours away. */
const FROM = later(START, DAY + 2 * HOUR);
const SWEEP_EVERY_MS = 6 * HOUR;
const NAME = 'prod/db';

/** A secret of a deployed monitor to which no event comes any longer. */
class UnheardSecret {
  readonly simulator: Simulator;
  readonly #clock: VirtualClock;
  readonly #plan: MonitorPlan;
  readonly #arn: string;

  private constructor(simulator: Simulator, clock: VirtualClock, plan: MonitorPlan, arn: string) {
    this.simulator = simulator;
    this.#clock = clock;
    this.#plan = plan;
    this.#arn = arn;
  }

  static async of(schedule = 'rate(30 days)'): Promise<UnheardSecret> {
    const clock = new VirtualClock(START);
    const simulator = createSimulator({ clock, seed: 1, skipsWireFormats: true });
    onTestFinished(() => simulator.close());
    simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
    const { arn } = simulator.secretsManager.seed({
      name: NAME,
      kind: 'function',
      function: 'rotate',
      schedule,
      createdAt: later(START, -100 * DAY),
      lastRotatedAt: later(START, -DAY),
    });
    const plan = planMonitor(simulator.home, { sweepEveryMs: SWEEP_EVERY_MS });
    await deployMonitor(simulator, plan);
    await clock.advanceTo(FROM);
    simulator.eventBridge.setFaults({ drop: 1 });
    return new UnheardSecret(simulator, clock, plan, arn);
  }

  /** Makes a call about the secret, and lets a minute go by. */
  async does(operation: string, input: object = {}): Promise<void> {
    const given = { SecretId: this.#arn, ...input };
    await this.simulator.call('secretsmanager', operation, given, 'operator');
    await this.passes(MINUTE);
  }

  async rotates(): Promise<void> {
    await this.does('RotateSecret', {
      ClientRequestToken: `unheard-rotation-at-${this.#clock.now()}`,
    });
  }

  async passes(ms: number): Promise<void> {
    await this.#clock.advanceTo(later(this.#clock.now(), ms));
  }

  /** The row of the secret in an audit from {@link FROM} until `to`, now if not given. */
  async row(to: Instant = this.#clock.now()): Promise<SecretAudit | undefined> {
    const { simulator } = this;
    const played = { simulator, plan: this.#plan, arns: [], schedules: new Map(), from: FROM, to };
    return (await auditQuarter(played)).rows.get(this.#arn);
  }
}

const A_SWEEP = SWEEP_EVERY_MS;
const deletes = { RecoveryWindowInDays: 7 };
const value = {
  SecretString: '{"password":"by hand"}',
  ClientRequestToken: 'a-value-that-somebody-put-by-hand',
};

interface Case {
  readonly what: string;
  readonly play: (secret: UnheardSecret) => Promise<void>;
}

const CASES: readonly Case[] = [
  { what: 'a sweep', play: (secret) => secret.passes(A_SWEEP) },
  { what: 'nothing but the audit', play: (secret) => secret.passes(MINUTE) },
  {
    what: 'a deletion that is still to come',
    play: async (secret) => {
      await secret.does('DeleteSecret', deletes);
      await secret.passes(A_SWEEP);
    },
  },
  {
    what: 'a deletion that is over',
    play: async (secret) => {
      await secret.does('DeleteSecret', deletes);
      await secret.passes(9 * DAY);
    },
  },
  {
    what: 'a deletion that no sweep has seen yet',
    play: (secret) => secret.does('DeleteSecret', deletes),
  },
  {
    what: 'a deletion and a restoration between two sweeps',
    play: async (secret) => {
      await secret.does('DeleteSecret', deletes);
      await secret.does('RestoreSecret');
      await secret.passes(A_SWEEP);
    },
  },
  {
    what: 'a deletion and a restoration with a sweep between them',
    play: async (secret) => {
      await secret.does('DeleteSecret', deletes);
      await secret.passes(A_SWEEP);
      await secret.does('RestoreSecret');
      await secret.passes(A_SWEEP);
    },
  },
  {
    what: 'the end of rotation',
    play: async (secret) => {
      await secret.does('CancelRotateSecret');
      await secret.passes(A_SWEEP);
    },
  },
  {
    what: 'the end of rotation and a deletion',
    play: async (secret) => {
      await secret.does('CancelRotateSecret');
      await secret.does('DeleteSecret', deletes);
      await secret.passes(9 * DAY);
    },
  },
  {
    what: 'a value put by hand',
    play: async (secret) => {
      await secret.does('PutSecretValue', value);
      await secret.passes(A_SWEEP);
    },
  },
  {
    what: 'a value put by hand and the audit',
    play: (secret) => secret.does('PutSecretValue', value),
  },
  {
    what: 'a value put by hand, a deletion and a restoration',
    play: async (secret) => {
      await secret.passes(A_SWEEP);
      await secret.does('PutSecretValue', value);
      await secret.does('DeleteSecret', deletes);
      await secret.passes(A_SWEEP);
      await secret.does('RestoreSecret');
      await secret.passes(A_SWEEP);
    },
  },
  {
    what: 'a change of its owner',
    play: async (secret) => {
      await secret.does('TagResource', { Tags: [{ Key: 'rotation-monitor:owner', Value: 'payments' }] });
      await secret.passes(A_SWEEP);
    },
  },
  {
    what: 'days in which no list could be read',
    play: async (secret) => {
      const { faults } = secret.simulator;
      const stop = faults.before(({ operation, role }) => {
        if (operation === 'ListSecrets' && role !== 'auditor') throw new Error('unreachable');
      });
      await secret.passes(3 * DAY);
      stop();
      await secret.passes(A_SWEEP);
    },
  },
];

test.each(CASES)(
  'a rotation whose events are all lost is counted once, followed by $what',
  async ({ play }) => {
    const secret = await UnheardSecret.of();
    await secret.rotates();
    await play(secret);
    const row = await secret.row();
    expect(row?.rotationsCompleted).toMatchObject({ value: 1, basis: 'inferred' });
    expect(row?.rotationsCompleted.because).toContain('no event arrived');
    expect(row?.windowsMissed.value).toBe(0);
  },
);

test('a rotation that nothing can show is no observed absence', async () => {
  const secret = await UnheardSecret.of('rate(1 day)');
  await secret.rotates();
  await secret.does('DeleteSecret', { ForceDeleteWithoutRecovery: true });
  await secret.passes(A_SWEEP);
  const row = await secret.row();
  expect(row?.rotationsCompleted).toMatchObject({ basis: 'inferred' });
  expect(row?.rotationsCompleted.because).toContain('deleted at once');
});
