import { readdirSync, readFileSync } from 'node:fs';
import { page, table } from './markdown.ts';

/** A Markdown file of a folder. */
interface Listed {
  readonly name: string;
  readonly title: string;
  /** The first sentence below the title that says something. */
  readonly summary: string;
  readonly text: string;
}

/** Writes the index of the pages about the monitor. */
export const docsIndex = (): string =>
  page(
    '# Documentation',
    'The [README](../README.md) says what the monitor is and how to begin; [ARCHITECTURE.md](../ARCHITECTURE.md) says how it is built.',
    table(
      ['Page', 'What it says'],
      listed('docs').map(({ name, title, summary }) => [`[${title}](${name})`, summary]),
    ),
    'Besides: [runbooks](runbooks/README.md), one for each finding; [decisions](../decisions/README.md), why things are as they are; [benches](../bench/README.md), what was measured; [dashboards](../dashboards/README.md).',
  );

/** Writes the index of the runbooks, each with its purpose. */
export const runbooksIndex = (): string =>
  page(
    '# Runbooks',
    'One for each finding, named like its code, and one for the alarms on the monitor itself. Every alert links to its own.',
    table(
      ['Runbook', 'What it means'],
      listed('docs/runbooks').map(({ name, title, summary }) => [`[${title}](${name})`, summary]),
    ),
  );

/** Decisions with their standing; throws for one that does not say it. */
export const decisionsIndex = (): string =>
  page(
    '# Decisions',
    'Why things are as they are, a page each. A page that no longer holds is marked and not rewritten; [ARCHITECTURE.md](../ARCHITECTURE.md) alone says how things are now.',
    table(
      ['Decision', 'Status', 'Date'],
      listed('decisions').map(({ name, title, text }) => [`[${title}](${name})`, ...standing(name, text)]),
    ),
  );

function standing(name: string, text: string): readonly [string, string] {
  const [, status, date] = /^Status: (.+?), (\d{4}-\d{2}-\d{2})\./m.exec(text) ?? [];
  if (status === undefined || date === undefined)
    throw new Error(`Cannot list decisions/${name}: it needs a line "Status: accepted, 2026-01-31."`);
  return [status, date];
}

const listed = (folder: string): readonly Listed[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => {
      const text = readFileSync(`${folder}/${name}`, 'utf8');
      return { name, title: /^# (.+)$/m.exec(text)?.[1] ?? name, summary: summaryOf(text), text };
    });

/** The first sentence of the first paragraph, over the lines that it is broken into. */
function summaryOf(text: string): string {
  const paragraph = text.split('\n\n').find((block) => /^[^#<|`-]/.test(block)) ?? '';
  const line = paragraph.replaceAll('\n', ' ').replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');
  return /^.*?\.(?= |$)/.exec(line)?.[0] ?? line;
}
