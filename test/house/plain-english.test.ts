import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { notPlain, proseOf, relativeDocs, textsIn } from '../support/plain-english.ts';

/** Most words of a sentence that is read at night, and of one that is read by day. */
const MOST_IN_MESSAGES = 25;
const MOST_IN_PAGES = 30;

const filesOf = (...patterns: readonly string[]): readonly string[] =>
  execFileSync('git', ['ls-files', ...patterns], { encoding: 'utf8' })
    .trim()
    .split('\n');

const MESSAGES = filesOf(
  'src/monitor/domain/**/*.ts',
  'src/monitor/application/**/*.ts',
  'src/monitor/observability/**/*.ts',
);
const HELP = filesOf('src/monitor/config/*.ts', 'src/cli/**/*.ts', 'infra/**/*.ts');
const PAGES = filesOf('README.md', 'SECURITY.md', 'docs/**/*.md', 'docs/*.md', 'decisions/README.md');

const SOURCES = filesOf('*.ts');

const read = (file: string): string => readFileSync(file, 'utf8');

test.each(MESSAGES)('what %s says is plain English', (file) => {
  expect(textsIn(read(file)).flatMap((text) => notPlain(text, MOST_IN_MESSAGES))).toEqual([]);
});

test.each(HELP)('what %s says is plain English, in sentences of a page', (file) => {
  expect(textsIn(read(file)).flatMap((text) => notPlain(text, MOST_IN_PAGES))).toEqual([]);
});

test.each(PAGES)('%s is plain English', (page) => {
  expect(notPlain(proseOf(read(page)), MOST_IN_PAGES)).toEqual([]);
});

test('doc comments begin with a noun or a verb, not with a relative clause', () => {
  expect(SOURCES.flatMap((file) => relativeDocs(read(file)).map((text) => `${file}: ${text}`))).toEqual([]);
});

test.each([
  ['/** What is left of it. */', ['What is left of it. */']],
  ['  /**\n   * How long it takes, in\n   * milliseconds.\n   */', ['How long it takes, in']],
  ["test.each(['src/**/*.ts'])('What %s does', check);", []],
  ['/** Whether it is open. */', []],
  ['/** The hours. */ // When nobody looks.', []],
])('a doc comment that begins with a relative clause is found: %s', (source, found) => {
  expect(relativeDocs(source)).toEqual(found);
});

test.each([
  'It is pending since 10:00.',
  'The value cannot be read any more.',
  'Nobody hears of it.',
  'Somebody took the label off.',
  `${'word '.repeat(MOST_IN_PAGES)}and one more.`,
])('a foreign sentence is found: %s', (text) => {
  expect(notPlain(text, MOST_IN_PAGES)).toHaveLength(1);
  expect(textsIn(`const a = '${text}';`)).toEqual([text]);
});
