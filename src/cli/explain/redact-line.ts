import { shownLine } from '../../monitor/domain/shown.ts';

/** Longest line that is shown. */
const LONGEST_LINE = 300;
const REDACTED = '<redacted>';

/** Values behind the name of a credential, in `name=value`, `name: value` and JSON; a line may end within one. */
const NAMED =
  /((?:[\w-]*(?:pass(?:word|wd|phrase)?|pwd|secret[_-]?(?:string|value|key|access)|token|api[_-]?key|private[_-]?key|credential|authorization|auth))["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*\\?(?:"|$)|'(?:[^'\\]|\\.)*\\?(?:'|$)|[^\s,;&}\]]+(?:\s+(?<=bearer\s)\S+)?)/gi;
/** User and password in an address. */
const IN_URL = /(:\/\/)[^\s/@]+@/g;
/** Access keys of AWS. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const ACCESS_KEY = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;
/** Words of a length and mixture that names do not have; ids of versions and requests, and ARNs, are left alone. */
const WORD = /(?<![\w/:.-])[A-Za-z0-9+/=_!@#$%^&*~-]{16,}(?![\w])/g;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns a line of a log as people may see it: bounded, without what steers a terminal, and without what may be a credential. */
export const redactLine = (line: string): string => {
  const text = line
    .slice(0, 10 * LONGEST_LINE)
    .replaceAll(NAMED, (_all, name: string) => `${name}${REDACTED}`)
    .replaceAll(IN_URL, (_all, slashes: string) => `${slashes}${REDACTED}@`)
    .replaceAll(ACCESS_KEY, REDACTED)
    .replaceAll(WORD, (word) => (isCredentialLike(word) ? REDACTED : word));
  return shownLine(text).slice(0, LONGEST_LINE);
};

/** Whether a word mixes letters of both cases and digits, as made passwords do. */
const isCredentialLike = (word: string): boolean =>
  !ID.test(word) &&
  /[a-z]/.test(word) &&
  /[A-Z]/.test(word) &&
  /\d/.test(word) &&
  !/^\d{4}-\d\d-\d\dT/.test(word);
