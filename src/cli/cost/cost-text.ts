import { formatInstant, type Instant } from '../../calendar/instant.ts';
import { printable } from '../terminal/output.ts';
import { wrapped } from '../terminal/wrap.ts';
import {
  type AccountReport,
  type CostReport,
  callsCost,
  type SavingReport,
  trailCost,
} from './cost-report.ts';
import type { MonitorMonth } from './monitor-month.ts';
import { costOf } from './prices.ts';

/** The answer as people read it. */
export const costText = (report: CostReport, columns: number): string =>
  [...(report.kind === 'saving' ? savingBlocks(report) : accountBlocks(report)), PRICES_ARE]
    .map((block) => (typeof block === 'string' ? wrapped(block, columns).join('\n') : block.join('\n')))
    .join('\n\n')
    .concat('\n');

/** A paragraph, or lines that stay as they are. */
type Block = string | readonly string[];

const PRICES_ARE =
  'Prices are those of us-east-1, without free tier and tax. docs/cost.md says how each figure comes about.';

function savingBlocks({ reading, saved: { direct, cache, agent } }: SavingReport): readonly Block[] {
  const { callsPerHour, processes, ttlSeconds, hours } = reading;
  const { least, most } = agent;
  return [
    `One secret, read ${count(callsPerHour)} times an hour for ${count(hours)} hours. Processes: ${count(processes)}. Time to live of the cache: ${count(ttlSeconds)} s.`,
    columnsOf([
      ['', 'calls', 'USD', 'second trail, USD'],
      ['without a cache', count(direct), ...amounts(direct)],
      ['with a cache, at most', count(cache), ...amounts(cache)],
      ['with an agent, at least', count(least), ...amounts(least)],
      ['with an agent, at most', count(most), ...amounts(most)],
    ]),
    'A cache asks once in its time to live, in each process. An agent asks whether the version has changed, and for the value if it has. For an agent, count machines as processes.',
  ];
}

function accountBlocks({ region, month, monitor }: AccountReport): readonly Block[] {
  const { from, to, operations, secrets } = month;
  const calls = operations.reduce((sum, each) => sum + each.calls, 0);
  return [
    `Calls to Secrets Manager in ${region} from ${day(from)} to ${day(to)}, whoever made them, as AWS/Usage counts them.`,
    columnsOf([
      ['operation', 'calls', 'USD', 'second trail, USD'],
      ...operations.map((each) => [printable(each.operation), count(each.calls), ...amounts(each.calls)]),
      ['in all', count(calls), ...amounts(calls)],
    ]),
    secrets === undefined
      ? 'AWS has not counted the secrets of this region in the last two days. Name their number with --secrets.'
      : `The secrets themselves: ${count(secrets)} × ${usd(costOf('secret', 1))} USD = ${usd(costOf('secret', secrets))} USD a month.`,
    ...(monitor === undefined ? [] : monitorBlocks(monitor)),
  ];
}

const monitorBlocks = ({
  secrets,
  services,
  total,
  dashboards,
  secondTrail,
}: MonitorMonth): readonly Block[] => [
  `The monitor, with a canary, a sweep every 5 minutes and ${count(secrets)} secrets, of which one in a hundred is stuck:`,
  columnsOf([
    ['service', 'USD a month'],
    ...services.map((each) => [each.service, usd(each.usd)]),
    ['in all', usd(total)],
  ]),
  `Its dashboards cost ${usd(dashboards)} USD besides, its own calls in a second trail ${usd(secondTrail)} USD.`,
];

const amounts = (calls: number): readonly string[] => [usd(callsCost(calls)), usd(trailCost(calls))];

/** Left-aligned names, right-aligned figures. */
function columnsOf(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map(([name = '', ...figures]) =>
    [
      '  ',
      name.padEnd(widths[0] ?? 0),
      ...figures.map((figure, index) => `  ${figure.padStart(widths[index + 1] ?? 0)}`),
    ].join(''),
  );
}

const day = (at: Instant): string => formatInstant(at).slice(0, 10);
const count = (value: number): string => value.toLocaleString('en-US');
const usd = (amount: number): string =>
  amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
