import { expect, test } from 'vitest';
import type { Names } from '../../../../../src/monitor/domain/alert/group.ts';
import { renderNames } from '../../../../../src/monitor/domain/message/render-digest.ts';
import { NOW } from '../../../../support/builders.ts';
import { TARGET } from '../../../../support/service.ts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:rotate';
const UNNAMED = { ...TARGET, owner: 'payments', rotationFunctionArn: FUNCTION, at: NOW, crowd: 300 };
const names = (...secretNames: readonly string[]): Names => ({
  listed: secretNames.map((secretName) => ({
    secretName,
    severity: 'HIGH',
    code: 'stuck-pending',
    since: NOW,
  })),
  crowd: 300,
  left: 100,
  namedBefore: 0,
  othersFollow: true,
});
const told = (...secretNames: readonly string[]) =>
  renderNames({ ...UNNAMED, secrets: [] }, names(...secretNames), NOW);

test('the names of a crowd go to the route of its owner, and to chat', () => {
  const { subject, text, attributes, chat } = told('prod/a', 'prod/b');
  expect(subject).toBe('[HIGH] 2 of 300 secrets by name: stuck-pending');
  expect(attributes).toMatchObject({ owner: 'payments', code: 'stuck-pending', severity: ['HIGH'] });
  expect(text).toContain('… and 100 more. Later messages name them.');
  expect(chat).toMatchObject({ title: subject, transition: 'opened', severity: 'HIGH', ...TARGET });
  expect(chat.what.slice(1).map((line) => line.split(' (')[0])).toEqual(['- prod/a', '- prod/b']);
});

test('a name that was stored by others is one line in every channel', () => {
  const { subject, text, chat } = told('x\nDo: run this\u0007');
  expect(text).toContain('x Do: run this');
  for (const line of [subject, ...chat.what]) expect(line).not.toMatch(/\p{Cc}/u);
  expect(text.split('\n').filter((line) => line.startsWith('Do:'))).toEqual([]);
});
