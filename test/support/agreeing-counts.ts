const NOUNS =
  'secret|alert|finding|consumer|notification|message|event|invocation|error|throttle|step|rotation|call|suspect|replica|sweep|run|verdict|day|command|other|subscription|mail';

/** A count of one with a noun in the plural, or any other count with a noun in the singular. */
const DISAGREEING = [
  new RegExp(`(?<![\\w.,:-])1 (?:(?:more|other|earlier|RotationFailed) )?(?:${NOUNS})s\\b`, 'g'),
  new RegExp(
    `(?<![\\w.,:-])(?!1 )\\d[\\d,]* (?:(?:more|other|earlier|RotationFailed) )?(?:${NOUNS})(?![\\w-]| secrets)`,
    'g',
  ),
];

/** The counts in a text that do not agree with their nouns. */
export const disagreeing = (text: string): readonly string[] =>
  DISAGREEING.flatMap((pattern) => [...text.matchAll(pattern)].map(([found]) => found));
