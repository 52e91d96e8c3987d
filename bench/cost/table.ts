import { PRICES } from '../../src/cli/cost/prices.ts';
import { type Bill, bill } from './bill.ts';
import {
  FURTHER_TARGET_USD,
  firstTargetCost,
  furtherTargetCost,
  type MeasuredDays,
  SMALL_TARGET,
  smallTargetCost,
  targetOf,
} from './budget.ts';
import { PEERS } from './peers.ts';
import { callsOf, type DayUsage, used } from './usage.ts';

/** A line that is less at every size is shown with others as one. */
const SMALL_USD = 0.02;

/** The results in Markdown, as `bench/README.md` holds them. */
export function costTables(days: MeasuredDays): string {
  const sizes = days.alone.map(({ secrets }) => `N = ${secrets.toLocaleString('en-US')}`);
  const head = (first: string, ...more: readonly string[]) => [first, ...sizes, ...more];
  return [
    table(head('counted in the day', ''), countRows(days)),
    table(head('USD a month', 'price'), billRows(days)),
    `A further account or region of 1,000 secrets adds ${cents(furtherTargetCost(days))} USD a month (at most ${cents(FURTHER_TARGET_USD)}), one of ${SMALL_TARGET} secrets ${cents(smallTargetCost(days))}; the first one adds ${cents(firstTargetCost())} once for metrics and alarms about them.`,
    table(head('other ways', 'how it comes about'), peerRows(days)),
  ].join('\n\n');
}

const COUNTED: readonly (readonly [string, (usage: DayUsage) => number])[] = [
  ['sweeps', ({ functions }) => functions['sweep']?.invocations ?? 0],
  ['rotations', ({ rotations }) => rotations],
  ['alerts open', ({ alertsOpen }) => alertsOpen],
  ['e-mails', ({ emails }) => emails],
  ['invocations of functions', (usage) => used(usage, ({ invocations }) => invocations)],
  ['calls to Secrets Manager', (usage) => callsOf(usage, /^secretsmanager:/)],
  ['write request units of the table', ({ dynamoDb }) => dynamoDb.writes],
  ['read request units of the table', ({ dynamoDb }) => dynamoDb.reads],
  ['hours of metrics', ({ metricHours }) => metricHours],
  ['bytes in the log', ({ log }) => log.bytes],
];

const countRows = ({ alone }: MeasuredDays): readonly (readonly string[])[] =>
  COUNTED.map(([what, count]) => [what, ...alone.map((usage) => count(usage).toLocaleString('en-US')), '']);

function billRows({ alone }: MeasuredDays): readonly (readonly string[])[] {
  const bills = alone.map((usage) => bill(usage));
  const names = bills[0]?.lines.map(({ what }) => what) ?? [];
  const amount = (each: Bill, what: string): number =>
    each.lines.find((line) => line.what === what)?.usd ?? 0;
  const isSmall = (what: string): boolean => bills.every((each) => amount(each, what) < SMALL_USD);
  const small = names.filter(isSmall);
  return [
    ...names
      .filter((what) => !isSmall(what))
      .map((what) => [what, ...bills.map((each) => cents(amount(each, what))), priceOf(bills, what)]),
    [
      `${small.length} smaller lines together`,
      ...bills.map((each) => cents(small.reduce((sum, what) => sum + amount(each, what), 0))),
      '',
    ],
    ['**in all**', ...bills.map(({ total }) => `**${cents(total)}**`), ''],
    ['target', ...alone.map(({ secrets }) => cents(targetOf(secrets))), ''],
    [
      'kept',
      ...bills.map(({ total }, index) => (total <= targetOf(alone[index]?.secrets ?? 0) ? 'yes' : 'no')),
      '',
    ],
    ['dashboards, beside', ...bills.map(({ dashboards }) => cents(dashboards)), '3 a dashboard'],
    [
      'its own calls in a second copy of a trail, beside',
      ...bills.map(({ secondTrail }) => cents(secondTrail)),
      '2 for 100,000 management events',
    ],
    ['if functions took twice as long', ...bills.map((each) => cents(each.total + timeOf(each))), ''],
  ];
}

/** Returns the cost of the functions' time. */
const timeOf = ({ lines }: Bill): number =>
  lines.reduce((sum, { price, usd }) => (price === 'lambdaGbSeconds' ? sum + usd : sum), 0);

function priceOf(bills: readonly Bill[], what: string): string {
  const found = bills[0]?.lines.find((line) => line.what === what);
  if (found === undefined) return '';
  const { usd, per, unit } = PRICES[found.price];
  return per === 1 ? `${usd} × ${unit}` : `${usd} for ${per.toLocaleString('en-US')} ${unit}`;
}

const peerRows = ({ alone }: MeasuredDays): readonly (readonly string[])[] =>
  PEERS.map(({ name, formula, source, usd }) => [
    `[${name}](${source})`,
    ...alone.map(({ secrets }) => cents(usd(secrets))),
    formula,
  ]);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 || column === head.length - 1 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const cents = (amount: number): string =>
  amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
