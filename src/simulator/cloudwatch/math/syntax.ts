/** A formula of metric math, taken apart. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** The id of a query, or a word such as DESC. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly members: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'negation'; readonly of: Expression }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** An operator between two operands; `AND` and `OR` stand for `&&` and `||`, too. */
export type Operator = keyof typeof PRECEDENCE;

/** Binding strength of operators; a higher one binds more tightly. */
export const PRECEDENCE = {
  OR: 1,
  AND: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '^': 6,
} as const;
