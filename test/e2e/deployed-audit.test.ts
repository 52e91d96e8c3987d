import { S3Client } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, formatInstant, HOUR, later, MINUTE, parseInstant } from '../../src/calendar/instant.ts';
import { s3ReportStore } from '../../src/monitor/adapters/s3/s3-report-store.ts';
import { verifyChain } from '../../src/monitor/application/report/verify-chain.ts';
import { START } from '../support/deployed.ts';
import { runCommand } from '../support/run-command.ts';
import { sdk, type TestSimulator } from '../support/simulated.ts';
import { aDeployedMonitor, type DeployedMonitor } from '../support/template/deployed-monitor.ts';

/** START is a Sunday; audits run on Mondays at six. */
const FIRST = parseInstant('2026-11-02T06:00:00Z') ?? START;
/** Scheduler invokes within a minute, and Lambda tries twice more within three. */
const SETTLED = 10 * MINUTE;

function twoSecrets({ secretsManager }: TestSimulator): void {
  secretsManager.functions.register({ name: 'rotate', behaviour: 'healthy' });
  const schedule = { schedule: 'rate(7 days)', createdAt: later(START, -5 * DAY) };
  secretsManager.seed({ name: 'prod/stock', kind: 'function', function: 'rotate', ...schedule });
  secretsManager.seed({ name: 'prod/open', kind: 'none' });
}

/** Seeds more than a page of secrets. */
function manySecrets({ secretsManager }: TestSimulator): void {
  for (let index = 0; index < 250; index++) secretsManager.seed({ name: `still/${index}`, kind: 'none' });
}

const deployed = (prepare = twoSecrets, sweepEveryMs = 4 * HOUR) =>
  aDeployedMonitor(prepare, { sweepEveryMs });

const summaries = ({ subjects }: DeployedMonitor): readonly string[] =>
  subjects('Alerts').filter((subject) => subject.includes('Audit of'));

const storeOf = ({ simulator, deployment }: DeployedMonitor) =>
  s3ReportStore(new S3Client(sdk(simulator, 'operator')), {
    name: deployment.idOf('AWS::S3::Bucket', 'Audits').toLowerCase(),
    prefix: 'audits/',
  });

async function chainOf(monitor: DeployedMonitor) {
  const { manifests, faults, head } = await verifyChain(storeOf(monitor), { head: undefined });
  expect([...faults, ...manifests.flatMap((each) => each.faults)]).toEqual([]);
  return { length: manifests.length, head };
}

const lastCsv = async (monitor: DeployedMonitor): Promise<readonly string[]> => {
  const keys = (await storeOf(monitor).keys('reports/')).filter((key) => key.endsWith('.csv'));
  const text = (await storeOf(monitor).text(keys.at(-1) ?? '', undefined))?.text ?? '';
  return text.trimEnd().split('\r\n').slice(1);
};

test('each Monday a report is stored and sealed, and its summary says what is in it', async () => {
  const monitor = await deployed();
  const { simulator, slack } = monitor;
  await simulator.clock.advanceTo(later(FIRST, -MINUTE));
  expect(summaries(monitor)).toEqual([]);
  await simulator.clock.advanceTo(later(FIRST, SETTLED));
  expect(summaries(monitor)).toEqual(['[MEDIUM] Audit of 2 secrets: 2 failed']);
  const mail = simulator.sns.inbox.findLast(({ subject }) => subject.includes('Audit of'))?.message ?? '';
  expect(mail).toContain('Audit from 2026-10-03T00:00:00Z to 2026-11-02T00:00:00Z.');
  expect(mail).toContain('prod/open: SecretsManager.1');
  const { length, head } = await chainOf(monitor);
  expect(length).toBe(1);
  expect(mail).toContain(`--head ${head}`);
  expect(JSON.stringify(slack.posts)).toContain('Audit of 2 secrets');
  const [versions] = [
    ...simulator.s3.buckets
      .find(monitor.deployment.idOf('AWS::S3::Bucket', 'Audits').toLowerCase())
      .versions.values(),
  ];
  expect(versions?.[0]?.versionId).not.toBe('null');

  await simulator.clock.advanceTo(later(FIRST, 7 * DAY + SETTLED));
  expect(summaries(monitor)).toHaveLength(2);
  const second = simulator.sns.inbox.findLast(({ subject }) => subject.includes('Audit of'))?.message ?? '';
  expect(second).toContain('Audit from 2026-11-02T00:00:00Z to 2026-11-09T00:00:00Z.');
  expect(second).toMatch(/Passed: \d secrets? \((as before|\d (more|fewer))\)/);
  expect((await chainOf(monitor)).length).toBe(2);
  expect(monitor.deployment.failedRuns()).toBe(0);
});

test('status shows the last audit, of a home that has one', async () => {
  const { simulator } = await deployed(twoSecrets, HOUR);
  const { endpoint, close } = await simulator.listen({ port: 0 });
  onTestFinished(close);
  const status = async (...more: readonly string[]) => {
    const now = ['--now', formatInstant(simulator.clock.now())];
    return runCommand(['status', '--region', 'eu-west-1', '--endpoint-url', endpoint, ...now, ...more]);
  };
  await simulator.clock.advanceTo(later(FIRST, -MINUTE));
  expect((await status()).out).toMatch(/: last sweep \d+ min ago, \d+ open alerts?\.$/m);
  await simulator.clock.advanceTo(later(FIRST, 3 * HOUR));
  expect((await status()).out).toMatch(
    /: last sweep \d[\w ]+ ago, last audit 2 h 59 min ago, \d+ open alerts?\.$/m,
  );
  expect(JSON.parse((await status('--json')).out)).toMatchObject({
    monitors: [{ lastAuditAt: expect.stringMatching(/^2026-11-02T06:00:/) }],
  });
});

test('a run that dies half-way is gone on with by the next', async () => {
  const monitor = await deployed(manySecrets);
  const { simulator, deployment } = monitor;
  const { role } = deployment.functionOf('audit');
  let puts = 0;
  const stop = simulator.faults.before((call) => {
    if (call.role !== role || call.operation !== 'PutObject') return;
    puts += 1;
    if (puts === 3) throw new Error('killed');
  });
  await simulator.clock.advanceTo(later(FIRST, SETTLED));
  stop();
  expect(puts).toBeGreaterThan(3);
  expect(summaries(monitor)).toHaveLength(1);
  expect(new Set(await lastCsv(monitor)).size).toBe(250);
  expect((await chainOf(monitor)).length).toBe(1);
});

test('what takes longer than a function may run is handed over, and every secret has its row', async () => {
  const monitor = await deployed(manySecrets);
  const { simulator, deployment } = monitor;
  const { role, name } = deployment.functionOf('audit');
  let isSlow = true;
  simulator.faults.before((call) => {
    if (call.role !== role || call.operation !== 'ListSecrets' || !isSlow) return;
    isSlow = false;
    simulator.clock.elapse(14 * MINUTE);
  });
  await simulator.clock.advanceTo(later(FIRST, 30 * MINUTE));
  expect(simulator.functions.stats(name)).toMatchObject({ invocations: 2, errors: 0 });
  expect(summaries(monitor)).toHaveLength(1);
  const rows = await lastCsv(monitor);
  expect(rows).toHaveLength(250);
  expect(new Set(rows).size).toBe(250);
});

test('while nothing can be stored an alarm rings; the sweeps have the audit run once it can', async () => {
  const monitor = await deployed(twoSecrets, 2 * HOUR);
  const { simulator, deployment, subjects } = monitor;
  const { role } = deployment.functionOf('audit');
  const stop = simulator.faults.before((call) => {
    if (call.role === role && call.operation === 'PutObject') throw new Error('the bucket refuses');
  });
  // A new alarm says at first that all is well.
  const overdue = () =>
    subjects('Health')
      .filter((subject) => subject.includes('audit-overdue'))
      .slice(1);
  await simulator.clock.advanceTo(later(START, 8 * DAY));
  expect(overdue()).toEqual([]);
  await simulator.clock.advanceTo(later(START, 8 * DAY + 4 * HOUR));
  expect(overdue()).toEqual(['ALARM: "rotation-monitor-audit-overdue" in EU (Ireland)']);
  // The schedule has its turn before the bucket is well again, and the next one after a week.
  await simulator.clock.advanceTo(later(FIRST, 7 * DAY + SETTLED));
  expect(summaries(monitor)).toEqual([]);
  stop();
  await simulator.clock.advance(DAY);
  expect(summaries(monitor)).toHaveLength(1);
  expect(overdue().at(-1)).toBe('OK: "rotation-monitor-audit-overdue" in EU (Ireland)');
});
