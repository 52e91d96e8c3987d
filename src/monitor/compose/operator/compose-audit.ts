import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ReportBucket } from '../../adapters/s3/s3-report-store.ts';
import { secretsManagerCatalog } from '../../adapters/secrets-manager/secrets-manager-catalog.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { AuditingFleet, AuditRequest } from '../../application/audit/audit-request.ts';
import { type Environment, readConfig } from '../../config/read-config.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReportStore } from '../../ports/report/report-store.ts';
import type { AuditMemory } from '../../ports/store/audit-memory.ts';
import { auditParametersOf, auditRulesOf } from '../joints/audit-rules-of.ts';
import { hubControls, partitionOfRegion } from '../joints/hub-controls.ts';
import { SILENT } from '../joints/joints.ts';
import { settingsOf } from '../joints/settings-of.ts';
import { standIn } from '../joints/stand-in.ts';
import type { Connected } from './compose-connection.ts';

/** An audit of one account and region from the command line, ready to run. */
export interface ReadyAudit {
  readonly service: AuditingFleet;
  readonly rules: AuditRequest['rules'];
  readonly identity: string;
  /** Settings of the audit, name → text. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Stands for an account that STS does not name. */
const UNKNOWN_ACCOUNT = '000000000000';

/** The clock to judge by, and the memory of a deployed monitor. */
export interface AuditSeams {
  readonly clock?: Clock | undefined;
  readonly kept?: AuditMemory | undefined;
  /** Whether to read Security Hub's own verdicts, too. */
  readonly asksHub?: boolean;
}

/** Composes an audit with the memory of a deployed monitor, or without one; throws a ConfigError when a setting is wrong. */
export async function composeAudit(
  { sdk, region, identity }: Connected,
  environment: Environment,
  { clock = systemClock, kept, asksHub = false }: AuditSeams = {},
): Promise<ReadyAudit> {
  const caller = await identity();
  const target = { account: caller?.account ?? UNKNOWN_ACCOUNT, region };
  const config = readConfig({ ...environment, ...standIn(target) });
  return {
    service: {
      clock,
      catalog: secretsManagerCatalog(new SecretsManagerClient(sdk)),
      settings: settingsOf(config),
      inspector: undefined,
      history: undefined,
      kept,
      hubOf: asksHub
        ? ({ region: at }) => hubControls(sdk, { region: at, partition: partitionOfRegion(at) })
        : undefined,
      accessTo: () => {
        throw new RangeError('An audit from the command line covers one account and region');
      },
    },
    rules: auditRulesOf(config),
    identity: caller?.arn ?? 'unknown: STS did not answer',
    parameters: auditParametersOf(config, asksHub),
  };
}

/** Composes the store of reports in a bucket, for those audits that use one. What the SDK would print is in its errors, too. */
export async function composeReportStore(
  { sdk }: Pick<Connected, 'sdk'>,
  bucket: ReportBucket,
): Promise<ReportStore> {
  const [{ S3Client }, { s3ReportStore }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../../adapters/s3/s3-report-store.ts'),
  ]);
  return s3ReportStore(new S3Client({ ...sdk, logger: SILENT }), bucket);
}
