import { expect, test } from 'vitest';
import { DAY, HOUR, later, MINUTE } from '../../src/calendar/instant.ts';
import { aDeployment, type Deployed, rotatesWell, START } from '../support/deployed.ts';

const CODE = 'current-changed-outside-rotation';
const about = (deployed: Deployed, code: string) =>
  deployed.mails().filter(({ subject }) => subject.includes(code));

async function rotated(parameters: Readonly<Record<string, string>> = {}): Promise<Deployed> {
  const deployed = await aDeployment(rotatesWell, { parameters, sweepEveryMs: 30 * MINUTE });
  await deployed.simulator.clock.advanceTo(later(START, 6 * HOUR));
  return deployed;
}

const overwrite = ({ simulator }: Deployed, password: string) =>
  simulator.call(
    'secretsmanager',
    'UpdateSecret',
    {
      SecretId: 'well',
      SecretString: JSON.stringify({ username: 'shop', password }),
      ClientRequestToken: `terraform-${password}-`.padEnd(40, '7'),
    },
    'pipeline',
  );

test('a deployment that overwrites the value of a secret that rotates is reported once, and so is its end', async () => {
  const deployed = await rotated();
  await overwrite(deployed, 'first');
  await deployed.simulator.clock.advance(20 * MINUTE);
  await overwrite(deployed, 'second');
  await deployed.simulator.clock.advance(10 * HOUR);
  const told = about(deployed, CODE);
  expect(told.map(({ subject }) => subject)).toEqual([expect.stringMatching(/^\[LOW\] /)]);
  expect(told[0]?.message).toMatch(/pipeline/);
  expect(told[0]?.message).toContain('CREDENTIAL IN USE: may be dead');
  expect(told[0]?.message).toContain('acknowledge');
  await deployed.simulator.clock.advanceTo(later(START, 3 * DAY));
  const later1 = about(deployed, CODE).map(({ subject }) => subject.split(' ')[0]);
  expect(later1.filter((word) => word === '[LOW]')).toHaveLength(1);
});

test('a secret that only rotates, and one that is described anew, are no news', async () => {
  const deployed = await rotated();
  const change = { SecretId: 'well', Description: 'build 7', ClientRequestToken: 'x'.repeat(32) };
  await deployed.simulator.call('secretsmanager', 'UpdateSecret', change, 'pipeline');
  await deployed.simulator.clock.advanceTo(later(START, 3 * DAY));
  expect(about(deployed, CODE)).toEqual([]);
});

test('AWSCURRENT that is moved back is HIGH, and over once it is back on the version of the last rotation', async () => {
  const deployed = await rotated();
  const { simulator } = deployed;
  await simulator.clock.advanceTo(later(START, DAY + 6 * HOUR));
  const stages = async () => {
    const said = await simulator.call('secretsmanager', 'DescribeSecret', { SecretId: 'well' }, 'operator');
    const ids = Object.entries((said as { VersionIdsToStages: Record<string, string[]> }).VersionIdsToStages);
    const of = (stage: string) => ids.find(([, each]) => each.includes(stage))?.[0];
    return { current: of('AWSCURRENT'), previous: of('AWSPREVIOUS') };
  };
  const swap = async () => {
    const { current, previous } = await stages();
    const move = { SecretId: 'well', VersionStage: 'AWSCURRENT', MoveToVersionId: previous };
    await simulator.call(
      'secretsmanager',
      'UpdateSecretVersionStage',
      { ...move, RemoveFromVersionId: current },
      'operator',
    );
  };
  await swap();
  await simulator.clock.advance(HOUR);
  expect(about(deployed, CODE).map(({ subject }) => subject)).toEqual([expect.stringMatching(/^\[HIGH\] /)]);
  await swap();
  await simulator.clock.advance(HOUR);
  expect(about(deployed, CODE).at(-1)?.subject).toMatch(/^\[RESOLVED\] /);
});

test('a value that is put under a label of its own and then moved into use by hand is no rotation', async () => {
  const deployed = await rotated();
  const { simulator } = deployed;
  const versionId = 'blue-2026-11-01.release/42:candidate';
  const put = { SecretId: 'well', SecretString: '{"password":"blue"}', ClientRequestToken: versionId };
  await simulator.call('secretsmanager', 'PutSecretValue', { ...put, VersionStages: ['blue'] }, 'pipeline');
  await simulator.clock.advance(7 * MINUTE);
  const said = await simulator.call('secretsmanager', 'DescribeSecret', { SecretId: 'well' }, 'operator');
  const ids = Object.entries((said as { VersionIdsToStages: Record<string, string[]> }).VersionIdsToStages);
  const [current] = ids.find(([, each]) => each.includes('AWSCURRENT')) ?? [];
  const move = { SecretId: 'well', VersionStage: 'AWSCURRENT', MoveToVersionId: versionId };
  await simulator.call(
    'secretsmanager',
    'UpdateSecretVersionStage',
    { ...move, RemoveFromVersionId: current },
    'operator',
  );
  await simulator.clock.advance(HOUR);
  expect(about(deployed, CODE).map(({ subject }) => subject)).toEqual([expect.stringMatching(/^\[LOW\] /)]);
  expect(about(deployed, CODE)[0]?.message).toMatch(/replaced by version blue-2026.*operator/);
});

test('a value that a deployment puts while it has rotation off for two minutes is reported', async () => {
  const deployed = await rotated();
  const { simulator } = deployed;
  const asPipeline = (operation: string, input: Readonly<Record<string, unknown>> = {}) =>
    simulator.call('secretsmanager', operation, { SecretId: 'well', ...input }, 'pipeline');
  await asPipeline('CancelRotateSecret');
  await simulator.clock.advance(MINUTE);
  await overwrite(deployed, 'first');
  await simulator.clock.advance(MINUTE);
  await asPipeline('RotateSecret', {
    RotateImmediately: false,
    ClientRequestToken: 'module-'.padEnd(40, '7'),
  });
  await simulator.clock.advance(HOUR);
  expect(about(deployed, CODE).map(({ subject }) => subject)).toEqual([expect.stringMatching(/^\[LOW\] /)]);
});

test('those whom the settings name may change values', async () => {
  const deployed = await rotated({ ExpectedWriters: 'arn:aws:*' });
  await overwrite(deployed, 'first');
  await deployed.simulator.clock.advance(10 * HOUR);
  expect(about(deployed, CODE)).toEqual([]);
});
