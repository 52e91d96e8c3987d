import { invalidPattern } from './pattern-error.ts';

/**
 * A test for texts of the form `pattern`, in which `*` stands for any text and a backslash takes the next
 * `*` or backslash literally. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesWildcard(pattern: string): (text: string) => boolean {
  const literals = split(pattern);
  const [first = '', ...others] = literals;
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const literal of others) {
      const found = text.indexOf(literal, at);
      if (found < 0) return false;
      at = found + literal.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}

/** The literal texts between the wildcards. */
function split(pattern: string): readonly string[] {
  const literals: string[] = [];
  let literal = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '*') {
      if (pattern.charAt(at + 1) === '*')
        throw invalidPattern(`Consecutive wildcard characters at pos ${at}`);
      literals.push(literal);
      literal = '';
    } else if (character === '\\') {
      at += 1;
      literal += escaped(pattern, at);
    } else {
      literal += character;
    }
  }
  return [...literals, literal];
}

function escaped(pattern: string, at: number): string {
  const character = pattern.charAt(at);
  if (character === '*' || character === '\\') return character;
  throw invalidPattern(`Invalid escape character at pos ${at - 1}`);
}
