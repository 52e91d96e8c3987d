import { packedTemplate, planMonitor } from '../../src/proving/player/monitor.ts';
import type { CliAudit, MeasuredCli } from './measure-cli.ts';
import type { FunctionAudit, MeasuredFunction } from './measure-function.ts';

const MIB = 1024 * 1024;
/** Most resident memory of the command line. */
const CLI_BYTES: number = 256 * MIB;
const PAGE = 100;
/** Pages that may be read while nobody reads what is written: what pipes and buffers hold. */
const UNREAD_PAGES = 5;

const { timeoutMs, memoryMib } = planMonitor(
  { account: '111122223333', region: 'eu-west-1' },
  { template: packedTemplate('home') },
).functionOf('audit');

/** Returns the deviations of the command line from its budget, in words. */
export const cliBreaches = ({ secrets, audits }: MeasuredCli): readonly string[] =>
  audits.flatMap((audit) => breachesOf(audit, secrets).map((breach) => `${audit.name}: ${breach}`));

function breachesOf(audit: CliAudit, secrets: number): readonly string[] {
  const { exitCode, peakBytes, pages, pagesAtFirst, pagesUnread = 0, progress, outBytes } = audit;
  return [
    ...(exitCode === 1 ? [] : [`exit code ${exitCode}, not 1`]),
    ...(peakBytes <= CLI_BYTES ? [] : [`${peakBytes} bytes of memory`]),
    ...(pages >= secrets / PAGE ? [] : [`only ${pages} pages`]),
    ...(progress === secrets ? [] : [`the progress ends at ${progress}`]),
    ...(pagesUnread <= UNREAD_PAGES ? [] : [`${pagesUnread} pages while nobody read`]),
    ...(goesToStream(audit) && (outBytes === 0 || pagesAtFirst > 2)
      ? [`the first text came after ${pagesAtFirst} pages`]
      : []),
  ];
}

/** Whether the report itself is what is written, and is read all the time. */
const goesToStream = ({ name, pagesUnread }: CliAudit): boolean =>
  pagesUnread === undefined && !name.includes(' ');

/** Returns the deviations of the function from its budget, in words. */
export const functionBreaches = ({ secrets, whole, handedOver }: MeasuredFunction): readonly string[] => [
  ...(whole.invocations.length === 1 ? [] : [`${whole.invocations.length} invocations, not 1`]),
  ...(handedOver.invocations.length > 1 ? [] : ['with little time nothing was handed over']),
  ...auditBreaches(whole, secrets),
  ...auditBreaches(handedOver, secrets),
];

const auditBreaches = (
  { invocations, rows, secrets, faults }: FunctionAudit,
  all: number,
): readonly string[] => [
  ...(rows === all && secrets === all ? [] : [`${rows} rows of ${secrets} secrets, not of ${all}`]),
  ...faults,
  ...invocations.flatMap(({ wallMs, peakBytes }) => [
    ...(wallMs <= timeoutMs ? [] : [`an invocation took ${wallMs} ms`]),
    ...(peakBytes <= memoryMib * MIB ? [] : [`an invocation took ${peakBytes} bytes of memory`]),
  ]),
];
