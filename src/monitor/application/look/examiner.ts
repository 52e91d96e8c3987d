import { type Instant, later, MINUTE } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import { brokenFunction } from '../../domain/detect/broken-function.ts';
import { aged } from '../../domain/detect/pending-sight.ts';
import {
  breaksNews,
  type Examination,
  spanAround,
  spanBefore,
  tellsTrouble,
} from '../../domain/examine/examination.ts';
import type { FunctionInspection, Unseen } from '../../domain/examine/function-inspection.ts';
import type { JudgedLook } from '../../domain/look/judge-look.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import type { SecretState } from '../../domain/state/secret-state.ts';
import type { FailureReason } from '../../ports/failure.ts';
import { type FunctionInspector, FunctionInspectorError } from '../../ports/look/function-inspector.ts';
import type { Service } from '../service.ts';
import { type ChangesSeen, changeLookUp } from './look-up-changes.ts';

/**
 * Looks closer at a secret before it is reported; undefined when there is nothing to look at. It never fails for what
 * is denied or throttled: the alert goes out all the same.
 */
export type Examine = (
  secret: Secret,
  before: SecretState,
  judged: JudgedLook,
) => Promise<Examination | undefined>;

/** Parts of the service that look closer. */
export type Examining = Pick<Service, 'inspector' | 'history' | 'store' | 'clock'>;

/** Rotation functions that one run may inspect, four calls each; a function behind many secrets counts once. */
const MAX_INSPECTIONS = 20;
/**
 * The checks of one deadline run in parallel, and Lambda answers fifteen such questions a second; the history, asked at
 * leisure, holds them up.
 */
const SHARED_FOR_MS: number = 2 * MINUTE;

/** Makes what all checks of one run share, so each function is inspected once; undefined when nobody may look. */
export function examiner(service: Examining): Examine | undefined {
  const { inspector, history, clock } = service;
  if (inspector === undefined && history === undefined) return undefined;
  const inspect = inspections(service);
  const lookUp = history && changeLookUp(history);
  const mayLookUp = lookUps(service);
  return async (secret, before, judged) => {
    const [finding] = judged.findings;
    if (finding === undefined) return undefined;
    const now = clock.now();
    const functionArn = secret.rotationFunctionArn;
    const isWanted = tellsTrouble(before, judged.state) || isKnownBroken(secret, judged.state);
    const inspection =
      functionArn === undefined || !isWanted
        ? undefined
        : await inspect({ functionArn, now, span: spanAround(finding, now) });
    const seen =
      lookUp !== undefined && breaksNews(before, judged.state) && (await mayLookUp(secret))
        ? await lookUp({
            secret,
            roleName: inspection?.configuration?.roleName,
            isFunctionGone: inspection?.exists === false,
            span: spanBefore(finding, now),
          })
        : NOTHING;
    return inspection === undefined && seen === NOTHING ? undefined : { inspection, ...seen };
  };
}

const NOTHING: ChangesSeen = {
  changes: undefined,
  changesSeenFrom: undefined,
  changesUnseen: undefined,
};

type Inspect = (request: InspectionRequest) => Promise<FunctionInspection | undefined>;

function inspections(service: Examining): Inspect {
  const known = new Map<string, Promise<FunctionInspection | undefined>>();
  return async (request) => {
    const found = known.get(request.functionArn);
    if (found !== undefined || known.size >= MAX_INSPECTIONS) return found;
    const inspection = sharedInspection(service, request);
    known.set(request.functionArn, inspection);
    return inspection;
  };
}

/** Returns the observations of another run a moment ago, or else new ones. */
async function sharedInspection(
  { inspector, store }: Examining,
  request: InspectionRequest,
): Promise<FunctionInspection | undefined> {
  if (inspector === undefined) return undefined;
  const last = await store.readInspection(request.functionArn);
  if (last !== undefined && request.now - last.at < SHARED_FOR_MS) return last;
  const inspection = await inspectFunction(inspector, request);
  await store.writeInspection(inspection);
  return inspection;
}

/**
 * Decides whose changes to look up: one secret behind each function is enough, since they are reported together and the
 * history has a narrow limit.
 */
function lookUps({ store, clock }: Examining): (secret: Secret) => Promise<boolean> {
  const asked = new Set<string>();
  return async ({ arn, rotationFunctionArn }) => {
    const name = `changes#${rotationFunctionArn ?? arn}`;
    if (asked.has(name)) return false;
    asked.add(name);
    const now = clock.now();
    return store.acquireLock({ name, holder: arn, now, until: later(now, SHARED_FOR_MS) });
  };
}

/** A function that was found broken is looked at again, so that its alert changes once it is whole. */
const isKnownBroken = (secret: Secret, { pending, evidence, progress }: SecretState): boolean =>
  brokenFunction({ secret, evidence, progress, pending: aged(pending, secret) }) !== undefined;

/** The rotation function to look at, the time of the look, and the span in which it should have worked. */
interface InspectionRequest {
  readonly functionArn: string;
  readonly now: Instant;
  readonly span: TimeSpan;
}

/** Looks at a rotation function: at most four calls. What is denied or fails is named in the answer; it never fails. */
export async function inspectFunction(
  inspector: FunctionInspector,
  { functionArn, now, span }: InspectionRequest,
): Promise<FunctionInspection> {
  const look = new Look();
  const asked = inspector.configuration(functionArn).then((found) => ({ found }));
  const answer = await look.at('lambda:GetFunctionConfiguration', asked);
  const exists = answer === undefined ? undefined : answer.found !== undefined;
  const seen = { functionArn, at: now, exists, configuration: answer?.found, unseen: look.unseen };
  if (exists === false || look.isInVain) {
    return { ...seen, grants: undefined, reservedConcurrency: undefined, activity: undefined };
  }
  return {
    ...seen,
    grants: await look.at('lambda:GetPolicy', inspector.grants(functionArn)),
    reservedConcurrency: await look.at(
      'lambda:GetFunctionConcurrency',
      inspector.reservedConcurrency(functionArn),
    ),
    activity: await look.at('cloudwatch:GetMetricData', inspector.activity(functionArn, span)),
  };
}

/** Reasons after which further calls would only delay the alert. */
const SILENT: readonly FailureReason[] = ['network', 'timeout'];

/** Notes what could not be seen. */
class Look {
  readonly unseen: Unseen[] = [];
  #isInVain = false;

  get isInVain(): boolean {
    return this.#isInVain;
  }

  /** Awaits one answer; undefined when the call was denied or not answered. */
  async at<T>(permission: string, answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof FunctionInspectorError)) throw error;
      this.#isInVain = SILENT.includes(error.reason);
      this.unseen.push({ permission, reason: error.reason });
      return undefined;
    }
  }
}
