import { type FormulaContext, FUNCTIONS } from './functions.ts';
import { operate } from './operators.ts';
import type { Expression } from './syntax.ts';
import { eachSeries, scalar, seriesIn, several, type Value, withPoints } from './value.ts';

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
