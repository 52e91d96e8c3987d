import { Command, InvalidArgumentError } from 'commander';
import { plural } from '../../calendar/plural.ts';
import { directoryReportStore } from '../../monitor/adapters/directory/directory-report-store.ts';
import { verifyChain } from '../../monitor/application/report/verify-chain.ts';
import type { ReportStore } from '../../monitor/ports/report/report-store.ts';
import { bucketOf, reportStoreAt, unusable } from '../audit/report-place.ts';
import { isBroken, isWhole, verifyJson, verifyText } from '../audit/verify-output.ts';
import { calling } from '../aws/calling.ts';
import { type ConnectionOptions, withConnection } from '../aws/connecting.ts';
import { hearCredentials } from '../aws/hear-credentials.ts';
import { QUIET_MS } from '../sweep/progress.ts';
import { changingLine } from '../terminal/changing-line.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { operand } from '../terminal/operand.ts';
import type { Terminal } from '../terminal/output.ts';
import { type PresentationOptions, presentation, withPresentation } from '../terminal/presentation.ts';

interface VerifyOptions extends ConnectionOptions, PresentationOptions {
  readonly head?: string;
}

const MORE_HELP = `
Every audit that is stored has a manifest with the SHA-256 of its files and of the manifest before. This walks the chain
from the newest manifest to the first, reads every file, and names what was changed, removed or added. It changes
nothing. Its output ends with what the chain does not prove.

Examples:
  rotation-monitor audit verify ./audits
  rotation-monitor audit verify s3://example-audits/rotation --region eu-west-1
  rotation-monitor audit verify ./audits --json | jq .head

Exit codes:
  0  every file is as it was sealed
  1  something was changed, is missing or is not part of the chain
  2  the store could not be read
  3  some files could not be read; the others are as they were sealed`;

/** `rotation-monitor audit verify`: walks the chain of stored audits. */
export const auditVerifyCommand = (terminal: Terminal): Command =>
  withPresentation(withConnection(new Command('verify')))
    .description('Compare stored audits with the chain of their manifests. Nothing is changed.')
    .argument('<store>', 'a directory, or a bucket such as s3://example-audits/rotation')
    .option('--head <sha256>', 'the SHA-256 of a manifest that was noted elsewhere', sha256Option)
    .addHelpText('after', MORE_HELP)
    .action((store: string, options: VerifyOptions) => verify(store, options, terminal));

function sha256Option(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('Expected a SHA-256 in 64 hexadecimal digits.');
}

async function verify(place: string, options: VerifyOptions, terminal: Terminal): Promise<void> {
  const what = 'Cannot verify audits';
  if (bucketOf(place) === undefined) {
    const failed = unusable(place, { what, example: 'rotation-monitor audit verify ./audits' });
    return report(directoryReportStore(place), options, terminal).catch(failed);
  }
  const call = {
    options,
    terminal,
    what,
    needs: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions'],
    command: `rotation-monitor audit verify ${operand(place)}`,
  };
  await calling(call, async (called) => report(await reportStoreAt(place, called), options, terminal));
}

async function report(store: ReportStore, options: VerifyOptions, terminal: Terminal): Promise<void> {
  const { clock, stderr } = terminal;
  const line = changingLine(stderr);
  const begunAt = clock.now();
  const onChecked = (manifests: number): void => {
    if (clock.now() - begunAt >= QUIET_MS) line.show(`${plural(manifests, 'audit')} checked …`);
  };
  const hearing = hearCredentials();
  const heard = hearing.ports({ store }, 'store').store;
  const check = await verifyChain(heard, { head: options.head, onChecked }).finally(line.end);
  hearing.check();
  terminal.exitWith(isBroken(check) ? EXIT.found : isWhole(check) ? EXIT.well : EXIT.halfWay);
  const { isJson, ...frame } = presentation(options, terminal);
  terminal.stdout.write(isJson ? `${verifyJson(check)}\n` : verifyText(check, frame));
}
