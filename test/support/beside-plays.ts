import { DAY, later, MINUTE } from '../../src/calendar/instant.ts';
import { CONFIG, START } from './deployed.ts';
import { call, happening, NAME, type Play, rotate, rotating, seed } from './failure-mode-stage.ts';
import type { TestSimulator } from './simulated.ts';

/** Longer than the rotation and its copying take. */
const DONE_MS: number = 2 * MINUTE;
const IN_SYNC = { replicas: [{ region: 'us-east-1', status: 'InSync', message: undefined }] } as const;
const MONTHLY = { schedule: 'rate(30 days)' } as const;

type Replication = 'works' | 'fails' | 'hangs';

/** A rotation of a secret with a replica that is then copied in this way. */
const copied = (
  replication: Replication,
  forMs: number,
  then: (simulator: TestSimulator) => void = () => undefined,
): Play =>
  happening(
    (simulator) => {
      seed(simulator, { behaviour: 'healthy' }, IN_SYNC);
      simulator.secretsManager.configure(NAME, { replication });
    },
    async (simulator) => {
      const beganAt = await rotate(simulator);
      then(simulator);
      return beganAt;
    },
    forMs,
  );

/** Somebody asks for AWSPREVIOUS ten days after the rotation; nothing was checked before, so that it is checked soon. */
const previousAsked: Play = happening(
  (simulator) => {
    const rotatedAt = later(START, -10 * DAY);
    seed(
      simulator,
      { behaviour: 'healthy' },
      {
        ...MONTHLY,
        lastRotatedAt: rotatedAt,
        versions: [
          { stages: ['AWSPREVIOUS'], createdAt: later(rotatedAt, -30 * DAY) },
          { stages: ['AWSCURRENT'], createdAt: later(rotatedAt, -MINUTE) },
        ],
      },
    );
  },
  async (simulator) => {
    await call(simulator, 'GetSecretValue', { VersionStage: 'AWSPREVIOUS' });
    return simulator.clock.now();
  },
  30 * MINUTE,
);

/** Writes the lease of a consumer of {@link NAME} as `docs/leases.md` says. */
export async function writeLease(
  simulator: TestSimulator,
  { consumer, versionId }: { readonly consumer: string; readonly versionId: string },
): Promise<void> {
  const now = simulator.clock.now();
  const [secret] = [...simulator.secretsManager.secrets()];
  const Item = {
    pk: { S: secret?.arn },
    sk: { S: `lease#${consumer}` },
    expiresAt: { N: String(Math.ceil((now + DAY) / 1000)) },
    confirmedVersionId: { S: versionId },
    confirmedAt: { N: String(now) },
  };
  await simulator.call('dynamodb', 'PutItem', { TableName: CONFIG.leaseTableName, Item }, 'application');
}

/** The version that is AWSCURRENT now. */
export const currentOf = ({ secretsManager }: TestSimulator): string => {
  const { stages = {} } = secretsManager.history(NAME).at(-1) ?? {};
  return Object.keys(stages).find((id) => stages[id]?.includes('AWSCURRENT')) ?? '';
};

/** A consumer that keeps to the version it had before the rotation. */
const unconfirmedLease: Play = {
  ...rotating({ behaviour: 'healthy' }, { secret: MONTHLY, forMs: 30 * MINUTE }),
  begin: async (simulator) => {
    await writeLease(simulator, { consumer: 'orders-7', versionId: currentOf(simulator) });
    await rotate(simulator);
    await simulator.clock.advance(DONE_MS);
    return later(simulator.clock.now(), -DONE_MS);
  },
};

/** Plays of failures beside the rotation: of replicas, and of consumers. */
export const BESIDE_ROTATION: Readonly<Record<string, Play>> = {
  F27: copied('fails', 30 * MINUTE),
  F27b: copied('hangs', 75 * MINUTE),
  F28: previousAsked,
  F28b: unconfirmedLease,
};

/** A replica that is in progress for long, but not too long. */
export const PATIENT_COPY: Play = copied('hangs', 75 * MINUTE, ({ clock, secretsManager }) => {
  clock.schedule(later(clock.now(), 50 * MINUTE), () => {
    secretsManager.configure(NAME, { replication: 'works' });
  });
});
