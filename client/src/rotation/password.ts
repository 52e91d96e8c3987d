import { randomInt } from 'node:crypto';

/** Length and characters of a generated password. */
export interface PasswordRules {
  /** @default 32 */
  readonly length?: number | undefined;
  /** Sets of characters; at least one of each is in the password. @default lower case, upper case, digits, punctuation */
  readonly classes?: readonly string[] | undefined;
  /** Characters that are left out. @default `:/@"'\` and space, as AWS's functions for databases do */
  readonly exclude?: string | undefined;
}

const CLASSES = [
  'abcdefghijklmnopqrstuvwxyz',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '0123456789',
  '!#$%&()*+,-.;<=>?[]^_`{|}~',
];

/**
 * Characters that AWS's functions for databases leave out.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_available-rotation-templates.html
 */
export const EXCLUDED = ':/@"\'\\ ';

/**
 * Makes a password from the system's cryptographic chance.
 *
 * @throws {RangeError} The rules leave nothing to choose from, or the length is no whole number.
 */
export function generatePassword(rules: PasswordRules = {}): string {
  const { length = 32, classes = CLASSES, exclude = EXCLUDED } = rules;
  const allowed = classes.map((characters) => [...characters].filter((one) => !exclude.includes(one)));
  const all = [...new Set(allowed.flat())];
  if (!Number.isInteger(length))
    throw new RangeError(`Cannot make a password as length must be a whole number: got ${length}`);
  if (allowed.some((characters) => characters.length === 0) || all.length < 2 || length < allowed.length)
    throw new RangeError(`Cannot make a password of ${length} characters from ${allowed.length} classes`);
  const pick = (characters: readonly string[]) => characters[randomInt(characters.length)] ?? '';
  const password = [
    ...allowed.map(pick),
    ...Array.from({ length: length - allowed.length }, () => pick(all)),
  ];
  for (let last = password.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [password[last], password[other]] = [password[other] ?? '', password[last] ?? ''];
  }
  return password.join('');
}
