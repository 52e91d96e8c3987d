import { invalidFormula } from './invalid-formula.ts';

/**
 * Takes a formula apart; fails with a ValidationError.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function parseFormula(formula: string): Expression {
  const parser = new Parser(formula);
  const expression = parser.expression(0);
  parser.end();
  return expression;
}

class Parser {
  readonly #formula: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(formula: string) {
    this.#formula = formula;
    this.#tokens = tokensOf(formula);
  }

  /** An expression whose operators bind more tightly than `precedence`. */
  expression(precedence: number): Expression {
    let left = this.#operand();
    for (;;) {
      const operator = this.#operator();
      if (operator === undefined || PRECEDENCE[operator] <= precedence) return left;
      this.#next += 1;
      left = { kind: 'operation', operator, left, right: this.expression(PRECEDENCE[operator]) };
    }
  }

  end(): void {
    if (this.#next < this.#tokens.length) throw this.#unexpected();
  }

  #operator(): Operator | undefined {
    const token = this.#tokens[this.#next];
    return token?.kind === 'sign' && isOperator(token.text) ? token.text : undefined;
  }

  #operand(): Expression {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw invalidFormula(this.#formula, 'it ends too early');
    this.#next += 1;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'text':
        return { kind: 'text', value: token.text };
      case 'name':
        return this.#takes('(')
          ? { kind: 'call', name: token.text, args: this.#listUntil(')') }
          : { kind: 'name', name: token.text };
      case 'sign':
        return this.#signed(token);
    }
  }

  #signed({ text }: Token): Expression {
    if (text === '-') return { kind: 'negation', of: this.expression(PRECEDENCE['*']) };
    if (text === '[') return { kind: 'list', members: this.#listUntil(']') };
    if (text !== '(') {
      this.#next -= 1;
      throw this.#unexpected();
    }
    const inner = this.expression(0);
    if (!this.#takes(')')) throw this.#unexpected();
    return inner;
  }

  #listUntil(close: string): readonly Expression[] {
    const members: Expression[] = [];
    if (this.#takes(close)) return members;
    do members.push(this.expression(0));
    while (this.#takes(','));
    if (!this.#takes(close)) throw this.#unexpected();
    return members;
  }

  /** Goes past the sign if it comes next. */
  #takes(sign: string): boolean {
    const token = this.#tokens[this.#next];
    const found = token?.kind === 'sign' && token.text === sign;
    if (found) this.#next += 1;
    return found;
  }

  #unexpected(): Error {
    const token = this.#tokens[this.#next];
    return invalidFormula(
      this.#formula,
      token === undefined ? 'it ends too early' : `"${token.text}" is not expected there`,
    );
  }
}

const isOperator = (text: string): text is Operator => Object.hasOwn(PRECEDENCE, text);

/** One word of a formula. */
interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<name>[A-Za-z_]\w*)|(?<sign>&&|\|\||[=!<>]=|[-+*/^<>()[\],]))/y;

/** Other spellings of operators. */
const SPELLINGS: Readonly<Record<string, string>> = { '&&': 'AND', '||': 'OR' };

/** The words of a formula; fails with a ValidationError where there is none. */
function tokensOf(formula: string): readonly Token[] {
  const tokens: Token[] = [];
  const text = formula.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null) throw invalidFormula(formula, 'it has a character that no formula has');
    tokens.push(tokenOf(found.groups ?? {}));
  }
  return tokens;
}

function tokenOf({ number, single, double, name, sign }: Record<string, string | undefined>): Token {
  if (number !== undefined) return { kind: 'number', text: number };
  const quoted = single ?? double;
  if (quoted !== undefined) return { kind: 'text', text: quoted };
  if (name !== undefined) return { kind: isWordSign(name) ? 'sign' : 'name', text: name };
  return { kind: 'sign', text: SPELLINGS[sign ?? ''] ?? sign ?? '' };
}

const isWordSign = (name: string): boolean => name === 'AND' || name === 'OR';

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
const PRECEDENCE = {
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
