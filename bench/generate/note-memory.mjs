import { writeFileSync } from 'node:fs';

// Preloaded into every measured process: leaves its largest resident set, in KiB.
process.once('exit', () => writeFileSync(process.env.SEAMWRIGHT_BENCH_NOTE, String(process.resourceUsage().maxRSS)));
