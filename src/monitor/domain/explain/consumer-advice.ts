import type { Advice } from '../finding/finding.ts';
import * as command from './commands.ts';
import type { Situation } from './situation.ts';

/** What to do about consumers that ask for AWSPREVIOUS. */
export const previousVersionAdvice = ({ facts: { secret } }: Situation): readonly Advice[] => [
  {
    text: 'See which version was requested on which day.',
    commands: [command.listVersions(secret)],
  },
  {
    text: 'Find out who asked for it: CloudTrail shows each request with its caller and the version or stage it named.',
    commands: [command.lookUpCalls(secret)],
  },
  {
    text: 'Let it ask without naming a version or a stage, which gives AWSCURRENT, before the next rotation.',
    commands: [],
  },
];

/** What to do about consumers that have not confirmed a new version. */
export const unconfirmedAdvice = ({ facts: { secret } }: Situation): readonly Advice[] => [
  {
    text: 'Let the consumers named above read the secret anew; restart them if they do not.',
    commands: [],
  },
  {
    text: 'Check that the events for applications reach them, and that what they hold is the version in use.',
    commands: [command.describeSecret(secret)],
  },
];
