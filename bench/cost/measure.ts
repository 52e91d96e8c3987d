import { simulatedDay } from './simulated-day.ts';

const [secrets, memberSecrets] = process.argv.slice(2).map(Number);
if (secrets === undefined) throw new Error('Usage: measure.ts SECRETS [SECRETS_OF_A_MEMBER]');
const usage = await simulatedDay({ secrets, ...(memberSecrets === undefined ? {} : { memberSecrets }) });
process.stdout.write(JSON.stringify(usage));
