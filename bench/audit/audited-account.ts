import { DAY, later, MINUTE } from '../../src/calendar/instant.ts';
import { forEachLimited } from '../../src/monitor/application/for-each-limited.ts';
import { sweepSecrets } from '../../src/monitor/application/sweep/sweep-secrets.ts';
import { asSecretArn } from '../../src/monitor/domain/secret/secret.ts';
import { freshTarget } from '../../src/monitor/domain/state/secret-state.ts';
import {
  deployMonitor,
  type MonitorPlan,
  packedTemplate,
  planMonitor,
} from '../../src/proving/player/monitor.ts';
import type { SeedSecret } from '../../src/simulator/secrets-manager/seed.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import { RealClock } from '../../src/simulator/time/clock.ts';
import { compose } from '../../test/support/compose.ts';

/** A large account in real time, and the monitor in it that has kept the history of a quarter. */
export interface AuditedAccount {
  readonly simulator: Simulator;
  readonly plan: MonitorPlan;
  readonly endpoint: string;
}

/** Weekly rotations of a quarter. */
const ROTATIONS = 13;
/** One secret of so many has not rotated for so long that an audit asks for the date of its version. */
const OLD_EVERY = 4;

/** Makes the account. Three secrets of four rotate every week, and every event of theirs was recorded. */
export async function auditedAccount(secrets: number): Promise<AuditedAccount> {
  const simulator = createSimulator({ clock: new RealClock(), seed: 1 });
  const { endpoint } = await simulator.listen({ port: 0 });
  simulator.secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const now = simulator.clock.now();
  simulator.secretsManager.seedMany(secrets, (index): SeedSecret => {
    const isOld = index % OLD_EVERY === 0;
    return {
      name: `prod/team-${index % 40}/service-${String(index).padStart(6, '0')}/database`,
      kind: 'function',
      function: 'rotate',
      schedule: 'rate(7 days)',
      tags: { team: `team-${index % 40}`, environment: 'production' },
      createdAt: later(now, -300 * DAY),
      lastRotatedAt: later(now, isOld ? -120 * DAY : -3 * DAY),
      nextRotationAt: later(now, 4 * DAY),
    };
  });
  const plan = planMonitor(simulator.home, {
    template: packedTemplate('home'),
    sqsEndpoint: endpoint,
    sweeps: false,
  });
  await deployMonitor(simulator, plan);
  await keepHistory(simulator, plan);
  return { simulator, plan, endpoint };
}

async function keepHistory(simulator: Simulator, plan: MonitorPlan): Promise<void> {
  const { clock, secretsManager, home } = simulator;
  const service = compose(plan.config, {
    clock,
    requestHandler: simulator.requestHandler('operator'),
    writeLine: () => undefined,
  });
  await service.store.writeTarget({ ...freshTarget(home), baselineAt: clock.now() });
  await sweepSecrets(service);
  const rotating = [...secretsManager.secrets()].flatMap(({ arn }, index) =>
    index % OLD_EVERY === 0 ? [] : (asSecretArn(arn) ?? []),
  );
  const errors = await forEachLimited(rotating, 16, async (secretArn) => {
    for (let week = 0; week < ROTATIONS; week++) {
      const at = later(clock.now(), -(3 + 7 * week) * DAY);
      const attempt = { secretArn, versionId: `0000${week}-${secretArn.slice(-30)}`, step: undefined };
      await service.store.recordAttempt({ ...attempt, eventId: `s${week}`, kind: 'started', at });
      const succeededAt = later(at, MINUTE);
      await service.store.recordAttempt({
        ...attempt,
        eventId: `e${week}`,
        kind: 'succeeded',
        at: succeededAt,
      });
    }
  });
  if (errors.length > 0) throw errors[0];
}
