import * as z from 'zod';
import type { Instant } from '../../../calendar/instant.ts';
import { AwsError } from '../../call/aws-error.ts';
import { readInput } from '../../call/input.ts';
import type { Operation } from '../../call/service.ts';
import {
  checkAmount,
  checkDimension,
  checkNamespace,
  checkSize,
  checkTime,
  invalidValue,
  MAX_DATA,
  MAX_DIMENSIONS,
  MAX_VALUES,
  refuseParameter,
} from './limits.ts';
import type { MetricStore, NewDatapoint } from './metric-store.ts';
import type { StatisticSet } from './series.ts';
import { statisticsOf, UNITS } from './statistics.ts';

const datum = z.object({
  MetricName: z.string().min(1).max(255),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  Timestamp: z.number().optional(),
  Value: z.unknown().optional(),
  Values: z.array(z.unknown()).optional(),
  Counts: z.array(z.unknown()).optional(),
  StatisticValues: z
    .object({ SampleCount: z.unknown(), Sum: z.unknown(), Minimum: z.unknown(), Maximum: z.unknown() })
    .optional(),
  Unit: z.enum(UNITS).default('None'),
});
const putting = z.object({ Namespace: z.string(), MetricData: z.array(datum).min(1) });

type Datum = z.infer<typeof datum>;

/** PutMetricData: the whole request is checked before anything is stored. */
export function putMetricData(store: MetricStore): Operation {
  return (input, { now }) => {
    const { Namespace, MetricData } = readInput(putting, input, refuseParameter);
    checkNamespace(Namespace);
    checkSize(MetricData.length, MAX_DATA, 'MetricData');
    const points = MetricData.map((each, index) =>
      toDatapoint(Namespace, each, `MetricData.member.${index + 1}`, now),
    );
    for (const point of points) store.add(point);
  };
}

function toDatapoint(namespace: string, given: Datum, parameter: string, now: Instant): NewDatapoint {
  const { MetricName, Dimensions, Timestamp, Unit } = given;
  checkSize(Dimensions.length, MAX_DIMENSIONS, `${parameter}.Dimensions`);
  for (const [index, { Name, Value }] of Dimensions.entries()) {
    checkDimension(Name, Value, `${parameter}.Dimensions.member.${index + 1}`);
  }
  const epochMs = Timestamp === undefined ? undefined : Timestamp * 1000;
  return {
    namespace,
    name: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
    unit: Unit,
    at: checkTime(epochMs, now, `${parameter}.Timestamp`),
    values: valuesOf(given, parameter),
  };
}

function valuesOf(given: Datum, parameter: string): StatisticSet {
  const { Value, Values, Counts, StatisticValues } = given;
  const forms = Object.entries({ Value, StatisticValues, Values }).filter(([, form]) => form !== undefined);
  const [first, second] = forms.map(([form]) => `${parameter}.${form}`);
  if (first === undefined) {
    const message = `At least one of the parameters ${parameter}.Value, ${parameter}.Values or ${parameter}.StatisticValues must be specified.`;
    throw new AwsError('InvalidParameterCombinationException', message);
  }
  if (second !== undefined) {
    const message = `The parameters ${first} and ${second} are mutually exclusive and you have specified both.`;
    throw new AwsError('InvalidParameterCombinationException', message);
  }
  if (StatisticValues !== undefined) return statisticSet(StatisticValues, `${parameter}.StatisticValues`);
  if (Values !== undefined) return weighted(Values, Counts, parameter);
  return statisticsOf([checkAmount(Value, `${parameter}.Value`)]);
}

function statisticSet(given: Exclude<Datum['StatisticValues'], undefined>, parameter: string): StatisticSet {
  const set = {
    sampleCount: checkAmount(given.SampleCount, `${parameter}.SampleCount`),
    sum: checkAmount(given.Sum, `${parameter}.Sum`),
    minimum: checkAmount(given.Minimum, `${parameter}.Minimum`),
    maximum: checkAmount(given.Maximum, `${parameter}.Maximum`),
  };
  if (set.minimum <= set.maximum && set.sampleCount > 0) return set;
  throw invalidValue(`The parameter ${parameter} is invalid: Minimum must not exceed Maximum.`);
}

function weighted(
  values: readonly unknown[],
  counts: readonly unknown[] | undefined,
  parameter: string,
): StatisticSet {
  checkSize(values.length, MAX_VALUES, `${parameter}.Values`);
  if (values.length === 0 || (counts !== undefined && counts.length !== values.length)) {
    const message = `The parameters ${parameter}.Values and ${parameter}.Counts must be of the same size.`;
    throw new AwsError('InvalidParameterCombinationException', message);
  }
  const amounts = values.map((value, index) => checkAmount(value, `${parameter}.Values.member.${index + 1}`));
  const weights = amounts.map((_, index) =>
    counts === undefined ? 1 : checkAmount(counts[index], `${parameter}.Counts.member.${index + 1}`),
  );
  return statisticsOf(amounts, weights);
}
