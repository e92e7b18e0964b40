import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const program = `
const { Verifier } = await import('@pact-foundation/pact');
const { handlers, ...options } = JSON.parse(process.env.OPTIONS);
const stateHandlers = {};
for (const [name, what] of Object.entries(handlers))
  stateHandlers[name] = async () => { if (what === 'throw') throw new Error('the cage is locked'); };
try { await new Verifier({ ...options, stateHandlers, logLevel: 'error' }).verifyProvider(); process.exitCode = 0; }
catch { process.exitCode = 1; }
process.exit();
`;

/** What Pact by itself says of a file and a provider that answers every request with `body`: the verdict that ours is compared with. */
export async function plainPact(
  file: string,
  body: (path: string) => object,
  handlers: Readonly<Record<string, 'nothing' | 'throw'>> = {},
): Promise<'green' | 'red'> {
  const server = createServer((incoming, outgoing) => {
    outgoing.setHeader('content-type', 'application/json');
    outgoing.end(JSON.stringify(body(incoming.url ?? '')));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const providerBaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = JSON.stringify({ provider: 'zoo', providerBaseUrl, pactUrls: [file], handlers });
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: join(import.meta.dirname, '../../..'),
    env: { ...process.env, OPTIONS: options, PACT_DO_NOT_TRACK: 'true' },
    stdio: 'ignore',
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  server.close();
  server.closeAllConnections();
  return code === 0 ? 'green' : 'red';
}
