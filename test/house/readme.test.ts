import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { createProgram } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal/output.ts';
import { systemClock } from '../../src/monitor/adapters/system/system-clock.ts';
import { variableOf } from '../../src/monitor/config/setting.ts';
import { SETTINGS } from '../../src/monitor/config/settings.ts';
import { FINDINGS } from '../../src/monitor/domain/detect/register.ts';
import { METRICS } from '../../src/monitor/domain/metric.ts';
import { TAG_PREFIX } from '../../src/monitor/domain/secret/policy.ts';

const README = readFileSync('README.md', 'utf8');
/** Every Markdown file of the project. */
const PAGES: readonly string[] = [
  '.',
  '.github',
  'bench',
  'dashboards',
  'decisions',
  'docs',
  'docs/runbooks',
].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);
const ALL = PAGES.map((page) => readFileSync(page, 'utf8')).join('\n');

const found = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([whole, part]) => part ?? whole)),
];
const section = (title: string): string => README.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const rows = (text: string): readonly (readonly string[])[] =>
  text.split('\n').flatMap((line) => (line.startsWith('| `') ? [line.slice(2, -2).split(' | ')] : []));

test('the findings table is that of the register, in its order', () => {
  const expected = FINDINGS.map(({ code, meaning, severities }) => [`\`${code}\``, meaning, severities]);
  expect(rows(section('Findings'))).toEqual(expected);
});

test('the two commands and every npm script that is named exist', () => {
  expect(README).toContain('npm ci && npm start');
  expect(README).toContain('npm ci && npm test');
  const named = found(ALL, /\bnpm (?:run )?(start|test|(?<=run )[a-z]+)\b/g);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test('the version of Node is the one the package asks for', () => {
  const [version = 'none'] = /\d+\.\d+/.exec(manifest.engines.node) ?? [];
  expect(README).toContain(`Node ${version} or newer`);
});

test.each(PAGES)('every link and every path of %s leads to something', (page) => {
  const text = readFileSync(page, 'utf8');
  const links = found(text, /\]\((?!https?:|#)([^)#]+)[^)]*\)/g).map((link) => join(dirname(page), link));
  const paths = found(
    text,
    /`((?:src|infra|test|bench|docs|decisions|dashboards|scripts|lint|\.github|\.ci)\/[\w./-]+)`/g,
  );
  expect([...links, ...paths].filter((path) => !existsSync(path))).toEqual([]);
  const headings = found(text, /^#+ (.+)$/gm).map((heading) => heading.toLowerCase().replaceAll(' ', '-'));
  expect(found(text, /\]\(#([^)]+)\)/g).filter((anchor) => !headings.includes(anchor))).toEqual([]);
});

test('every setting, tag and default that is named exists', () => {
  const settings = Object.values(SETTINGS);
  const variables = settings.map(variableOf);
  const named = found(ALL, /\bROTATION_MONITOR_[A-Z_]*[A-Z]\b/g);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !variables.includes(name))).toEqual([]);
  const tags = [
    ...settings.flatMap(({ tag }) => tag ?? []),
    'owner',
    'strategy',
    'silence-until',
    'silence-reason',
  ];
  const namedTags = found(ALL, new RegExp(`${TAG_PREFIX}([a-z-]*[a-z])`, 'g'));
  expect(namedTags.filter((name) => !tags.includes(name))).toEqual([]);
  for (const [variable, value] of rows(section('Settings and metrics'))) {
    const setting = settings.find((candidate) => `\`${variableOf(candidate)}\`` === variable);
    expect(value, variable).toBe(setting?.default ? `\`${setting.default}\`` : 'none');
  }
});

test('every metric that is named exists, and the gauges are counted right', () => {
  const named = found(section('Settings and metrics'), /`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`/g);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !(name in METRICS))).toEqual([]);
  const gauges = Object.values(METRICS).filter(({ published }) => published === 'sweep');
  expect(README).toContain(`The ${gauges.length} gauges`);
});

/** The options of a command and of those below it. */
const optionsOf = ({ options, commands }: Command): readonly (string | undefined)[] => [
  ...options.map(({ long }) => long ?? undefined),
  ...commands.flatMap(optionsOf),
];

test('every command and every option that is named exists', () => {
  const silent: Terminal = {
    stdout: { write: () => undefined, drained: async () => undefined, isTTY: false, columns: undefined },
    stderr: { write: () => undefined, drained: async () => undefined, isTTY: false, columns: undefined },
    environment: {},
    exitCode: 0,
    exitWith: () => undefined,
    interrupted: async () => undefined,
    ask: undefined,
    clock: systemClock,
  };
  const { commands } = createProgram(silent);
  const known = (name: string | undefined) => commands.find((command) => command.name() === name);
  const lines = section('Command line')
    .split('\n')
    .filter((line) => line.startsWith('rotation-monitor '));
  expect(lines.map((line) => line.split(' ')[1])).toEqual(
    expect.arrayContaining(['drill', 'sweep', 'simulate']),
  );
  for (const line of lines) {
    const command = known(line.split(' ')[1]);
    expect(command, line).toBeDefined();
    const options = command === undefined ? [] : optionsOf(command);
    for (const option of found(line, /--[a-z-]+/g)) expect(options, line).toContain(option);
  }
});
