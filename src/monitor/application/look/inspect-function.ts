import type { Instant } from '../../../calendar/instant.ts';
import type { TimeSpan } from '../../../calendar/time-span.ts';
import type { FunctionInspection, Unseen } from '../../domain/examine/function-inspection.ts';
import type { FailureReason } from '../../ports/failure.ts';
import { type FunctionInspector, FunctionInspectorError } from '../../ports/look/function-inspector.ts';

/** Which function to look at, when, and when it should have worked. */
export interface InspectionRequest {
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

/** Where nobody answers, asking on would only make the alert wait. */
const SILENT: readonly FailureReason[] = ['network', 'timeout'];

/** Notes what could not be seen. */
class Look {
  readonly unseen: Unseen[] = [];
  #isInVain = false;

  get isInVain(): boolean {
    return this.#isInVain;
  }

  /** What comes of one question; undefined when it was refused or not answered. */
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
