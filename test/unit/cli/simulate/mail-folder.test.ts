import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mailFolder } from '../../../../src/cli/simulate/mail-folder.ts';
import { NOW } from '../../../support/builders.ts';

const MAIL = { at: NOW, address: 'oncall@example.com', subject: '[HIGH] prod/db: stuck', message: 'Look.' };

test('e-mails that cannot be kept stop nothing, and the first of them is reported', () => {
  const path = mkdtempSync(join(tmpdir(), 'inbox-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const lost: string[] = [];
  const folder = mailFolder(path, ({ message }) => void lost.push(message));
  folder.keep(MAIL);
  expect(readdirSync(path)).toEqual(['0001-HIGH-prod-db-stuck.txt']);
  rmSync(path, { recursive: true });
  folder.keep(MAIL);
  folder.keep(MAIL);
  expect(lost).toEqual([expect.stringContaining('ENOENT')]);
});
