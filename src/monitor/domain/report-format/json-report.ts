import type { AuditSummary, Provenance } from '../report/audit-report.ts';
import type { ReportWriter } from './report-writer.ts';
import { exceptionJson, secretJson, timeJson } from './secret-json.ts';

/** Version of the shape of JSON reports; it changes when a field goes or changes its meaning. */
const SCHEMA_VERSION = 1;

/** One JSON object with a line for each secret: `docs/schemas/audit.json` is its schema. */
export const jsonReport = (): ReportWriter => {
  let separator = '';
  return {
    begin: (provenance) =>
      `{"schemaVersion":${SCHEMA_VERSION},\n"provenance":${JSON.stringify(provenanceJson(provenance))},\n"secrets":[`,
    secret: (secret) => {
      const line = `${separator}\n${JSON.stringify(secretJson(secret))}`;
      separator = ',';
      return line;
    },
    end: (summary) => `\n],\n"summary":${JSON.stringify(summaryJson(summary))}}\n`,
  };
};

/** Inputs of a report, as programs read them. */
const provenanceJson = ({ period, sample, ...provenance }: Provenance): object => ({
  period: { from: timeJson(period.from), to: timeJson(period.to), label: period.label ?? null },
  readAt: timeJson(provenance.readAt),
  version: provenance.version,
  identity: provenance.identity,
  parameters: provenance.parameters,
  exceptionsHash: provenance.exceptionsHash,
  historySince: timeJson(provenance.historySince),
  sample: sample ?? null,
});

/** The end of a report, as programs read it. */
const summaryJson = (summary: AuditSummary): object => ({
  population: summary.population.map(({ opening, closing, difference, ...row }) => ({
    account: row.account,
    region: row.region,
    opening: opening ?? null,
    created: row.created,
    restored: row.restored,
    deleted: row.deleted,
    closing: closing ?? null,
    difference: difference ?? null,
  })),
  coverage: summary.coverage,
  controls: summary.controls,
  totals: {
    ...summary.totals,
    windowsDue: summary.totals.windowsDue ?? null,
    rotationsCompleted: summary.totals.rotationsCompleted ?? null,
    windowsMissed: summary.totals.windowsMissed ?? null,
    failures: summary.totals.failures ?? null,
  },
  trend: summary.trend.map(({ from, completed, failures }) => ({
    from: timeJson(from),
    completed,
    failures,
  })),
  expiringExceptions: summary.expiringExceptions.map(exceptionJson),
  notVerifiable: summary.notVerifiable,
  calls: summary.calls,
});
