import { cpus } from 'node:os';
import process from 'node:process';
import { comparePeers } from './breaking/compare-peers.js';
import { linearity } from './breaking/linearity.js';

/**
 * 600 operations with 20 changes, 16 of them breaking: what seamwright, openapi-diff and Optic find of them, what they raise for the other four, and how
 * long each takes as a process of its own, on the same files in the same run. Then the same with ten times the paths and changes. The peers are installed
 * into a temporary folder at the first run.
 */
export async function main(): Promise<void> {
  console.log(
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}; whole processes, in turns`,
  );
  const found = await comparePeers();
  console.log('\n300 paths, 600 operations, 20 changes');
  for (const { name, breaks, alarms, ms, isCutOff } of found) {
    const finds = isCutOff ? 'not done, stopped' : `${String(breaks).padStart(3)} of 16  ${alarms} false alarms`;
    console.log(`  ${name.padEnd(24)}${finds.padEnd(27)}${ms.toFixed(0).padStart(8)} ms`);
  }
  const [own, ...peers] = found;
  const fastest = Math.min(...peers.map(({ ms }) => ms));
  const ratio = own === undefined ? 0 : fastest / own.ms;
  console.log(`  ${ratio.toFixed(1)} times as fast as the faster peer   target 5: ${ratio >= 5 ? 'met' : 'MISSED'}`);
  const { small, large } = await linearity(3);
  const growth = large / small;
  console.log('\nTen times the paths and the changes (30 and 20; 300 and 200)');
  console.log(
    `  ${small.toFixed(0)} ms and ${large.toFixed(0)} ms: ${growth.toFixed(1)} times   target 12: ${growth <= 12 ? 'met' : 'MISSED'}`,
  );
}
