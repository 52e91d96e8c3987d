import { measureWindow } from '../../bench/client/window/measure.ts';

// Clients of others go on reading in the background, so the process ends at once.
const costs = await measureWindow(Number(process.argv[2]));
process.stdout.write(JSON.stringify(costs), () => process.exit(0));
