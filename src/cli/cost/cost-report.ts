import { formatInstant } from '../../calendar/instant.ts';
import { printableJson } from '../terminal/output.ts';
import type { AccountMonth } from './account-month.ts';
import type { MonitorMonth } from './monitor-month.ts';
import { costOf } from './prices.ts';
import type { Reading, SavedCalls } from './saved-calls.ts';

/** The calls that a cache saves, with the reading they are computed from. */
export interface SavingReport {
  readonly kind: 'saving';
  readonly reading: Reading;
  readonly saved: SavedCalls;
}

/** The cost of a month in an account and region. */
export interface AccountReport {
  readonly kind: 'account';
  readonly region: string;
  readonly month: AccountMonth;
  /** Undefined where nobody knows how many secrets there are. */
  readonly monitor: MonitorMonth | undefined;
}

/** An answer of `rotation-monitor cost`. */
export type CostReport = SavingReport | AccountReport;

/** Returns the price of calls to Secrets Manager, in USD. */
export const callsCost = (calls: number): number => costOf('secretsManagerCalls', calls);

/** Returns the price of calls in each further copy of management events that a trail delivers, in USD. */
export const trailCost = (calls: number): number => costOf('trailEvents', calls);

/** Version of the shape that {@link costJson} writes; `docs/schemas/cost.json` describes it. */
const SCHEMA_VERSION = 1;

/** The answer as programs read it. */
export const costJson = (report: CostReport): string =>
  printableJson({
    schemaVersion: SCHEMA_VERSION,
    ...(isSaving(report) ? savingJson(report) : accountJson(report)),
  });

const isSaving = (report: CostReport): report is SavingReport => report.kind === 'saving';

const priced = (calls: number): object => ({
  calls,
  usd: cents(callsCost(calls)),
  secondTrailUsd: cents(trailCost(calls)),
});

const savingJson = ({ reading, saved: { direct, cache, agent } }: SavingReport): object => ({
  ...reading,
  direct: priced(direct),
  cache: priced(cache),
  agent: { least: priced(agent.least), most: priced(agent.most) },
});

function accountJson({ region, month, monitor }: AccountReport): object {
  const { from, to, operations, secrets } = month;
  return {
    region,
    from: formatInstant(from),
    to: formatInstant(to),
    operations: operations.map(({ operation, calls }) => ({ operation, ...priced(calls) })),
    secrets: secrets ?? null,
    secretsUsd: secrets === undefined ? null : cents(costOf('secret', secrets)),
    monitor: monitor === undefined ? null : monitorJson(monitor),
  };
}

const monitorJson = ({ secrets, services, total, dashboards, secondTrail }: MonitorMonth): object => ({
  secrets,
  services: services.map(({ service, usd }) => ({ service, usd: cents(usd) })),
  usd: cents(total),
  dashboardsUsd: cents(dashboards),
  secondTrailUsd: cents(secondTrail),
});

const cents = (usd: number): number => Math.round(usd * 100) / 100;
