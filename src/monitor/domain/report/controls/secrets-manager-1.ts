import { rulesOfText } from '../../history/schedule-text.ts';
import { intervalOf } from '../../secret/rotation-interval.ts';
import { type ControlJudge, days } from './control.ts';

/** Automatic rotation is on. https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html */
export const secretsManager1: ControlJudge = {
  id: 'SecretsManager.1',
  judge({ figures, parameters: { maximumFrequencyMs } }) {
    const evidence = [`Schedule: ${figures.schedule ?? 'none'}`];
    if (!figures.rotationEnabled) return { status: 'alarm', reason: 'Automatic rotation is off.', evidence };
    const intervalMs = intervalOf(figures.schedule === undefined ? undefined : rulesOfText(figures.schedule));
    if (maximumFrequencyMs !== undefined && intervalMs !== undefined && intervalMs > maximumFrequencyMs) {
      const reason = `Rotation windows are up to ${days(intervalMs)} apart; the maximum is ${days(maximumFrequencyMs)}.`;
      return { status: 'alarm', reason, evidence };
    }
    return { status: 'ok', reason: 'Automatic rotation is on.', evidence };
  },
};
