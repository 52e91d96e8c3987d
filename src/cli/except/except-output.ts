import { DAY, formatInstant, type Instant } from '../../calendar/instant.ts';
import { plural } from '../../calendar/plural.ts';
import { secretWord } from '../../monitor/domain/command-line.ts';
import { type ExceptionRecord, stateAt } from '../../monitor/domain/report/exception-record.ts';
import { timeJson } from '../../monitor/domain/report-format/json-report.ts';
import type { Secret } from '../../monitor/domain/secret/secret.ts';
import { printable, printableJson } from '../terminal/output.ts';
import { hanging } from '../terminal/wrap.ts';

/** An exception of a deployed monitor, or one of a file, which has neither an id nor a request. */
export interface ShownException
  extends Omit<ExceptionRecord, 'secretArn' | 'id' | 'requestedAt' | 'revision'>,
    Partial<Pick<ExceptionRecord, 'id' | 'requestedAt'>> {
  readonly secretArn: string;
}

/** Outcome of a run of `except`. */
export interface ExceptResult {
  /** Name of the deployed monitor that keeps the exceptions; undefined where a file does. */
  readonly deployment: string | undefined;
  readonly file: string | undefined;
  readonly outcome: 'requested' | 'granted' | 'ended' | 'refused' | 'listed';
  /** One sentence; undefined where nothing was refused. */
  readonly because: string | undefined;
  /** Undefined in a list. */
  readonly secret: Secret | undefined;
  readonly exceptions: readonly ShownException[];
  readonly now: Instant;
}

/** Exceptions that end so soon are marked. */
const SOON_MS: number = 30 * DAY;

const endsSoon = ({ until }: ShownException, now: Instant): boolean => until > now && until <= now + SOON_MS;

/** Prints exceptions for programs; `docs/schemas/except.json` describes the format. */
export const exceptJson = (result: ExceptResult): string =>
  printableJson({
    schemaVersion: 1,
    deployment: result.deployment ?? null,
    file: result.file ?? null,
    secretArn: result.secret?.arn ?? null,
    outcome: result.outcome,
    because: result.because ?? null,
    exceptions: result.exceptions.map((each) => exceptionJson(each, result.now)),
  });

function exceptionJson(exception: ShownException, now: Instant): object {
  return {
    id: exception.id ?? null,
    state: stateAt(exception, now),
    endsSoon: endsSoon(exception, now),
    secretArn: exception.secretArn,
    control: exception.control,
    reason: exception.reason,
    ticket: exception.ticket ?? null,
    requestedBy: exception.requestedBy,
    requestedAt: timeJson(exception.requestedAt),
    approvedBy: exception.approvedBy ?? null,
    grantedAt: timeJson(exception.grantedAt),
    until: formatInstant(exception.until),
    endedBy: exception.endedBy ?? null,
    endedAt: timeJson(exception.endedAt),
  };
}

/** Prints exceptions for a person; `region` goes into the command that approves. */
export function exceptText(result: ExceptResult, columns: number, region: string): string {
  const lines = linesOf(result, region).flatMap((line) => hanging(printable(line), columns, ''));
  return `${lines.join('\n')}\n`;
}

function linesOf(result: ExceptResult, region: string): readonly string[] {
  const { outcome, secret, because = '', exceptions, now } = result;
  const name = secret?.name ?? '';
  switch (outcome) {
    case 'requested':
      return exceptions.flatMap((each) => [
        `${name}: an exception from ${each.control} until ${formatInstant(each.until)} is asked for, stated by ${each.requestedBy}.`,
        'It holds as soon as somebody else approves it, with credentials of their own:',
        `  rotation-monitor except ${secret === undefined ? '' : secretWord({ secretName: secret.name, secretArn: secret.arn })} --control ${each.control} --approve ${each.id ?? ''} --region ${region}`,
      ]);
    case 'granted':
      return exceptions.flatMap((each) => [
        `${name}: excepted from ${each.control} until ${formatInstant(each.until)}, approved by ${each.approvedBy ?? ''}.`,
        'Audits say skip for it, never ok. A failed control of a secret with a CRITICAL alert stays an alarm.',
      ]);
    case 'ended':
      return [
        `${name}: ${plural(exceptions.length, 'exception')} from ${exceptions[0]?.control ?? ''} ended. Audits judge the control again.`,
        ...exceptions
          .filter(({ grantedAt = now }) => result.file !== undefined && grantedAt >= now)
          .map(
            ({ grantedAt = now }) =>
              `The one that was to begin at ${formatInstant(grantedAt)} is out of the file.`,
          ),
      ];
    case 'refused':
      return [`${name}: ${because} Nothing was changed.`];
    case 'listed':
      return [
        `${plural(exceptions.length, 'exception')} in ${result.deployment ?? result.file ?? ''}.`,
        ...exceptions.map((each) => `- ${listLine(each, now)}`),
      ];
  }
}

function listLine(exception: ShownException, now: Instant): string {
  const { secretArn, control, reason, ticket, requestedBy, approvedBy, grantedAt = now, until } = exception;
  const begins = grantedAt > now ? ` from ${formatInstant(grantedAt)}` : '';
  const left = endsSoon(exception, now) ? `, in ${plural(Math.ceil((until - now) / DAY), 'day')}` : '';
  const who =
    approvedBy === undefined
      ? `asked for by ${requestedBy}, to be approved as ${exception.id ?? ''}`
      : `asked for by ${requestedBy}, approved by ${approvedBy}`;
  const why = ticket === undefined ? reason : `${reason} (${ticket})`;
  return `${control} of ${secretArn}${begins} until ${formatInstant(until)}${left}, ${who}: ${why}`;
}
