import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import {
  failOnOption,
  instantOption,
  portOption,
  regionOption,
  urlOption,
} from '../../../../src/cli/terminal/options.ts';
import { at } from '../../../support/builders.ts';

test('instantOption reads a time with a zone, and says what it expected otherwise', () => {
  expect(instantOption('2026-11-21T11:00:00+01:00')).toBe(at('2026-11-21T10:00:00Z'));
  expect(() => instantOption('tomorrow')).toThrow(InvalidArgumentError);
  expect(() => instantOption('2026-11-21')).toThrow('Expected a time with a zone');
});

test('regionOption takes the regions of every partition, and nothing that could become another host', () => {
  for (const region of ['eu-west-1', 'us-gov-east-1', 'ap-southeast-3', 'cn-north-1'])
    expect(regionOption(region)).toBe(region);
  for (const text of ['moon', 'eu-west-1.example.com', 'EU-WEST-1', ''])
    expect(() => regionOption(text)).toThrow(InvalidArgumentError);
});

test('urlOption takes http and https only', () => {
  expect(urlOption('http://127.0.0.1:4599')).toBe('http://127.0.0.1:4599');
  for (const text of ['127.0.0.1:4599', 'ftp://x', 'http://']) expect(() => urlOption(text)).toThrow(/URL/);
});

test('portOption takes 0 to 65535', () => {
  expect([portOption('0'), portOption('65535')]).toEqual([0, 65535]);
  for (const text of ['65536', '-1', '80x', '', '1.5']) expect(() => portOption(text)).toThrow(/port/);
});

test('failOnOption takes every severity in any case, and none', () => {
  expect([failOnOption('critical'), failOnOption('Informational'), failOnOption('none')]).toEqual([
    'CRITICAL',
    'INFORMATIONAL',
    'NONE',
  ]);
  expect(() => failOnOption('severe')).toThrow('INFORMATIONAL, LOW, MEDIUM, HIGH, CRITICAL, none');
});
