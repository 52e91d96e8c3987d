import type { Difference, Outcome } from './peer.ts';

/** The table of all peers, in Markdown. */
export const tableOf = (outcomes: readonly Outcome[]): string => {
  const rows = outcomes.map(({ peer, skipped, cases, differences }) => {
    const agree = skipped === undefined ? String(cases - differences.length) : '–';
    const disagree = skipped === undefined ? String(differences.length) : '–';
    const cells = [
      peer.software,
      peer.version,
      peer.from,
      peer.against,
      String(cases),
      agree,
      disagree,
      skipped ?? '',
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [
    '| Peer | Version | From | Against | Cases | Agree | Disagree | Skipped |',
    '|---|---|---|---|--:|--:|--:|---|',
    ...rows,
  ].join('\n');
};

/** The page `docs/compared.md`, with the day of the run. */
export const pageOf = (
  outcomes: readonly Outcome[],
  day: string,
): string => `# Compared with the software of others

Software that others wrote for AWS does not believe what this project believes. \`npm run peers\` installs it from the
package registries, runs it against parts of this project, and ends with exit code 1 where the two disagree and nothing
below explains it. ${loopback(outcomes)} Nothing of it is needed by \`npm test\`.
\`npm run peers -- --help\` says more. This page was written by the run of ${day}.

${tableOf(outcomes)}

## Disagreements that stay

${outcomes.map(explanations).join('')}
${figures(outcomes)}## What is not compared

${outcomes.map(({ peer }) => `- **${peer.software}**: ${peer.limits}\n`).join('')}`;

const loopback = (outcomes: readonly Outcome[]): string =>
  outcomes.every(({ isHeld }) => isHeld)
    ? 'Once installed, each peer ran in a network namespace that has loopback alone.'
    : 'Nothing held the peers of this run to loopback.';

function figures(outcomes: readonly Outcome[]): string {
  const lines = outcomes.flatMap(({ peer, notes }) =>
    notes.map((note) => `- **${peer.software}**: ${note}\n`),
  );
  return lines.length === 0 ? '' : `## Figures and pairs\n\n${lines.join('')}\n`;
}

function explanations({ peer, differences }: Outcome): string {
  const lines = peer.explained.flatMap((explanation) => {
    const count = differences.filter((each) => each.explanation === explanation).length;
    const cases = count === 1 ? '1 case' : `${count} cases`;
    return count === 0 ? [] : [`- ${explanation.why} (${cases}; ${explanation.source})\n`];
  });
  return lines.length === 0 ? '' : `### ${peer.software}\n\n${lines.join('')}\n`;
}

/** Returns the text from which a person can investigate a disagreement. */
export const differenceText = ({ name, theirs, ours }: Difference): string =>
  `  ${name}\n    theirs: ${JSON.stringify(theirs)}\n    ours:   ${JSON.stringify(ours)}`;
