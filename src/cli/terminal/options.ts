import { type Command, InvalidArgumentError, type Option } from 'commander';
import {
  DAY,
  HOUR,
  type Instant,
  MINUTE,
  parseDuration,
  parseInstant,
  SECOND,
} from '../../calendar/instant.ts';
import * as kind from '../../monitor/config/setting-kind.ts';
import { SEVERITIES, type Severity } from '../../monitor/domain/finding/finding.ts';
import { parseIsoDuration } from '../../proving/scenario/schema.ts';

/** From which severity on findings make a command fail. */
export type FailOn = Severity | 'NONE';

/** Reads the text of an option; fails with what was expected, which commander prints for the operator. */
export type OptionParser<T> = (text: string) => T;

/** Makes a parser that fails with what was expected. */
export function reading<T>(expected: string, parse: (text: string) => T | undefined): OptionParser<T> {
  return (text) => {
    const value = parse(text);
    if (value === undefined) throw new InvalidArgumentError(`Expected ${expected}.`);
    return value;
  };
}

/** A point in time, in ISO 8601 with a zone. */
export const instantOption: OptionParser<Instant> = reading(
  'a time with a zone such as 2026-11-21T10:00:00Z',
  parseInstant,
);

/** An AWS region. */
export const regionOption: OptionParser<string> = reading(
  `${kind.region.expected} such as eu-west-1`,
  kind.region.parse,
);

/** The role to assume. */
export const roleOption: OptionParser<string> = reading(kind.roleArn.expected, kind.roleArn.parse);

/** An account, by its number. */
export const accountOption: OptionParser<string> = reading(kind.accountId.expected, kind.accountId.parse);

/** Several AWS regions, with commas between them. */
export const regionsOption: OptionParser<readonly string[]> = reading(
  'regions such as eu-west-1,us-east-1',
  (text) => {
    const regions = text.split(',').map((each) => kind.region.parse(each.trim()));
    const known = regions.filter((each) => each !== undefined);
    return known.length === regions.length ? [...new Set(known)] : undefined;
  },
);

/** A duration of at least five seconds, in milliseconds. */
export const durationOption: OptionParser<number> = reading(
  'a duration from 5s such as 30s or 5m',
  (text) => {
    const ms = parseDuration(text) ?? 0;
    return ms >= 5 * SECOND ? ms : undefined;
  },
);

/** Number of repairs in a minute or an hour, as the pause between two in milliseconds. */
export const rateOption: OptionParser<number> = reading('a rate such as 5/min or 20/h', (text) => {
  const [, count = '0', unit] = /^([1-9]\d{0,2})\/(min|h)$/.exec(text) ?? [];
  return unit === undefined ? undefined : Math.ceil((unit === 'min' ? MINUTE : HOUR) / Number(count));
});

/** Duration of an acknowledgement, as the function reads it. */
export const ackDurationOption: OptionParser<string> = reading('a duration up to 7d such as 4h', (text) => {
  const ms = parseDuration(text) ?? 0;
  return ms > 0 && ms <= 7 * DAY ? text : undefined;
});

/** A severity; upper and lower case alike. */
export const severityOption: OptionParser<Severity> = reading(`one of ${SEVERITIES.join(', ')}`, (text) =>
  SEVERITIES.find((severity) => severity === text.toUpperCase()),
);

/** Parses the URL of an endpoint that speaks the API of AWS. */
export const urlOption: OptionParser<string> = reading(kind.url.expected, kind.url.parse);

/** A TCP port; 0 stands for any free one. */
export const portOption: OptionParser<number> = reading('a port from 0 to 65535', (text) =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined,
);

/** A severity, or `none` for never failing; upper and lower case alike. */
export const failOnOption: OptionParser<FailOn> = reading(`one of ${SEVERITIES.join(', ')}, none`, (text) => {
  const level = text.toUpperCase();
  return level === 'NONE' ? level : SEVERITIES.find((severity) => severity === level);
});

/** Parses a part of a timeline, in milliseconds; written as the timeline writes it. */
export const isoDurationOption: OptionParser<number> = reading(
  'a duration of days and less such as P14DT6H',
  (text) => parseIsoDuration(text) || undefined,
);

/** Parses the length of a drill, in days. */
export const daysOption: OptionParser<number> = reading('days from 1 to 3660', (text) => {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return days >= 1 && days <= 3660 ? days : undefined;
});

/** Parses a number of simulated hours in a second. */
export const hoursOption: OptionParser<number> = reading('hours from 1 to 1000', (text) => {
  const hours = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return hours >= 1 && hours <= 1000 ? hours : undefined;
});

/** Parses an amount or a frequency. */
export const amountOption: OptionParser<number> = reading('a number above 0', (text) => {
  const amount = /^\d{1,9}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  return amount > 0 ? amount : undefined;
});

/** Parses the seed of all chance in a run. */
export const seedOption: OptionParser<number> = reading('a whole number from 0', (text) =>
  /^\d{1,9}$/.test(text) ? Number(text) : undefined,
);

/** A rotation function that runs elsewhere. */
export interface FunctionAddress {
  readonly name: string;
  /** Address of the Lambda Runtime Interface Emulator. */
  readonly url: string;
}

/** `NAME=URL`, as often as it is given; a name that comes again replaces the one before. */
export function functionOption(
  text: string,
  before: readonly FunctionAddress[] = [],
): readonly FunctionAddress[] {
  const [, name, address = ''] = /^([A-Za-z0-9-_]{1,64})=(.+)$/.exec(text) ?? [];
  const url = kind.url.parse(address);
  if (name === undefined || url === undefined) {
    throw new InvalidArgumentError('Expected NAME=URL, such as rotate-orders=http://127.0.0.1:9000.');
  }
  return [...before.filter((each) => each.name !== name), { name, url }];
}

/** Ends the command when one of some options was given without the one that gives it a meaning. */
export function needing(command: Command, needed: string, dependent: readonly string[]): void {
  const given = command.opts<Readonly<Record<string, unknown>>>();
  const idle = dependent.filter((name) => given[name] !== undefined && given[needed] === undefined);
  if (idle.length === 0) return;
  command.error(`option '${idle.map(flagOf).join("', '")}' means nothing without '${flagOf(needed)}'`);
}

/** The name that is typed of an option that commander names in one word. */
const flagOf = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Options of which one rules out all of some others. */
export const rulingOut = (options: readonly Option[], others: readonly string[]): readonly Option[] =>
  options.map((option) => option.conflicts([...others]));
