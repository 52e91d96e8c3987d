import { performance } from 'node:perf_hooks';
import { auditQuarter } from './audit-quarter.ts';
import { type ComparedQuarter, compareQuarter } from './compare-quarter.ts';
import { playQuarter } from './play-quarter.ts';

/** A quarter as it was audited, and the time that its audit took. */
export interface MeasuredQuarter {
  readonly compared: ComparedQuarter;
  /** Real time of the audit alone, the simulated account included. */
  readonly auditMs: number;
}

const [secrets = '', drop = '0', seed = '7'] = process.argv.slice(2);
const played = await playQuarter({ secrets: Number(secrets), seed: Number(seed), drop: Number(drop) });
const begun = performance.now();
const audited = await auditQuarter(played);
const auditMs = performance.now() - begun;
const measured: MeasuredQuarter = { compared: compareQuarter(played, audited), auditMs };
process.stdout.write(JSON.stringify(measured));
process.exit(0);
