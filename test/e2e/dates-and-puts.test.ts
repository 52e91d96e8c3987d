import { expect, test } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { aDeployment, type Deployed, failingNightlyAt, START } from '../support/deployed.ts';

const SECRET = 'prod/orders';
/** Events report most; a sweep comes between two deeds, and many after them. */
const SWEEP_EVERY_MS: number = 30 * MINUTE;

/** Whether LastRotatedDate moves with a value put by hand is not documented, so that both are played. */
const WORLDS = [
  ['moves', true],
  ['stays', false],
] as const;

const call = ({ simulator }: Deployed, operation: string, input: Readonly<Record<string, unknown>>) =>
  simulator.call('secretsmanager', operation, { SecretId: SECRET, ...input }, 'operator');

async function versionWith(deployed: Deployed, stage: string): Promise<string | undefined> {
  const said = await call(deployed, 'DescribeSecret', {});
  const { VersionIdsToStages } = said as { VersionIdsToStages: Record<string, string[]> };
  return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0];
}

/** A secret whose rotation has failed at testSecret, so that its target accepts a password that is not in use. */
async function dead(putsMoveRotatedDate: boolean): Promise<Deployed> {
  const deployed = await aDeployment(
    (simulator) => {
      failingNightlyAt('testSecret')(simulator);
      simulator.secretsManager.configureAll({ putsMoveRotatedDate });
    },
    { sweepEveryMs: SWEEP_EVERY_MS },
  );
  await deployed.simulator.clock.advanceTo(later(START, 5 * HOUR));
  expect(deployed.subjects()[0]).toBe(`[CRITICAL] ${SECRET}: rotation-failed`);
  return deployed;
}

const PUTS = [
  ['a put', 'PutSecretValue', 'console/2026-11-01 05:00:00.123456'],
  ['an update', 'UpdateSecret', 'terraform-20261101050000123400000001'],
] as const;

test.each(WORLDS.flatMap(([world, moves]) => PUTS.map((put) => [world, ...put, moves] as const)))(
  'where LastRotatedDate %s with %s, it proves no dead credential good',
  async (_world, _case, operation, token, moves) => {
    const deployed = await dead(moves);
    const { simulator } = deployed;
    const pending = await versionWith(deployed, 'AWSPENDING');
    await call(deployed, 'UpdateSecretVersionStage', {
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: pending,
    });
    await simulator.clock.advance(SWEEP_EVERY_MS + MINUTE);
    await call(deployed, operation, {
      SecretString: '{"username":"shop","password":"typed"}',
      ClientRequestToken: token,
    });
    await simulator.clock.advance(14 * HOUR);
    expect(deployed.subjects().filter((subject) => subject.includes('RESOLVED'))).toEqual([]);
  },
);
