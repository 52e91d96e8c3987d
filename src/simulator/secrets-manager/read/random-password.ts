import type { Random } from '../../call/random.ts';
import type { Input } from '../../call/service.ts';
import { invalidMember, invalidParameter } from '../store/errors.ts';
import { readFlag, readNumber, readText } from '../store/read-input.ts';

/** Kinds of characters, and the member that leaves each out. */
const KINDS: readonly (readonly [characters: string, excludedBy: string])[] = [
  ['abcdefghijklmnopqrstuvwxyz', 'ExcludeLowercase'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'ExcludeUppercase'],
  ['0123456789', 'ExcludeNumbers'],
  ['!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', 'ExcludePunctuation'],
];

const USUAL_LENGTH = 32;
const LONGEST = 4096;

/**
 * GetRandomPassword: characters of every kind that is not left out, at least one of each by default.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export function getRandomPassword(random: Random, input: Input): unknown {
  const length = readNumber(input, 'PasswordLength', 1, LONGEST) ?? USUAL_LENGTH;
  const excluded = readText(input, 'ExcludeCharacters') ?? '';
  if (excluded.length > LONGEST) {
    throw invalidMember('excludeCharacters', excluded.length, `have length less than or equal to ${LONGEST}`);
  }
  const kinds = KINDS.filter(([, member]) => readFlag(input, member) !== true).map(
    ([characters]) => characters,
  );
  if (readFlag(input, 'IncludeSpace') === true) kinds.push(' ');
  const left = kinds
    .map((characters) => [...characters].filter((each) => !excluded.includes(each)).join(''))
    .filter((characters) => characters !== '');
  if (left.length === 0) throw invalidParameter('No characters are left that the password could consist of.');
  const requires = readFlag(input, 'RequireEachIncludedType') ?? true;
  if (requires && length < left.length) {
    throw invalidParameter('The password length is too short based on the required types.');
  }
  return { RandomPassword: drawnPassword(random, { length, kinds: left, requires }) };
}

interface Wanted {
  readonly length: number;
  readonly kinds: readonly string[];
  readonly requires: boolean;
}

function drawnPassword(random: Random, { length, kinds, requires }: Wanted): string {
  const all = kinds.join('');
  const drawn = (from: string): string => from[random.below(from.length)] ?? '';
  const characters = Array.from({ length }, () => drawn(all));
  if (!requires) return characters.join('');
  const places = new Set<number>();
  for (const kind of kinds) {
    let place = random.below(length);
    while (places.has(place)) place = (place + 1) % length;
    places.add(place);
    characters[place] = drawn(kind);
  }
  return characters.join('');
}
