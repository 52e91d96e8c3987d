import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { secretsManagerCatalog } from '../../adapters/secrets-manager/secrets-manager-catalog.ts';
import { securityHubControls } from '../../adapters/security-hub/security-hub-findings.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { AuditingFleet, AuditRequest } from '../../application/audit/audit-request.ts';
import { type Environment, readConfig } from '../../config/read-config.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AuditMemory } from '../../ports/store/audit-memory.ts';
import { auditParametersOf, auditRulesOf } from '../joints/audit-rules-of.ts';
import { settingsOf } from '../joints/settings-of.ts';
import { standIn } from '../joints/stand-in.ts';
import type { Connected } from './compose-connection.ts';
import { partitionOf } from './compose-pushing.ts';

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
        ? ({ region: at }) =>
            securityHubControls(new SecurityHubClient({ ...sdk, region: at }), at, partitionOf(at))
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
