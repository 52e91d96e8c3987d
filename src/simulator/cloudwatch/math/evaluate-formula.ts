import { type FormulaContext, FUNCTIONS } from './functions.ts';
import type { Expression, Operator } from './syntax.ts';
import {
  eachSeries,
  scalar,
  seriesIn,
  several,
  single,
  type TimeSeries,
  timesOf,
  type Value,
  withPoints,
} from './value.ts';

/** Works out a formula; fails with a ValidationError. */
export function evaluateFormula(expression: Expression, context: FormulaContext): Value {
  const evaluate = (part: Expression): Value => evaluateFormula(part, context);
  switch (expression.kind) {
    case 'number':
      return scalar(expression.value);
    case 'text':
      throw context.refuse('a text stands where a value should');
    case 'name':
      return context.query(expression.name);
    case 'list':
      return several(expression.members.flatMap((member) => seriesIn(evaluate(member))));
    case 'negation':
      return negated(evaluate(expression.of));
    case 'operation':
      return operate(expression.operator, evaluate(expression.left), evaluate(expression.right));
    case 'call': {
      const called = FUNCTIONS[expression.name];
      if (called === undefined) throw context.refuse(`the simulator has no function ${expression.name}`);
      return called(expression.args, context, evaluate);
    }
  }
}

const negated = (value: Value): Value =>
  value.kind === 'scalar'
    ? scalar(-value.value)
    : eachSeries(value, (series) =>
        withPoints(
          series,
          [...series.points].map(([at, each]) => [at, -each] as const),
        ),
      );

/** Results of operators on two numbers; true is 1 and false is 0. */
const OPERATIONS: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
};

/**
 * Joins two values. A value missing in one of two series counts as 0; a division by 0 drops the datapoint.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function operate(operator: Operator, left: Value, right: Value): Value {
  const operation = OPERATIONS[operator];
  if (left.kind === 'scalar' && right.kind === 'scalar') return scalar(operation(left.value, right.value));
  if (left.kind === 'scalar')
    return eachSeries(
      right,
      mapped((value) => operation(left.value, value)),
    );
  if (right.kind === 'scalar')
    return eachSeries(
      left,
      mapped((value) => operation(value, right.value)),
    );
  if (left.kind === 'series' && right.kind === 'series') {
    return single(joined(operation, left.series, right.series));
  }
  const [lefts, rights] = [membersOf(left, right), membersOf(right, left)];
  return several(
    lefts.flatMap((series, index) => {
      const other = rights[index];
      return other === undefined ? [] : [joined(operation, series, other)];
    }),
  );
}

const mapped =
  (change: (value: number) => number) =>
  (series: TimeSeries): TimeSeries =>
    withPoints(
      series,
      [...series.points].map(([at, value]) => [at, change(value)] as const),
    );

const joined = (
  operation: (a: number, b: number) => number,
  left: TimeSeries,
  right: TimeSeries,
): TimeSeries =>
  withPoints(
    left,
    timesOf([left, right]).map(
      (at) => [at, operation(left.points.get(at) ?? 0, right.points.get(at) ?? 0)] as const,
    ),
  );

/** The members of a value; a single series is repeated for every member of the other. */
function membersOf(value: Value, other: Value): readonly TimeSeries[] {
  if (value.kind === 'array') return value.members;
  if (value.kind === 'scalar') return [];
  return other.kind === 'array' ? other.members.map(() => value.series) : [value.series];
}
