import { runDrill } from '../../src/proving/drill/run-drill.ts';
import { DEFAULT_SCENARIO } from '../../src/proving/scenario/default-scenario.ts';
import { checkScenario } from '../../src/proving/scenario/read-scenario.ts';
import type { Email } from '../../src/simulator/sns/delivery.ts';

/** By then the first alert of the default scenario has ended. */
const DAYS = 11;

/** Plays the default scenario until its first alert has ended, as `npm start` does, and answers what is to be shown of it. */
export async function sampleAlert(): Promise<string> {
  const mails: Email[] = [];
  await runDrill({ ...checkScenario(DEFAULT_SCENARIO), days: DAYS }, (item) => {
    if (item.kind === 'mail') mails.push(item.email);
  });
  return sampleOf(mails);
}

/** The first e-mail of a drill and the one that ends its alert, as Markdown. */
export function sampleOf(mails: readonly Email[]): string {
  const [first] = mails;
  const last = mails.find(({ attributes }) => attributes['transition'] === 'resolved');
  if (first === undefined || last === undefined) throw new Error('No alert of the drill has ended');
  return [mailText(first), 'Once these commands are followed, the drill goes on with:', mailText(last)].join(
    '\n\n',
  );
}

const mailText = ({ subject, message }: Email): string =>
  ['```text', `Subject: ${subject}`, '', message.trimEnd(), '```'].join('\n');
