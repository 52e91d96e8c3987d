import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  commentsIn,
  longWinded,
  notPlain,
  proseOf,
  relativeDocs,
  textsIn,
} from '../support/plain-english.ts';

/** Most words of a sentence that is read at night, and of one that is read by day. */
const MOST_IN_MESSAGES = 25;
const MOST_IN_PAGES = 30;
/** Most words of a page's sentence as a whole, where colons and semicolons divide it. */
const MOST_IN_ALL = 40;

const filesOf = (...patterns: readonly string[]): readonly string[] =>
  execFileSync('git', ['ls-files', ...patterns], { encoding: 'utf8' })
    .trim()
    .split('\n');

const MESSAGES = filesOf(
  'src/monitor/domain/**/*.ts',
  'src/monitor/application/**/*.ts',
  'src/monitor/observability/**/*.ts',
);
/** The simulator speaks in the words of AWS, and the codes of the court are no sentences. */
const HELP = filesOf(
  'src',
  'client/src',
  'infra',
  'scripts',
  'bench',
  'peers',
  ':!*.json',
  ':!src/proving/court',
  ':!src/simulator',
).filter((file) => file.endsWith('.ts') && !MESSAGES.includes(file));
const PAGES = filesOf('*.md');

const SOURCES = filesOf('*.ts');

const read = (file: string): string => readFileSync(file, 'utf8');

test.each(MESSAGES)('what %s says is plain English', (file) => {
  expect(textsIn(read(file)).flatMap((text) => notPlain(text, MOST_IN_MESSAGES))).toEqual([]);
});

test.each(HELP)('what %s says is plain English, in sentences of a page', (file) => {
  expect(textsIn(read(file)).flatMap((text) => notPlain(text, MOST_IN_PAGES))).toEqual([]);
});

test.each(PAGES)('%s is plain English', (page) => {
  const prose = proseOf(read(page));
  expect([...notPlain(prose, MOST_IN_PAGES), ...longWinded(prose, MOST_IN_ALL)]).toEqual([]);
});

test('comments are plain English', () => {
  const faults = SOURCES.flatMap((file) =>
    commentsIn(read(file)).flatMap((text) => notPlain(text, Infinity).map((fault) => `${file}: ${fault}`)),
  );
  expect(faults).toEqual([]);
});

test('doc comments begin with a noun or a verb', () => {
  expect(SOURCES.flatMap((file) => relativeDocs(read(file)).map((text) => `${file}: ${text}`))).toEqual([]);
});

test.each([
  ['/** What is left of it. */', ['What is left of it. */']],
  ['  /**\n   * How long it takes, in\n   * milliseconds.\n   */', ['How long it takes, in']],
  ["test.each(['src/**/*.ts'])('What %s does', check);", []],
  ['/** As often as it is due. */', ['As often as it is due. */']],
  ['/** Whether it is open. */', []],
  ['/** The hours. */ // When nobody looks.', []],
])('a doc comment that begins with a relative clause is found: %s', (source, found) => {
  expect(relativeDocs(source)).toEqual(found);
});

test.each([
  ['Nobody was told.', 1],
  ['It is judged\n * anew.', 1],
  ['The code `anew` is left out.', 0],
])('a foreign comment is found: %j', (text, found) => {
  expect(commentsIn(`/** ${text} */`).flatMap((each) => notPlain(each, Infinity))).toHaveLength(found);
  expect(commentsIn(`'${text}'`)).toEqual([]);
});

test(`a sentence of more than ${MOST_IN_ALL} words is found, whatever divides it`, () => {
  const half = 'word '.repeat(MOST_IN_ALL / 2).trim();
  expect(longWinded(`${half}; ${half}.`, MOST_IN_ALL)).toEqual([]);
  expect(longWinded(`${half}; one ${half}.`, MOST_IN_ALL)).toHaveLength(1);
  expect(longWinded(`${half}. One ${half}.`, MOST_IN_ALL)).toEqual([]);
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
