import type { Input } from '../../call/service.ts';
import { invalidMember } from '../store/errors.ts';
import { readObjects, readTexts, requireText } from '../store/read-input.ts';
import type { Secret, SecretState } from '../store/secret.ts';

/** Decides whether a list shows a secret in the state that the list knows of it. */
export type SecretFilter = (secret: Secret, state: SecretState) => boolean;

type Matcher = (secret: Secret, state: SecretState, value: string) => boolean;

const prefixes =
  (texts: (secret: Secret, state: SecretState) => readonly (string | undefined)[]): Matcher =>
  (secret, state, value) =>
    texts(secret, state).some((text) => text?.startsWith(value));

const allWords: Matcher = ({ name }, state, value) => {
  const tags = state.tags.flatMap(({ Key, Value }) => [Key, Value]);
  const texts = [name, state.description, state.owningService, state.primaryRegion, ...tags];
  return hasWords(texts, value);
};

/** Whether every word of a value begins a word of the texts, in whatever case. */
function hasWords(texts: readonly (string | undefined)[], value: string): boolean {
  const searched = texts.flatMap((text) => words(text ?? ''));
  return words(value).every((word) => searched.some((text) => text.startsWith(word)));
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html */
const MATCHERS: Readonly<Record<string, Matcher>> = {
  all: allWords,
  description: (_, { description }, value) => hasWords([description], value),
  name: prefixes(({ name }) => [name]),
  'tag-key': prefixes((_, { tags }) => tags.map(({ Key }) => Key)),
  'tag-value': prefixes((_, { tags }) => tags.map(({ Value }) => Value)),
  'primary-region': prefixes((_, { primaryRegion }) => [primaryRegion]),
  'owning-service': prefixes((_, { owningService }) => [owningService]),
};

/** The Filters of a request: all must hold; of one filter's values any, and none of those after `!`. */
export function readFilters(input: Input): SecretFilter {
  const filters = readObjects(input, 'Filters') ?? [];
  if (filters.length > 10)
    throw invalidMember('filters', filters.length, 'have length less than or equal to 10');
  const holds = filters.map(readFilter);
  return (secret, state) => holds.every((hold) => hold(secret, state));
}

function readFilter(filter: Input): SecretFilter {
  const key = requireText(filter, 'Key');
  const values = readTexts(filter, 'Values') ?? [];
  const matches = Object.hasOwn(MATCHERS, key) ? MATCHERS[key] : undefined;
  if (matches === undefined) {
    throw invalidMember('filters.1.member.key', key, `satisfy enum value set: [${Object.keys(MATCHERS)}]`);
  }
  if (values.length < 1 || values.length > 10) {
    throw invalidMember('filters.1.member.values', values, 'have length between 1 and 10');
  }
  const wanted = values.filter((value) => !value.startsWith('!'));
  const unwanted = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1));
  return (secret, state) =>
    (wanted.length === 0 || wanted.some((value) => matches(secret, state, value))) &&
    !unwanted.some((value) => matches(secret, state, value));
}

/** Words of a text; `camelCase` is two of them, as recorded against AWS. */
const words = (text: string): readonly string[] =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
