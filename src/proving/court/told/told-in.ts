import { formatInstant } from '../../../calendar/instant.ts';
import type { Email } from '../../../simulator/sns/delivery.ts';
import type { ToldAlert } from './told-alert.ts';

/** A secret that an e-mail names; in a list each has a severity, and a code of its own where the codes differ. */
interface Named {
  readonly name: string;
  readonly code?: string | undefined;
  readonly severity?: string | undefined;
}

/** Finds the ARN of a secret by its name; undefined for a word that is no secret. */
export type FindArn = (name: string) => string | undefined;

const REASONS: Readonly<Record<string, string>> = {
  opened: 'first',
  rose: 'severity-rose',
  repeated: 'repeat-interval',
  escalated: 'unacknowledged',
};

/** Returns the alerts of an e-mail, one entry for each secret that it names. */
export function toldIn(email: Email, findArn: FindArn): readonly ToldAlert[] {
  const { subject, message: text, attributes } = email;
  const { transition = '' } = attributes;
  const code = firstValue(attributes['code']);
  const severity = firstValue(attributes['severity']);
  const listed = listedIn(text, findArn);
  return (listed.length > 0 ? listed : [theOneIn(email, findArn)]).map((named) => ({
    secretName: named.name,
    secretArn: findArn(named.name) ?? named.name,
    code: named.code ?? code,
    severity: named.severity ?? severity,
    transition,
    reason: attributes['digest'] === 'weekly' ? 'weekly-digest' : (REASONS[transition] ?? transition),
    at: formatInstant(email.at),
    subject,
    text,
  }));
}

/** A message about several alerts has its attributes as lists of JSON. */
function firstValue(attribute = ''): string {
  const [first] = attribute.startsWith('[') ? (JSON.parse(attribute) as readonly string[]) : [attribute];
  return first ?? '';
}

/** The secrets at the beginnings of lines, as lists and resolved messages name them. */
function listedIn(message: string, findArn: FindArn): readonly Named[] {
  const named = new Map<string, Named>();
  let code: string | undefined;
  for (const line of message.split('\n')) {
    [, code = code] = /^([a-z][a-z-]+): \d+$/.exec(line) ?? [];
    const [, name] = /^(?:- )?(\S+?)(?::| \()/.exec(line) ?? [];
    if (name === undefined || findArn(name) === undefined) continue;
    const [, severity] = / \(([A-Z]+), since /.exec(line) ?? [];
    const [, own = code] = /\): ([a-z][a-z-]+)$/.exec(line) ?? [];
    named.set(`${name} ${own}`, { name, code: own, severity });
  }
  return [...named.values()];
}

/** The secret of an e-mail about one: by the ARN in its text, else by its subject. */
function theOneIn({ message, subject }: Email, findArn: FindArn): Named {
  const [, arn] = /^Secret: (\S+)$/m.exec(message) ?? [];
  const [, named = subject] = /^\[\w+\] (.+?): [a-z-]+(?: \(.*\))?$/.exec(subject) ?? [];
  const [, byArn = named] = /:secret:(.+)-[A-Za-z0-9]{6}$/.exec(arn ?? '') ?? [];
  return { name: findArn(byArn) === undefined ? named : byArn };
}

/** One thing to do, as an e-mail numbers it. */
export interface AdvisedStep {
  readonly text: string;
  readonly commands: readonly string[];
}

/** Returns the steps that an e-mail advises, in order. */
export function adviceIn(message: string): readonly AdvisedStep[] {
  const [, ...after] = message.split('\nWHAT TO DO\n');
  const lines = (after[0] ?? '').split('\n');
  const end = lines.indexOf('');
  const steps: { text: string; commands: string[] }[] = [];
  for (const line of end < 0 ? lines : lines.slice(0, end)) {
    const [, text] = /^\d+\. (.*)$/.exec(line) ?? [];
    if (text !== undefined) steps.push({ text, commands: [] });
    else steps.at(-1)?.commands.push(line.trim());
  }
  return steps;
}
