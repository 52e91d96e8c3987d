import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SETTINGS } from '../../src/monitor/config/settings.ts';

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));

/** Sources of the monitor, without the table of settings itself. */
const READERS: readonly string[] = ['adapters', 'application', 'compose', 'domain', 'handlers'].flatMap(
  (layer) => sourcesIn(join('src/monitor', layer)),
);

/** A field is read where it is named, but where an interface or a table of kinds declares it. */
const isRead = (field: string, sources: readonly string[]): boolean =>
  sources.some((source) => new RegExp(`(?<!readonly )\\b${field}\\b(?!: ')`).test(source));

test('every setting is read by something', () => {
  expect(Object.keys(SETTINGS).filter((field) => !isRead(field, READERS))).toEqual([]);
});

test('a setting that is only declared counts as unread', () => {
  expect(isRead('lostMs', ['interface Config {\n  readonly lostMs: number;\n}'])).toBe(false);
  expect(isRead('lostMs', ["const KINDS = { lostMs: 'duration' };"])).toBe(false);
  expect(isRead('keptMs', ['const { keptMs } = config;'])).toBe(true);
  expect(isRead('keptMs', ['wait(config.keptMs)'])).toBe(true);
});

test('a setting that is so or not so is a boolean', () => {
  const words = Object.values(SETTINGS).flatMap(({ key, kind }) =>
    ['yes', 'no', 'true', 'false'].some(
      (word) => /^one of /.test(kind.expected) && kind.expected.includes(word),
    )
      ? [key]
      : [],
  );
  expect(words).toEqual([]);
});
