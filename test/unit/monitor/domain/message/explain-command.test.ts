import { expect, test } from 'vitest';
import { slackBody } from '../../../../../src/monitor/adapters/slack/blocks.ts';
import { grouped } from '../../../../../src/monitor/domain/alert/group.ts';
import type { Notification } from '../../../../../src/monitor/domain/alert/notification.ts';
import { explainCommand } from '../../../../../src/monitor/domain/message/explain-command.ts';
import { openAlertsHtml } from '../../../../../src/monitor/domain/message/open-alerts-html.ts';
import { renderMessage } from '../../../../../src/monitor/domain/message/render-message.ts';
import { aNotification } from '../../../../support/alerts.ts';

const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/orders/db-AbCdEf';
const COMMAND = `rotation-monitor explain ${secretArn} --region eu-west-1`;

function rendered(...notifications: readonly Notification[]) {
  const [group] = grouped(notifications);
  if (group === undefined) throw new Error('Nothing to render');
  return renderMessage(group, { runbookBaseUrl: undefined });
}

test('explainCommand names the secret and its region, and nothing for what is no secret', () => {
  expect(explainCommand({ secretArn, region: 'eu-west-1' })).toBe(COMMAND);
  expect(explainCommand({ secretArn: 'target#111122223333#eu-west-1', region: 'eu-west-1' })).toBeUndefined();
});

test('it is the first command of a mail and of a Slack message', () => {
  const { text, chat } = rendered(aNotification({}));
  const [first] = text.match(/(rotation-monitor|aws) .*/) ?? [];
  expect(first).toBe(COMMAND);
  const blocks = JSON.stringify(slackBody(chat).blocks);
  expect(blocks.indexOf(COMMAND)).toBeGreaterThan(0);
  expect(blocks.indexOf('aws ')).toBeGreaterThan(blocks.indexOf(COMMAND));
});

test('it leads what a row of the widget says to do', () => {
  const { transition: _transition, ...about } = aNotification({});
  const alert = {
    ...about,
    subject: secretArn,
    name: 'prod/orders/db',
    since: about.at,
    what: 'It is stuck.',
    risk: undefined,
    logs: undefined,
    doNow: 'Read the log.',
    command: 'aws logs tail',
  };
  const html = openAlertsHtml({
    alerts: [alert],
    more: 0,
    now: about.at,
    runbookBaseUrl: undefined,
    acknowledgeFunctionArn: undefined,
  });
  const places = [COMMAND, 'Read the log.', 'aws logs tail'].map((text) => html.indexOf(text));
  expect(places[0]).toBeGreaterThan(0);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test('what is over needs no explanation', () => {
  expect(rendered(aNotification({ transition: 'resolved' })).chat.explain).toBeUndefined();
});
