import { plural } from '../../../calendar/plural.ts';
import { type Alert, fingerprintOf, isOpen } from '../../domain/alert/alert.ts';
import { byGravity, type OpenAlert } from '../../domain/alert/open-alert.ts';
import { FINDINGS } from '../../domain/detect/register.ts';
import type { ExplainedFinding } from '../../domain/finding/finding.ts';
import { judgeLook } from '../../domain/look/judge-look.ts';
import type { JudgingContext } from '../../domain/look/look.ts';
import { memberTargets } from '../../domain/secret/member-group.ts';
import { asSecretArn } from '../../domain/secret/secret.ts';
import { eventsArrive } from '../../domain/state/awaited-event.ts';
import type { SecretState, TargetRecord } from '../../domain/state/secret-state.ts';
import { forEachLimited } from '../for-each-limited.ts';
import { judgingContext } from '../look/check-secret.ts';
import { lookAtSecret } from '../look/look-at-secret.ts';
import type { Service, TargetAccess } from '../service.ts';
import { atTarget } from '../target/at-target.ts';

/** Parts of the service that explain open alerts. */
export type ExplainingAlerts = TargetAccess & Pick<Service, 'clock' | 'store' | 'settings' | 'accessTo'>;

/** The gravest of the open alerts. */
export interface OpenAlerts {
  /** Gravest first. */
  readonly alerts: readonly OpenAlert[];
  /** Number of further open alerts. */
  readonly more: number;
}

/** Targets, and then secrets, looked at in parallel. */
const AT_ONCE = 4;

/**
 * Explains the gravest `most` of the open alerts as things stand now: a look at each of their secrets, and nothing is
 * stored or sent.
 */
export async function explainOpenAlerts(service: ExplainingAlerts, most: number): Promise<OpenAlerts> {
  const { store, settings } = service;
  const record = await store.readTarget(settings.target);
  const open = (await openStates(service, record))
    .flatMap((state) => state.alerts.filter(isOpen).map((alert) => ({ state, alert })))
    .sort((a, b) => byGravity(a.alert, b.alert));
  const shown = open.slice(0, most);
  const findings = await findingsOf(service, record, [...new Set(shown.map(({ state }) => state))]);
  const alerts = shown.map(({ state, alert }) => explained(state, alert, findings.get(state.subject) ?? []));
  return { alerts, more: open.length - shown.length };
}

/** The states with an open alert, of all accounts and regions that are watched. */
async function openStates(
  { store, settings }: ExplainingAlerts,
  record: TargetRecord | undefined,
): Promise<readonly SecretState[]> {
  const { target: home, members } = settings;
  const states: SecretState[] = [];
  const errors = await forEachLimited(
    [home, ...memberTargets(members, record?.units ?? {}, home)],
    AT_ONCE,
    async (target) => void states.push(...(await store.open(target))),
  );
  if (errors.length > 0) throw new AggregateError(errors, 'The open alerts cannot be read');
  return states;
}

/** Returns the present findings of each secret; none for a secret that cannot be looked at. */
async function findingsOf(
  service: ExplainingAlerts,
  record: TargetRecord | undefined,
  states: readonly SecretState[],
): Promise<ReadonlyMap<string, readonly ExplainedFinding[]>> {
  const found = new Map<string, readonly ExplainedFinding[]>();
  const context = contextOf(service, record);
  const errors = await forEachLimited(states, AT_ONCE, async (state) => {
    const arn = asSecretArn(state.subject);
    if (arn === undefined) return;
    const { catalog } = atTarget(service, { account: state.account, region: state.region });
    const look = await lookAtSecret(catalog, { arn, state, evidence: [], listed: undefined });
    found.set(state.subject, judgeLook(state, look, context).findings);
  });
  if (errors.length > 0)
    throw new AggregateError(errors, `${plural(errors.length, 'secret')} could not be looked at`);
  return found;
}

function contextOf({ clock, settings }: ExplainingAlerts, record: TargetRecord | undefined): JudgingContext {
  const now = clock.now();
  const known = { evidence: [], baseline: false, eventsArrive: eventsArrive(record, now) };
  return judgingContext(settings, known, now);
}

/** Explains an open alert by its finding; the register explains one that is no longer found. */
function explained(state: SecretState, alert: Alert, findings: readonly ExplainedFinding[]): OpenAlert {
  const finding = findings.find((each) => fingerprintOf(state.subject, each) === alert.fingerprint);
  const described = FINDINGS.find(({ code }) => code === alert.code);
  const [advice] = finding?.advice ?? [];
  return {
    fingerprint: alert.fingerprint,
    code: finding?.code ?? alert.code,
    severity: alert.severity,
    subject: state.subject,
    name: state.name,
    account: state.account,
    region: state.region,
    since: alert.since,
    what: finding?.what ?? described?.meaning ?? '',
    risk: finding?.blastRadius,
    logs: finding?.logs,
    doNow: advice?.text ?? described?.remedy ?? '',
    command: advice?.commands[0],
  };
}
