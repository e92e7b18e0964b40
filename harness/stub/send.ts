import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answer.js';
import type { Fault } from './fault.js';

const SLOW_BODY_MS = 10_000;
const SLOW_PIECES = 10;

/** Sends an answer, as well as the fault lets it. Resolves when nothing more will be sent. */
export async function send(
  outgoing: ServerResponse,
  answer: Answer,
  fault: Fault | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (fault?.damage === 'reset') return reset(outgoing);
  outgoing.writeHead(answer.status, {
    ...answer.headers,
    ...(hasLength(answer) && { 'content-length': answer.body.byteLength }),
  });
  const { body } = answer;
  if (outgoing.req.method === 'HEAD') outgoing.end();
  else if (fault?.damage === 'slow-body') await sendSlowly(outgoing, body, fault.bodyMs ?? SLOW_BODY_MS, signal);
  else if (fault?.damage === 'close-mid-body') await sendHalf(outgoing, body);
  else outgoing.end(body);
}

/** An answer without a body at all has no length either (RFC 9110 section 8.6). */
function hasLength({ status }: Answer): boolean {
  return status !== 204 && status !== 304;
}

/** The other side sees "connection reset by peer" before the first byte. */
function reset(outgoing: ServerResponse): void {
  const { socket } = outgoing;
  if (socket === null) outgoing.destroy();
  else socket.resetAndDestroy();
}

async function sendSlowly(
  outgoing: ServerResponse,
  body: Uint8Array,
  totalMs: number,
  signal: AbortSignal,
): Promise<void> {
  const piece = Math.max(1, Math.ceil(body.byteLength / SLOW_PIECES));
  for (let at = 0; at < body.byteLength && !outgoing.destroyed; at += piece) {
    await sleep(totalMs / SLOW_PIECES, undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    outgoing.write(body.subarray(at, at + piece));
  }
  outgoing.end();
}

/** Half of what was announced has to be on its way before the connection goes. */
async function sendHalf(outgoing: ServerResponse, body: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    if (body.byteLength < 2) {
      outgoing.flushHeaders();
      resolve();
    } else outgoing.write(body.subarray(0, body.byteLength >> 1), () => resolve());
  });
  outgoing.destroy();
}
