import { formatInstant, type Instant } from '../../calendar/instant.ts';
import { alertJson } from '../schemas/alert-schema.ts';
import { printableJson } from '../terminal/output.ts';
import { alertsIn, type StatusMonitor, type StatusResult, unknownLines } from './status-result.ts';

/** The secrets as programs read them; `docs/schemas/status.json` describes it. */
export const statusJson = ({ at, monitors, observed, secrets, failures }: StatusResult): string => {
  const alerts = alertsIn(monitors);
  return printableJson({
    schemaVersion: 1,
    at: formatInstant(at),
    regions: monitors.map(({ region }) => region),
    monitors: monitors.map(monitorJson),
    observed,
    secrets: secrets.map(({ arn, name, finding, tags: _tags, account: _account, ...status }) => ({
      secretArn: arn,
      secretName: name,
      region: status.region,
      rotationEnabled: status.rotationEnabled ?? null,
      hasCurrent: status.hasCurrent,
      inProgress: status.inProgress,
      pendingSince: timeJson(status.pendingSince),
      lastRotatedAt: timeJson(status.lastRotatedAt),
      nextRotationAt: timeJson(status.nextRotationAt),
      owner: status.owner ?? null,
      alerts: alerts === undefined ? null : (alerts.get(arn) ?? []).map(alertJson),
      finding:
        finding === undefined
          ? null
          : {
              code: finding.code,
              severity: finding.severity,
              since: formatInstant(finding.since),
              what: finding.what,
            },
    })),
    unknown: unknownLines(monitors),
    notLookedAt: failures.map(({ region, because }) => ({ region, because })),
  });
};

const monitorJson = ({ region, deployment, answer }: StatusMonitor): object => ({
  region,
  deployment: deployment ?? null,
  lastSweepAt: timeJson(answer?.lastSweepAt),
  lastAuditAt: timeJson(answer?.lastAuditAt),
  openAlerts: answer === undefined ? null : answer.alerts.length + answer.more,
});

const timeJson = (at: Instant | undefined): string | null => (at === undefined ? null : formatInstant(at));
