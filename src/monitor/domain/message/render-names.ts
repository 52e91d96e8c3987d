import { formatInstant, type Instant } from '../../../calendar/instant.ts';
import { amount, plural } from '../../../calendar/plural.ts';
import type { Names } from '../alert/group.ts';
import type { Unnamed } from '../alert/group-record.ts';
import { graver, type Severity } from '../finding/finding.ts';
import { shown } from '../shown.ts';
import { secretsConsoleUrl } from './console-url.ts';
import type { ChatMessage } from './message.ts';
import { lines } from './render-digest.ts';

/** Writes the message that names further secrets of a crowd, of which earlier ones gave the number. Pure. */
export function renderNames(unnamed: Unnamed, names: Names, at: Instant): ChatMessage {
  const { account, region, owner, rotationFunctionArn } = shown(unnamed);
  const { listed, crowd, left, othersFollow } = shown(names);
  const codes = [...new Set(listed.map(({ code }) => code))];
  const severities = [...new Set(listed.map(({ severity }) => severity))];
  const severity = severities.reduce<Severity>(graver, 'INFORMATIONAL');
  const behind = rotationFunctionArn === undefined ? '' : ` behind ${rotationFunctionArn}`;
  const [code, ...otherCodes] = codes;
  const subject = `[${severity}] ${amount(listed.length)} of ${plural(crowd, 'secret')} by name: ${codes.slice(0, 3).join(', ')}`;
  const what = `An earlier message reported ${plural(crowd, 'secret')}${behind} and named some of them. This one names ${plural(listed.length, 'other')}.`;
  return {
    subject,
    text: [
      what,
      '',
      'SECRETS',
      ...lines(listed, otherCodes.length > 0),
      ...(othersFollow ? [`… and ${amount(left)} more. Later messages name them.`] : []),
      '',
      `Account ${account}, region ${region}, ${formatInstant(at)}`,
    ].join('\n'),
    severity,
    attributes: {
      account,
      region,
      severity: severities,
      code: otherCodes.length === 0 && code !== undefined ? code : codes,
      transition: 'opened',
      ...(owner === undefined ? {} : { owner }),
    },
    chat: {
      title: subject,
      code: code ?? 'secrets',
      transition: 'opened',
      severity,
      account,
      region,
      what: [what, ...lines(listed, otherCodes.length > 0)],
      risk: undefined,
      since: undefined,
      at,
      step: undefined,
      advice: [],
      links: [{ label: 'Console', url: secretsConsoleUrl({ partition: undefined, region }, undefined) }],
      threadId: ['crowd', account, region, rotationFunctionArn ?? ''].join('#'),
    },
  };
}
