import { runDrill } from '../../src/proving/drill/run-drill.ts';
import { DEFAULT_SCENARIO } from '../../src/proving/scenario/default-scenario.ts';
import { checkScenario } from '../../src/proving/scenario/read-scenario.ts';
import type { Email } from '../../src/simulator/sns/delivery.ts';

/** The first e-mail of `npm start` and the one that ends its alert, as Markdown. */
export async function sampleAlert(): Promise<string> {
  const [first, last] = await firstLife();
  return [mailText(first), 'Once these commands are followed, the drill goes on with:', mailText(last)].join(
    '\n\n',
  );
}

/** By then the first alert of the default scenario has ended. */
const DAYS = 11;

/** Plays the default scenario until its first alert has ended, as `npm start` does. */
async function firstLife(): Promise<readonly [Email, Email]> {
  const mails: Email[] = [];
  await runDrill({ ...checkScenario(DEFAULT_SCENARIO), days: DAYS }, (item) => {
    if (item.kind === 'mail') mails.push(item.email);
  });
  const last = mails.find(({ attributes }) => attributes['transition'] === 'resolved');
  if (mails[0] === undefined || last === undefined)
    throw new Error(`No alert of the default scenario ends within ${DAYS} days`);
  return [mails[0], last];
}

const mailText = ({ subject, message }: Email): string =>
  ['```text', `Subject: ${subject}`, '', message.trimEnd(), '```'].join('\n');
