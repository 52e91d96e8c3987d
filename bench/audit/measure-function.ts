import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { buildHandlers } from '../../scripts/bundle/build-handlers.ts';
import { DAY, later, MINUTE } from '../../src/calendar/instant.ts';
import { s3ReportStore } from '../../src/monitor/adapters/s3/s3-report-store.ts';
import { verifyChain } from '../../src/monitor/application/report/verify-chain.ts';
import { compose } from '../../test/support/compose.ts';
import { type LambdaLimits, lambdaProcess } from '../../test/support/lambda-process.ts';
import { slowPort } from '../slow-port.ts';
import { type AuditedAccount, auditedAccount } from './audited-account.ts';

/** One invocation of the function that audits. */
interface AuditInvocation {
  readonly wallMs: number;
  /** Most memory of the process so far. */
  readonly peakBytes: number;
}

/** An audit by the deployed function. */
export interface FunctionAudit {
  /** Time that each invocation had. */
  readonly timeoutMs: number;
  readonly invocations: readonly AuditInvocation[];
  /** Lines of the CSV report. */
  readonly rows: number;
  /** Those of them that differ. */
  readonly secrets: number;
  /** Faults of the chain of manifests. */
  readonly faults: readonly string[];
}

/** The audits of an account by the deployed function, the second one with little time. */
export interface MeasuredFunction {
  readonly secrets: number;
  readonly whole: FunctionAudit;
  readonly handedOver: FunctionAudit;
}

/** An invocation hands over two minutes before its end: so it reads for a quarter of a minute. */
const LITTLE_TIME_MS: number = 2.25 * MINUTE;
const PATIENCE_MS: number = 60 * MINUTE;

async function measure(secrets: number): Promise<MeasuredFunction> {
  const account = await auditedAccount(secrets);
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  await buildHandlers(folder);
  const { timeoutMs } = account.plan.functionOf('audit');
  const whole = await audited(account, folder, timeoutMs);
  await forget(account);
  const handedOver = await audited(account, folder, LITTLE_TIME_MS);
  await account.simulator.close();
  return { secrets, whole, handedOver };
}

/** Has the bundle of the function audit, in a process with its memory, behind a port that takes 30 ms a call. */
async function audited(
  { simulator, plan, endpoint }: AuditedAccount,
  folder: string,
  timeoutMs: number,
): Promise<FunctionAudit> {
  const { name, role, environment, memoryMib } = plan.functionOf('audit');
  const slow = await slowPort(endpoint);
  const limits: LambdaLimits = { timeoutMs, memoryMib };
  const access = {
    AWS_ENDPOINT_URL: slow.endpoint,
    AWS_ACCESS_KEY_ID: role,
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_LAMBDA_FUNCTION_NAME: name,
  };
  const running = lambdaProcess(folder, 'audit', { ...environment, ...access }, limits);
  await running.ready;
  const invocations: AuditInvocation[] = [];
  const failures: unknown[] = [];
  simulator.functions.register(name, async (event, context) => {
    const begun = performance.now();
    try {
      return await running.invoke(event, context);
    } catch (error) {
      failures.push(error);
      throw error;
    } finally {
      const wallMs = Math.round(performance.now() - begun);
      invocations.push({ wallMs, peakBytes: running.peakBytes() });
    }
  });
  const known = (await reportsOf(simulator, plan)).length;
  const begun = performance.now();
  const direct = simulator.functions.invoke(name, {});
  await direct;
  while ((await reportsOf(simulator, plan)).length === known) {
    if (failures.length > 0) throw failures[0];
    if (performance.now() - begun > PATIENCE_MS) throw new Error('No report was stored');
    await pause(1000);
  }
  await pause(5000);
  running.stop();
  slow.server.close();
  const store = storeOf(simulator, plan);
  const key = (await reportsOf(simulator, plan)).at(-1) ?? '';
  const csv = (await store.text(key, undefined))?.text ?? '';
  const lines = csv.trimEnd().split('\r\n').slice(1);
  const { faults, manifests } = await verifyChain(store, { head: undefined });
  return {
    timeoutMs,
    invocations,
    rows: lines.length,
    secrets: new Set(lines.map((line) => line.split(',')[0])).size,
    faults: [...faults, ...manifests.flatMap((each) => each.faults)],
  };
}

type Place = Pick<AuditedAccount, 'simulator' | 'plan'>;

const storeOf = (simulator: Place['simulator'], plan: Place['plan']) =>
  s3ReportStore(
    new S3Client({
      region: simulator.home.region,
      requestHandler: simulator.requestHandler('operator'),
      credentials: { accessKeyId: 'operator', secretAccessKey: 'simulated' },
    }),
    { name: plan.config.reportBucketName ?? '', prefix: plan.config.reportKeyPrefix },
  );

/** The reports in CSV, in order. */
const reportsOf = async (simulator: Place['simulator'], plan: Place['plan']): Promise<readonly string[]> =>
  (await storeOf(simulator, plan).keys('manifests/')).length === 0
    ? []
    : (await storeOf(simulator, plan).keys('reports/')).filter((key) => key.endsWith('.csv'));

/** Lets the last audit have ended a day earlier, so that the next one is due at once. */
async function forget({ simulator, plan }: AuditedAccount): Promise<void> {
  const { changes } = compose(plan.config, {
    clock: simulator.clock,
    requestHandler: simulator.requestHandler('operator'),
    writeLine: () => undefined,
  });
  const record = await changes.readAudits(simulator.home);
  if (record?.last === undefined) throw new Error('No audit was remembered');
  const last = { ...record.last, to: later(record.last.to, -DAY) };
  await changes.writeAudits(simulator.home, { ...record, last });
}

process.stdout.write(JSON.stringify(await measure(Number(process.argv[2]))));
process.exit(0);
