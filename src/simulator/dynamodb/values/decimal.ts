import { refusal } from './refusal.ts';

/** A number as DynamoDB keeps it: `coefficient` × 10^-`scale`; the coefficient ends in no zero. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly scale: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_DIGITS = 38;
/** Numbers lie between 1E-130 and 9.99…E+125, or between the same with a minus, or are zero. */
const EXPONENTS = { least: -130, most: 125 } as const;

const FORM = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<part>\d*))?(?:[eE](?<exponent>[+-]?\d{1,6}))?$/;

/** Reads a number; refuses what is none, and what is too large, too small or too precise. */
export function readDecimal(text: string): Decimal {
  const { sign, whole = '', part = '', exponent = '0' } = FORM.exec(text)?.groups ?? {};
  if (`${whole}${part}` === '') {
    throw refusal(`The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text}`}`);
  }
  const digits = BigInt(`${whole}${part}`);
  return checked(normal(sign === '-' ? -digits : digits, part.length - Number(exponent)));
}

/** Returns a number as DynamoDB answers it: all digits, no exponent. */
export function showDecimal({ coefficient, scale }: Decimal): string {
  const digits = String(coefficient < 0n ? -coefficient : coefficient);
  const sign = coefficient < 0n ? '-' : '';
  if (scale <= 0) return `${sign}${digits}${'0'.repeat(-scale)}`;
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** The sum of two numbers in their written form; with `-1` as `sign`, the difference. */
export function sum(left: string, right: string, sign: 1n | -1n = 1n): string {
  const [a, b] = [readDecimal(left), readDecimal(right)];
  const scale = Math.max(a.scale, b.scale);
  return showDecimal(checked(normal(atScale(a, scale) + sign * atScale(b, scale), scale)));
}

/** Below 0 when `left` is the smaller number, 0 when they are equal. */
export function compareNumbers(left: string, right: string): number {
  const [a, b] = [readDecimal(left), readDecimal(right)];
  const scale = Math.max(a.scale, b.scale);
  const difference = atScale(a, scale) - atScale(b, scale);
  return difference < 0n ? -1 : Number(difference > 0n);
}

const atScale = ({ coefficient, scale }: Decimal, wanted: number): bigint =>
  coefficient * 10n ** BigInt(wanted - scale);

function normal(coefficient: bigint, scale: number): Decimal {
  if (coefficient === 0n) return { coefficient, scale: 0 };
  const zeros = /0*$/.exec(String(coefficient))?.[0].length ?? 0;
  return { coefficient: coefficient / 10n ** BigInt(zeros), scale: scale - zeros };
}

function checked(number: Decimal): Decimal {
  const { coefficient, scale } = number;
  const digits = String(coefficient).replace('-', '').length;
  const exponent = digits - 1 - scale;
  if (exponent > EXPONENTS.most) throw refusal(outOfRange('overflow', 'larger'));
  if (exponent < EXPONENTS.least) throw refusal(outOfRange('underflow', 'smaller'));
  if (digits > MAX_DIGITS) {
    throw refusal('Attempting to store more than 38 significant digits in a Number');
  }
  return number;
}

const outOfRange = (kind: string, side: string): string =>
  `Number ${kind}. Attempting to store a number with magnitude ${side} than supported range`;
