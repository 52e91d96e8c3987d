import { instant } from '../../../calendar/instant.ts';
import { asSecretArn } from '../../domain/secret/secret.ts';
import {
  type AuditAnswer,
  type AuditMemory,
  type AuditQuestion,
  MOST_HISTORIES,
} from '../../ports/store/audit-memory.ts';

/** Answers a question of an audit; throws a RangeError for more secrets than one answer can hold. */
export async function answerAudit(
  memory: AuditMemory,
  question: AuditQuestion['audit'],
): Promise<AuditAnswer> {
  switch (question.ask) {
    case 'since':
      return { since: await memory.since(question.target) };
    case 'critical':
      return { critical: await memory.critical(question.target) };
    case 'exceptions':
      return { exceptions: await memory.exceptions(question.target) };
    case 'histories': {
      const { secretArns } = question;
      if (secretArns.length > MOST_HISTORIES) {
        throw new RangeError(`Cannot read ${secretArns.length} histories at once: ${MOST_HISTORIES} at most`);
      }
      return { histories: await memory.histories(secretArns.flatMap((text) => asSecretArn(text) ?? [])) };
    }
    case 'sights':
      return { page: await memory.sights(question.target, question.after) };
    case 'counts': {
      const { target, from, until } = question;
      return { counts: await memory.counts(target, instant(from), instant(until)) };
    }
  }
}
