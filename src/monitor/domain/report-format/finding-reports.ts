import type { Provenance } from '../report/audit-report.ts';
import type { ControlVerdict } from '../report/control-verdict.ts';
import type { SecretAudit } from '../report/secret-audit.ts';
import { asffFinding } from './asff-finding.ts';
import { ocsfFinding } from './ocsf-finding.ts';
import type { ReportWriter } from './report-writer.ts';

/** A JSON array of findings in the AWS Security Finding Format, one a line. */
export const asffReport = (): ReportWriter =>
  findingReport({ first: '[', before: '\n', between: ',\n', after: '', last: '\n]\n', finding: asffFinding });

/** A line of JSON for each verdict, as OCSF 1.6.0 has Compliance Findings. */
export const ocsfReport = (): ReportWriter =>
  findingReport({ first: '', before: '', between: '', last: '', after: '\n', finding: ocsfFinding });

/** The form of a file of findings. */
interface Layout {
  readonly first: string;
  /** Before the first finding. */
  readonly before: string;
  readonly between: string;
  /** Text after each finding. */
  readonly after: string;
  readonly last: string;
  readonly finding: (secret: SecretAudit, verdict: ControlVerdict, provenance: Provenance) => object;
}

function findingReport({ first, before, between, after, last, finding }: Layout): ReportWriter {
  let provenance: Provenance | undefined;
  let separator = before;
  return {
    begin: (given) => {
      provenance = given;
      return first;
    },
    secret: (secret) => {
      if (provenance === undefined) throw new TypeError('Cannot write a secret before the report has begun');
      const lines: string[] = [];
      for (const verdict of secret.controls) {
        lines.push(`${separator}${JSON.stringify(finding(secret, verdict, provenance))}${after}`);
        separator = between;
      }
      return lines.join('');
    },
    end: () => last,
  };
}
