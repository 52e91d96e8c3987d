import { GetRandomPasswordCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../../../src/simulator/call/random.ts';
import { getRandomPassword } from '../../../../../src/simulator/secrets-manager/read/random-password.ts';
import { clientOf, openAccount } from '../../open-account.ts';

const KINDS = {
  ExcludeLowercase: /[a-z]/,
  ExcludeUppercase: /[A-Z]/,
  ExcludeNumbers: /[0-9]/,
  ExcludePunctuation: /[!-/:-@[-`{-~]/,
};

const made = (seed: number, input: object): string => {
  const answer = getRandomPassword(seededRandom(seed), { ...input });
  return (answer as { RandomPassword: string }).RandomPassword;
};

test('a client that asks for nothing gets 32 characters of every kind, no space among them', async () => {
  const client = new SecretsManagerClient(clientOf(openAccount()));
  const { RandomPassword = '' } = await client.send(new GetRandomPasswordCommand({}));
  expect(RandomPassword).toMatch(/^[!-~]{32}$/);
  for (const kind of Object.values(KINDS)) expect(RandomPassword).toMatch(kind);
});

/** Requests that a caller may make, in any combination that leaves some characters over. */
const asked = fc
  .record({
    PasswordLength: fc.integer({ min: 5, max: 4096 }),
    ExcludeLowercase: fc.boolean(),
    ExcludeUppercase: fc.boolean(),
    ExcludeNumbers: fc.boolean(),
    ExcludePunctuation: fc.boolean(),
    IncludeSpace: fc.boolean(),
    RequireEachIncludedType: fc.boolean(),
    ExcludeCharacters: fc.string({ maxLength: 8 }).filter((text) => !text.includes(' ')),
  })
  .filter(({ IncludeSpace, ...rest }) =>
    [!IncludeSpace, rest.ExcludeLowercase, rest.ExcludeUppercase, rest.ExcludeNumbers].includes(false),
  );

const KIND_NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];

test('each parameter is obeyed, whatever the others are', () => {
  fc.assert(
    fc.property(fc.nat(), asked, (seed, input) => {
      const password = made(seed, input);
      expect(password).toHaveLength(input.PasswordLength);
      expect([...input.ExcludeCharacters].filter((each) => password.includes(each))).toEqual([]);
      expect(KIND_NAMES.filter((kind) => input[kind] && KINDS[kind].test(password))).toEqual([]);
      expect(input.IncludeSpace || !password.includes(' ')).toBe(true);
      const missing = KIND_NAMES.filter((kind) => !input[kind] && !KINDS[kind].test(password));
      const isComplete = missing.length === 0 && (!input.IncludeSpace || password.includes(' '));
      expect(isComplete || !input.RequireEachIncludedType).toBe(true);
    }),
  );
});

test('of four characters each kind has one', () => {
  for (let seed = 0; seed < 50; seed++) {
    const password = made(seed, { PasswordLength: 4 });
    for (const kind of Object.values(KINDS)) expect(password).toMatch(kind);
  }
});

test.each([
  ['fewer characters than kinds', { PasswordLength: 3 }, 'InvalidParameterException'],
  ['no characters at all', { PasswordLength: 0 }, 'ValidationException'],
  ['more than 4,096', { PasswordLength: 4097 }, 'ValidationException'],
  [
    'nothing left',
    {
      ExcludeLowercase: true,
      ExcludeUppercase: true,
      ExcludeNumbers: true,
      ExcludePunctuation: true,
    },
    'InvalidParameterException',
  ],
])('%s is refused', (_what, input, code) => {
  expect(() => made(1, input)).toThrow(expect.objectContaining({ code }));
});

test('fewer characters than kinds are given where not each is required', () => {
  expect(made(1, { PasswordLength: 1, RequireEachIncludedType: false })).toHaveLength(1);
});
