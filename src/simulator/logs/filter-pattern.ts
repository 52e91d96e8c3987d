import { AwsError } from '../call/aws-error.ts';

/**
 * Reads a filter pattern of terms: all plain terms have to be there, one of those with `?`, none of those with `-`.
 * Patterns for JSON, for columns and regular expressions are refused.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) throw invalidPattern();
  const terms = [...text.matchAll(TERM)];
  if (
    terms
      .map(([whole]) => whole)
      .join('')
      .replaceAll(/\s/g, '') !== text.replaceAll(/\s/g, '')
  ) {
    throw invalidPattern();
  }
  const of = (sign: string): readonly string[] =>
    terms.flatMap(([, found = '', quoted, plain]) =>
      found === sign ? [unescaped(quoted) ?? plain ?? ''] : [],
    );
  const [wanted, optional, excluded] = [of(''), of('?'), of('-')];
  return (message) =>
    wanted.every((term) => message.includes(term)) &&
    (optional.length === 0 || wanted.length > 0 || optional.some((term) => message.includes(term))) &&
    !excluded.some((term) => message.includes(term));
}

/** A term: its sign, then a quoted text or one of letters, digits and underscores. */
const TERM = /([?-]?)(?:"((?:\\.|[^"\\])*)"|([\w]+))\s*/g;

const unescaped = (quoted: string | undefined): string | undefined => quoted?.replaceAll(/\\(.)/g, '$1');

const invalidPattern = (): AwsError => new AwsError('InvalidParameterException', 'Invalid filter pattern');
