/** Ends of ARNs that chance chose, ids and receipts: what two services can never answer alike. */
const CHANCE: readonly (readonly [RegExp, string])[] = [
  [/-[A-Za-z0-9]{6}$(?<=:secret:.*)/, '-??????'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, 'an id'],
  [/\b\d{12}\b/g, '111122223333'],
  [/https?:\/\/[^/\s]+/g, 'http://endpoint'],
];

/** Members whose text is chance, a time or a token. */
const ANY: readonly string[] = [
  'MD5OfBody',
  'NextToken',
  'RandomPassword',
  'ReceiptHandle',
  'Signature',
  'SigningCertURL',
  'Timestamp',
  'UnsubscribeURL',
  'UserId',
];
/** Versions that nobody named. */
const KNOWN = /^(?<digit>\d)\k<digit>{7}-/;

/** An answer without what differs from run to run: dates, ids and the ends of ARNs. */
export function normal(value: unknown, member = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => normal(each, member));
  if (typeof value === 'string') return ANY.includes(member) ? `a ${member}` : normalText(value, member);
  if (typeof value !== 'object' || value === null) return value;
  if ('date' in value) return `a date, ${daysFromNow(value.date)} days from now`;
  const entries = Object.entries(value).map(
    ([key, each]) => [String(normalText(key)), normal(each, key)] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function normalText(text: string, member = ''): unknown {
  if (member === 'Body' && text.startsWith('{')) return normal(JSON.parse(text));
  return KNOWN.test(text)
    ? text
    : CHANCE.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
}

const DAY_MS = 86_400_000;

/** Whole days between now and a date, which is in seconds or as text. */
function daysFromNow(date: unknown): number {
  const ms = typeof date === 'number' ? date * 1000 : Date.parse(String(date));
  return Math.round((ms - Date.now()) / DAY_MS) + 0;
}

/** An answer without these members, however deep they are. */
export const without =
  (...members: readonly string[]) =>
  (answer: unknown): unknown => {
    if (Array.isArray(answer)) return answer.map(without(...members));
    if (typeof answer !== 'object' || answer === null) return answer;
    const kept = Object.entries(answer).filter(([member]) => !members.includes(member));
    return Object.fromEntries(kept.map(([member, value]) => [member, without(...members)(value)]));
  };
