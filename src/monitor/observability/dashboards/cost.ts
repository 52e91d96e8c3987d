import { SECRETS_MANAGER_CALLS } from '../aws-metrics.ts';
import { own } from '../metric-reference.ts';
import type { Watched } from '../watched.ts';
import { type Row, row } from './layout.ts';
import { dimensionValue, formula, hidden } from './metric-row.ts';
import { COLORS } from './palette.ts';
import { bars, graph, numbers } from './widgets.ts';

/** 0.05 USD for 10,000 calls in every region. https://aws.amazon.com/secrets-manager/pricing/ */
const USD_A_CALL = '0.05 / 10000';
/** Hours of 30 days. */
const HOURS_A_MONTH = 720;

/** Rows about the cost of calls to Secrets Manager: the monitor's, and those of the whole account. */
export const costRows = (watched: Watched): readonly Row[] => [
  row(5, monthly(watched), dailyCost(watched), byOperation(watched)),
];

const monthly = (watched: Watched) =>
  numbers(watched, {
    title: 'Secrets Manager calls in 30 days (USD)',
    period: 3600,
    metrics: [
      hidden(own(watched, 'SweepApiCalls', 'Sum'), 'sweepCalls'),
      hidden(own(watched, 'DailyCheckApiCalls'), 'dailyCalls'),
      formula(`TIME_SERIES(AVG(sweepCalls + dailyCalls) * ${HOURS_A_MONTH} * ${USD_A_CALL})`, {
        id: 'monitorUsd',
        label: 'The monitor',
      }),
      formula(SECRETS_MANAGER_CALLS, { id: 'calls', visible: false }),
      formula(`TIME_SERIES(AVG(SUM(calls)) * ${HOURS_A_MONTH} * ${USD_A_CALL})`, {
        id: 'usd',
        label: 'Whole account',
      }),
    ],
  });

const dailyCost = (watched: Watched) =>
  graph(watched, {
    title: 'Cost of all calls of the account (USD an hour)',
    period: 3600,
    metrics: [
      formula(SECRETS_MANAGER_CALLS, { id: 'calls', visible: false }),
      formula(`SUM(calls) * ${USD_A_CALL}`, { id: 'usd', label: 'USD', color: COLORS.blue }),
    ],
  });

const byOperation = (watched: Watched) =>
  bars(watched, {
    title: 'Calls of the account by operation',
    metrics: [formula(SECRETS_MANAGER_CALLS, { id: 'operations', label: dimensionValue('Resource') })],
  });
