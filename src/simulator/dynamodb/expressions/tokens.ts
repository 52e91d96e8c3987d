/** A mistake in an expression; the operation adds in which one. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

const TOKEN =
  /\s*(?:(?<name>[A-Za-z_]\w*)|(?<placeholder>[#:]\w+)|(?<number>\d+)|(?<symbol><>|<=|>=|[=<>()[\].,+-])|(?<other>\S))/gy;

/** One word of an expression; the empty text stands behind the last one. */
export interface Token {
  readonly kind: 'name' | 'placeholder' | 'number' | 'symbol' | 'other' | 'end';
  readonly text: string;
}

const END: Token = { kind: 'end', text: '<EOF>' };

/** Programs write the same few expressions again and again; what a test makes up stays bounded. */
const READ_MAX = 1000;
const read = new Map<string, readonly Token[]>();

function tokensOf(expression: string): readonly Token[] {
  const known = read.get(expression);
  if (known !== undefined) return known;
  const tokens = [...expression.matchAll(TOKEN)].flatMap(({ groups = {} }) =>
    Object.entries(groups).flatMap(([kind, text]) =>
      text === undefined ? [] : [{ kind: kind as Token['kind'], text }],
    ),
  );
  if (read.size >= READ_MAX) read.clear();
  read.set(expression, tokens);
  return tokens;
}

/** The words of an expression, read one after the other. */
export class Tokens {
  readonly #all: readonly Token[];
  #at = 0;

  constructor(expression: string) {
    this.#all = tokensOf(expression);
    if (this.#all.length === 0) throw new ExpressionError('The expression can not be empty;');
  }

  /** The word that comes next, or the one `ahead` of it. */
  peek(ahead = 0): Token {
    return this.#all[this.#at + ahead] ?? END;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  /** Takes the next word if it is this symbol, or this keyword however it is written. */
  take(text: string): boolean {
    const { kind, text: found } = this.peek();
    const taken = (kind === 'symbol' || kind === 'name') && found.toUpperCase() === text;
    if (taken) this.#at += 1;
    return taken;
  }

  /** Takes the next word, which must be this one. */
  expect(text: string): void {
    if (!this.take(text)) throw this.fault();
  }

  /** Nothing may follow. */
  end(): void {
    if (this.peek().kind !== 'end') throw this.fault();
  }

  /** Returns the error that the next word cannot stand at its place. */
  fault(): ExpressionError {
    const near = [-1, 0, 1].map((ahead) => this.peek(ahead)).filter((token) => token !== END);
    const text = near.map((token) => token.text).join(' ');
    return new ExpressionError(`Syntax error; token: "${this.peek().text}", near: "${text}"`);
  }
}
