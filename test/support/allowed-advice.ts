const COMMAND = /^ *(aws .+)$/gm;

const isRemoval = (command: string): boolean => /AWSPENDING --remove-from-version-id/.test(command);
const isPromotion = (command: string): boolean =>
  command.includes('"finishSecret"') || /--version-stage AWSCURRENT/.test(command);

/** The step that RotationFailed named last, as the message itself says. */
const stepIn = (text: string): string | undefined => /the last step named is (\w+)/.exec(text)?.[1];

/** What a message advises although it must not, by rules that share nothing with the advice: empty when all is well. */
export function forbiddenIn(text: string): readonly string[] {
  const commands = [...text.matchAll(COMMAND)].map(([, command = '']) => command);
  return RULES.filter(({ breaks }) => breaks(text, commands)).map(({ rule }) => rule);
}

interface Rule {
  readonly rule: string;
  readonly breaks: (text: string, commands: readonly string[]) => boolean;
}

const RULES: readonly Rule[] = [
  {
    rule: 'no value is read, written or made up',
    breaks: (text) =>
      /get-secret-value|batch-get|get-random-password|put-secret-value|update-secret /.test(text),
  },
  {
    rule: 'nothing is cancelled or deleted',
    breaks: (_text, commands) => commands.some((command) => /cancel-rotate|delete-/.test(command)),
  },
  {
    rule: 'a version is promoted only after testSecret or finishSecret failed',
    breaks: (text, commands) =>
      commands.some(isPromotion) && !['testSecret', 'finishSecret'].includes(stepIn(text) ?? ''),
  },
  {
    rule: 'a version is promoted only after the function has tested it',
    breaks: (_text, commands) => {
      const promoted = commands.findIndex(isPromotion);
      const proven = commands.findIndex((command) => command.includes('"testSecret"'));
      return promoted >= 0 && (proven < 0 || proven > promoted);
    },
  },
  {
    rule: 'AWSCURRENT goes to the pending version and nowhere else',
    breaks: (text, commands) => {
      const pending = /AWSPENDING on version ([\w-]+)/.exec(text)?.[1];
      return commands
        .filter((command) => /--version-stage AWSCURRENT/.test(command))
        .some((command) => pending === undefined || !command.includes(`--move-to-version-id ${pending}`));
    },
  },
  {
    rule: 'AWSPENDING is taken off only before setSecret or after AWSCURRENT was proven to log in',
    breaks: (text, commands) =>
      commands.some(isRemoval) && !/setSecret had not begun|prove that AWSCURRENT still logs in/i.test(text),
  },
  {
    rule: 'the labels and logs of a managed rotation are left alone',
    breaks: (text, commands) =>
      text.includes('The rotation is managed by') &&
      commands.some((command) => /update-secret-version-stage|lambda|aws logs|rotate-secret/.test(command)),
  },
];
