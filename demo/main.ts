import { spawnSync } from 'node:child_process';
import { playDhanman } from './dhanman.js';
import { playEasyPlatform } from './easyplatform.js';
import { Stage } from './stage.js';
import { bad, chapter, good, say } from './telling.js';

// The whole product in one run: contracts become code, and the code keeps its promises while messages arrive late, twice and out of order. Exits 1 when it does not.
const started = performance.now();
generate();
const stage = new Stage();
const outcomes = [await playEasyPlatform(stage), await playDhanman(stage)];
await stage.close();
chapter('In the end');
const wrong = outcomes.reduce((sum, outcome) => sum + outcome.naiveWrong, 0);
const generatedWrong = outcomes.reduce((sum, outcome) => sum + outcome.generatedWrong, 0);
const all = outcomes.reduce((sum, outcome) => sum + outcome.all, 0);
say(`naive consumers:     ${bad(`${wrong} of ${all} wrong`)}`);
say(
  `generated consumers: ${generatedWrong === 0 ? good(`${generatedWrong} of ${all} wrong`) : bad(`${generatedWrong} of ${all} wrong`)}`,
);
say(`${((performance.now() - started) / 1000).toFixed(1)} s, ${stage.place}`);
// A naive twin that is right would prove nothing.
process.exitCode = generatedWrong === 0 && wrong > 0 ? 0 : 1;

function generate(): void {
  chapter('Contracts become code: seamwright generate');
  const run = spawnSync(
    process.execPath,
    ['-C', 'seamwright-source', '--import', 'tsx', 'generator/cli/main.ts', 'generate'],
    { encoding: 'utf8' },
  );
  for (const line of run.stdout.trimEnd().split('\n')) if (line.startsWith('generated/')) say(line);
  if (run.status !== 0) {
    process.stdout.write(run.stdout + run.stderr);
    process.exit(run.status ?? 1);
  }
}
