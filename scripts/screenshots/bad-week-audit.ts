import { createHash } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Instant } from '../../src/calendar/instant.ts';
import { packageVersion } from '../../src/cli/terminal/package-version.ts';
import { secretsManagerCatalog } from '../../src/monitor/adapters/secrets-manager/secrets-manager-catalog.ts';
import { auditFleet } from '../../src/monitor/application/audit/audit-fleet.ts';
import { auditMemoryOf } from '../../src/monitor/application/audit/audit-memory-of.ts';
import { auditParametersOf, auditRulesOf } from '../../src/monitor/compose/joints/audit-rules-of.ts';
import { join } from '../../src/monitor/compose/joints/joints.ts';
import { settingsOf } from '../../src/monitor/compose/joints/settings-of.ts';
import { table } from '../../src/monitor/compose/parts/table.ts';
import type { AuditStream } from '../../src/monitor/domain/report/audit-report.ts';
import { writeReport } from '../../src/monitor/domain/report-format/write-report.ts';
import { type OpenDrill, openDrill } from '../../src/proving/drill/run-drill.ts';
import { checkScenario } from '../../src/proving/scenario/read-scenario.ts';
import { BAD_WEEK } from './bad-week.ts';

/** The audit of an account after a bad week, as HTML. */
export async function badWeekAudit(): Promise<string> {
  const drill = await openDrill({ ...checkScenario(BAD_WEEK), days: 8 }, { observability: false });
  const pieces: string[] = [];
  try {
    const from = drill.simulator.clock.now();
    while (await drill.step());
    const sink = { write: async (text: string) => void pieces.push(text) };
    await writeReport('html', await auditOf(drill, from), sink);
  } finally {
    await drill.close();
  }
  return pieces.join('');
}

/** The audit of all secrets with the memory of the deployed monitor. */
function auditOf({ simulator, deployment }: OpenDrill, from: Instant): Promise<AuditStream> {
  const { clock, home } = simulator;
  const { config } = deployment;
  const stopped = { now: () => clock.now(), pause: async () => undefined };
  const joints = join(config, { clock: stopped, requestHandler: simulator.requestHandler('operator') });
  const { store, changes } = table(joints);
  return auditFleet(
    {
      clock: stopped,
      catalog: secretsManagerCatalog(new SecretsManagerClient(joints.sdk)),
      settings: settingsOf(config),
      inspector: undefined,
      history: undefined,
      kept: auditMemoryOf({ store, changes }),
      accessTo: () => {
        throw new RangeError('The drill has one account and region');
      },
    },
    {
      period: { from, to: clock.now(), label: undefined },
      targets: [home],
      rules: auditRulesOf(config),
      exceptions: [],
      provenance: {
        version: packageVersion(),
        identity: `arn:aws:sts::${home.account}:assumed-role/auditor/ada`,
        parameters: auditParametersOf(config, false),
        exceptionsHash: createHash('sha256').digest('hex'),
      },
    },
  );
}
