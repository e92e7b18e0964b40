import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncapiDocument, openapiDocument } from './generate/documents.js';
import { type Measured, measure, median } from './generate/measure.js';

const ROOT = join(import.meta.dirname, '..');
const CLI = join(ROOT, 'dist/generator/cli/main.js');

/** Generating from N messages and N operations: cold, with nothing changed, with one message changed; against the libraries for types on their own. */
export async function main(): Promise<void> {
  console.log(
    `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}; median of whole processes`,
  );
  for (const [messages, runs] of [
    [30, 7],
    [300, 3],
  ] as const) {
    const dir = mkdtempSync(join(tmpdir(), 'seamwright-bench-'));
    try {
      report(messages, await compared(dir, messages, runs));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
}

interface Compared {
  readonly modelina: Measured;
  readonly openapiTypescript: Measured;
  readonly cold: Measured;
  readonly unchanged: Measured;
  readonly changed: Measured;
}

/** Rounds of all five, so that a slow minute of the machine slows each of them. */
async function compared(dir: string, messages: number, runs: number): Promise<Compared> {
  const asyncapi = join(dir, 'contracts/asyncapi.yaml');
  const openapi = join(dir, 'contracts/shop.openapi.yaml');
  mkdirSync(join(dir, 'contracts'));
  writeFileSync(join(dir, 'package.json'), '{ "name": "bench", "type": "module" }\n');
  writeFileSync(asyncapi, asyncapiDocument(messages));
  writeFileSync(openapi, openapiDocument(messages));
  const rounds: Record<keyof Compared, Measured[]> = {
    modelina: [],
    openapiTypescript: [],
    cold: [],
    unchanged: [],
    changed: [],
  };
  const generate = (): Promise<Measured> => measure(dir, [CLI, 'generate', 'contracts', '--quiet']);
  for (let round = 0; round < runs; round += 1) {
    rounds.modelina.push(
      await measure(dir, [join(import.meta.dirname, 'generate/modelina.mjs'), asyncapi, 'peer-messages.ts']),
    );
    rounds.openapiTypescript.push(
      await measure(dir, [join(import.meta.dirname, 'generate/openapi-typescript.mjs'), openapi, 'peer-http.ts']),
    );
    for (const left of ['generated', 'services', '.seamwright'])
      rmSync(join(dir, left), { recursive: true, force: true });
    rounds.cold.push(await generate());
    rounds.unchanged.push(await generate());
    const text = readFileSync(asyncapi, 'utf8');
    writeFileSync(asyncapi, text.replace('Number of the order 7.', `Number of the order 7, round ${round}.`));
    rounds.changed.push(await generate());
    writeFileSync(asyncapi, text);
  }
  return {
    modelina: median(rounds.modelina),
    openapiTypescript: median(rounds.openapiTypescript),
    cold: median(rounds.cold),
    unchanged: median(rounds.unchanged),
    changed: median(rounds.changed),
  };
}

function report(messages: number, found: Compared): void {
  const peers = found.modelina.ms + found.openapiTypescript.ms;
  const ofPeers = found.cold.ms / peers;
  const ofCold = found.unchanged.ms / found.cold.ms;
  const line = (name: string, { ms, rssMb }: Measured, ratio = ''): string =>
    `  ${name.padEnd(36)}${ms.toFixed(0).padStart(7)} ms ${rssMb.toFixed(0).padStart(6)} MB  ${ratio}`;
  const verdict = (holds: boolean): string => (holds ? 'met' : 'MISSED');
  console.log(`\n${messages} messages and ${messages} operations`);
  console.log(line('Modelina, types of messages', found.modelina));
  console.log(line('openapi-typescript, types of HTTP', found.openapiTypescript));
  console.log(
    line(
      'both, one after the other',
      { ms: peers, rssMb: Math.max(found.modelina.rssMb, found.openapiTypescript.rssMb) },
      '1.00',
    ),
  );
  console.log(
    line(
      'seamwright generate, cold',
      found.cold,
      `${ofPeers.toFixed(2)} of both   target 1.30: ${verdict(ofPeers <= 1.3)}`,
    ),
  );
  console.log(
    line(
      'seamwright generate, nothing changed',
      found.unchanged,
      `${ofCold.toFixed(2)} of cold   target 0.10 and 300 ms: ${verdict(ofCold < 0.1 && found.unchanged.ms < 300)}`,
    ),
  );
  console.log(
    line(
      'seamwright generate, 1 message changed',
      found.changed,
      `${(found.changed.ms / found.cold.ms).toFixed(2)} of cold`,
    ),
  );
}
