import type { Instant } from '../../calendar/instant.ts';
import { systemClock } from '../../monitor/adapters/system/system-clock.ts';
import type { ControlId } from '../../monitor/domain/report/control.ts';
import type { ConnectionOptions } from '../aws/connecting.ts';
import type { DeploymentOptions } from '../aws/deployment.ts';
import { CliError } from '../terminal/cli-error.ts';
import type { PresentationOptions } from '../terminal/presentation.ts';

/** Options of `except`. */
export interface ExceptOptions extends ConnectionOptions, DeploymentOptions, PresentationOptions {
  readonly control?: ControlId;
  readonly until?: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly approve?: string;
  readonly approver?: string;
  readonly file?: string;
  readonly end?: true;
  readonly list?: true;
  readonly now?: Instant;
}

/** The task of a run: options of which every one that it needs is there. */
export type Task = { readonly about: { readonly id: string; readonly control: ControlId } } & (
  | { readonly kind: 'ask'; readonly until: string; readonly reason: string }
  | { readonly kind: 'approve'; readonly approve: string }
  | { readonly kind: 'end' }
);

/** Returns the task; undefined for a list. Throws where options are missing or do not go together. */
export function taskOf(id: string | undefined, options: ExceptOptions): Task | undefined {
  const { control, until, reason, approve, approver, file, end, list } = options;
  if (id === undefined && list === true) return undefined;
  const isNamed = id !== undefined && control !== undefined && list !== true;
  if (!isNamed)
    throw usage('A secret goes with --control and what is to be done; --list goes without a secret.');
  const about = { id, control };
  if (approve !== undefined) return { about, kind: 'approve', approve };
  if (end === true) return { about, kind: 'end' };
  if (until === undefined || reason === undefined)
    throw usage(
      'An exception needs --until and --reason. Others approve it with --approve, or end it with --end.',
    );
  if ((file === undefined) !== (approver === undefined))
    throw usage('--file needs --approver, and --approver needs --file: the monitor lets the approver speak.');
  return { about, kind: 'ask', until, reason };
}

const usage = (detail: string): CliError =>
  new CliError({
    what: 'Cannot except like this',
    details: [detail],
    solve: ['Name the secret, the control, the last day, which is at most 400 days away, and the reason.'],
    example:
      "rotation-monitor except prod/db --control SecretsManager.1 --until 2027-03-31 --reason 'rotated by hand'",
  });

/** Returns the time as of which is judged. */
export const nowOf = ({ now }: ExceptOptions): Instant => now ?? systemClock.now();
