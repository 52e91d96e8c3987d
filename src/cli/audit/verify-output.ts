import { plural } from '../../calendar/plural.ts';
import type { ChainCheck, CheckedManifest } from '../../monitor/application/report/verify-chain.ts';
import { type Colors, printable, printableJson } from '../terminal/output.ts';
import { hanging } from '../terminal/wrap.ts';

/** Whether something was changed, is missing or is not part of the chain. */
export const isBroken = ({ manifests, faults }: ChainCheck): boolean =>
  faults.length > 0 || manifests.some((manifest) => manifest.faults.length > 0);

/** Whether every file is as it was sealed. */
export const isWhole = (check: ChainCheck): boolean =>
  !isBroken(check) && check.manifests.every(({ unread }) => unread.length === 0);

/** Prints a check of the chain for programs; `docs/schemas/audit-verify.json` describes the format. */
export const verifyJson = (check: ChainCheck): string =>
  printableJson({
    schemaVersion: 1,
    whole: isWhole(check),
    head: check.head ?? null,
    manifests: check.manifests.map(({ readAt, ...manifest }) => ({ ...manifest, readAt: readAt ?? null })),
    faults: check.faults,
    unproven: check.unproven,
  });

/** Prints a check of the chain for a person. */
export function verifyText(
  check: ChainCheck,
  { colors, columns }: { colors: Colors; columns: number },
): string {
  const lines = [
    ...check.manifests.flatMap((manifest) => manifestLines(manifest, colors)),
    ...check.faults.map((fault) => `${colors.red('fail')} ${printable(fault)}`),
    '',
    verdictOf(check),
    ...(check.head === undefined
      ? []
      : ['SHA-256 of the newest manifest, to note elsewhere:', printable(check.head)]),
    '',
    'The chain does not prove:',
    ...check.unproven.map((line) => `- ${printable(line)}`),
  ];
  return `${lines.flatMap((line) => hanging(line, columns, '')).join('\n')}\n`;
}

function verdictOf(check: ChainCheck): string {
  if (isBroken(check)) return 'The chain is broken: do not rely on what is marked.';
  return isWhole(check)
    ? `${plural(check.manifests.length, 'audit')} in the chain, every file as it was sealed.`
    : 'Not all files could be read: what is marked is not proven.';
}

function manifestLines(
  { key, readAt, files, faults, unread }: CheckedManifest,
  colors: Colors,
): readonly string[] {
  const unproven = unread.length === 0 ? colors.green('ok  ') : colors.yellow('part');
  const word = faults.length === 0 ? unproven : colors.red('fail');
  const head = `${word} ${printable(readAt ?? key)}, ${plural(files, 'file')}`;
  return [head, ...[...faults, ...unread].map((line) => `- ${printable(line)}`)];
}
