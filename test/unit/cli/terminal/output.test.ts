import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import {
  askedOn,
  colorsFor,
  printable,
  printableJson,
  processTerminal,
  textStream,
} from '../../../../src/cli/terminal/output.ts';
import { aTerminal } from '../../../support/terminal.ts';

const red = (options: Parameters<typeof aTerminal>[0]): string => {
  const { stdout, environment } = aTerminal(options);
  return colorsFor(stdout, environment).red('x');
};

test('colorsFor colours for a person who watches', () => {
  expect(red({ isTTY: true })).toBe('\u001B[31mx\u001B[39m');
});

test('colorsFor leaves text alone in a pipe, on a dumb terminal and where NO_COLOR says so', () => {
  expect(red({})).toBe('x');
  expect(red({ isTTY: true, environment: { TERM: 'dumb' } })).toBe('x');
  expect(red({ isTTY: true, environment: { NO_COLOR: '1' } })).toBe('x');
});

test('printable lets nothing through that steers a terminal', () => {
  expect(printable('a\u001B[2Jb\r\n\u009Bc')).toBe('a[2Jb c');
  expect(printable('prod/über–db')).toBe('prod/über–db');
});

test('JSON for programs keeps every text as it is, and escapes what is not seen', () => {
  const value = { a: ['x\n\u202Ey', '\u{E0041}'], b: 'über 日本 😀' };
  const text = printableJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text).toContain('über 日本 😀');
});

test('a stream is drained once its reader has kept up, and not before', async () => {
  const pieces: (() => void)[] = [];
  const slow = new Writable({
    highWaterMark: 4,
    write: (_piece, _encoding, taken) => void pieces.push(taken),
  });
  const stream = textStream(slow);
  stream.write('ab');
  await stream.drained();
  stream.write('cdef');
  let isDrained = false;
  const drained = stream.drained().then(() => {
    isDrained = true;
  });
  await Promise.resolve();
  expect(isDrained).toBe(false);
  while (pieces.length > 0) {
    pieces.shift()?.();
    await new Promise(setImmediate);
  }
  await drained;
  expect(isDrained).toBe(true);
});

test('Ctrl-C reaches all that wait for it, and is left to the process where nobody does', async () => {
  const terminal = processTerminal();
  expect(terminal.interrupt()).toBe(false);
  const both = Promise.all([terminal.interrupted(), terminal.interrupted()]);
  expect(terminal.interrupt()).toBe(true);
  await both;
});

/** Answers a question by keys. */
function answeredBy(keys: string) {
  const stdin = new PassThrough();
  let interrupts = 0;
  const answer = askedOn({ stdin, stderr: new PassThrough() }, 'Name: ', () => {
    interrupts += 1;
    stdin.write('\r');
  });
  stdin.write(keys);
  return answer.then((text) => ({ text, interrupts }));
}

test('a question takes a line, and an empty one for Ctrl-D', async () => {
  expect(await answeredBy(' prod/db \r')).toEqual({ text: 'prod/db', interrupts: 0 });
  expect(await answeredBy('\u0004')).toEqual({ text: '', interrupts: 0 });
});

test('Ctrl-C at a question ends the command as it does everywhere, and is no mistake of the program', async () => {
  expect(await answeredBy('\u0003')).toEqual({ text: '', interrupts: 1 });
});
