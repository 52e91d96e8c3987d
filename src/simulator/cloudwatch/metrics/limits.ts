import { DAY, HOUR, type Instant, instant } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import type { RefuseInput } from '../../call/input.ts';

/** Most dimensions of a metric. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
export const MAX_DIMENSIONS = 30;
/** Most metrics of one PutMetricData. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
export const MAX_DATA = 1000;
/** Most unique values of one metric in one PutMetricData. */
export const MAX_VALUES = 150;
/** Largest amount of a value: 2 to the power of 360. */
const MAX_AMOUNT: number = 2 ** 360;
/** Datapoints may lie so far back. */
const MAX_PAST: number = 14 * DAY;
/** Datapoints may lie so far ahead. */
const MAX_FUTURE: number = 2 * HOUR;

/** CloudWatch's way to refuse a value; parameters are named as the query protocol names them. */
export const invalidValue = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message);

/** CloudWatch's way to refuse a parameter that is missing or of the wrong form. */
export const refuseParameter: RefuseInput = (member, reason) =>
  invalidValue(`The parameter ${member} is invalid: ${reason}`);

/** Fails unless the value is a number that CloudWatch takes. */
export function checkAmount(value: unknown, parameter: string): number {
  if (typeof value === 'number' && Math.abs(value) <= MAX_AMOUNT) return value;
  throw invalidValue(`The value ${String(value)} for parameter ${parameter} is invalid.`);
}

/** Fails unless the name is one that CloudWatch takes as a namespace of one's own. */
export function checkNamespace(namespace: string): void {
  if (/^(?!AWS\/)[\w.\-/# ]{1,255}$/.test(namespace)) return;
  throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
}

/** Fails unless name and value are ASCII without control characters, of 255 and 1,024 characters at most. */
export function checkDimension(name: string, value: string, parameter: string): void {
  if (!/^(?!:)[ -~]{1,255}$/.test(name)) {
    throw invalidValue(`The value ${name} for parameter ${parameter}.Name is invalid.`);
  }
  if (!/^[ -~]{1,1024}$/.test(value) || value.trim() === '') {
    throw invalidValue(`The value ${value} for parameter ${parameter}.Value is invalid.`);
  }
}

/** Fails unless the collection has at most `limit` members. */
export function checkSize(size: number, limit: number, parameter: string): void {
  if (size <= limit) return;
  throw invalidValue(`The collection ${parameter} must not have a size greater than ${limit}.`);
}

/** The time of a datapoint: `epochMs`, `now` when it has none; fails outside of what CloudWatch takes. */
export function checkTime(epochMs: number | undefined, now: Instant, parameter: string): Instant {
  if (epochMs === undefined) return now;
  if (epochMs < now - MAX_PAST) {
    throw invalidValue(`The parameter ${parameter} must specify a time within the past two weeks.`);
  }
  if (epochMs > now + MAX_FUTURE) {
    throw invalidValue(
      `The parameter ${parameter} must specify a time no more than two hours in the future.`,
    );
  }
  return instant(epochMs);
}
