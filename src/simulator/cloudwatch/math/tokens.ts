import { invalidFormula } from './invalid-formula.ts';

/** One word of a formula. */
export interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<name>[A-Za-z_]\w*)|(?<sign>&&|\|\||[=!<>]=|[-+*/^<>()[\],]))/y;

/** Other spellings of operators. */
const SPELLINGS: Readonly<Record<string, string>> = { '&&': 'AND', '||': 'OR' };

/** The words of a formula; fails with a ValidationError where there is none. */
export function tokensOf(formula: string): readonly Token[] {
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
  if (name !== undefined) return { kind: isOperator(name) ? 'sign' : 'name', text: name };
  return { kind: 'sign', text: SPELLINGS[sign ?? ''] ?? sign ?? '' };
}

const isOperator = (name: string): boolean => name === 'AND' || name === 'OR';
