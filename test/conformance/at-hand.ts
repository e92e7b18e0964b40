import { connect } from 'node:net';
import process from 'node:process';
import { describe, it } from 'vitest';

/** A kind of server that a suite needs, and where it may be found. */
export interface ServerKind {
  /** As the tests call it: `rabbitmq`. */
  readonly name: string;
  /** Variable that names another one than the usual. */
  readonly variable: string;
  /** Where such a server usually listens on a developer's machine. */
  readonly usual: string;
}

export const serverKinds = {
  rabbitmq: { name: 'rabbitmq', variable: 'SEAMWRIGHT_TEST_AMQP_URL', usual: 'amqp://guest:guest@127.0.0.1:5672' },
  nats: { name: 'nats', variable: 'SEAMWRIGHT_TEST_NATS_URL', usual: 'nats://127.0.0.1:4222' },
  kafka: { name: 'kafka', variable: 'SEAMWRIGHT_TEST_KAFKA_URL', usual: 'kafka://127.0.0.1:9092' },
  redis: { name: 'redis', variable: 'SEAMWRIGHT_TEST_REDIS_URL', usual: 'redis://127.0.0.1:6379' },
  postgres: {
    name: 'postgres',
    variable: 'SEAMWRIGHT_TEST_DATABASE_URL',
    usual: 'postgres://postgres@127.0.0.1:5432/test',
  },
} as const satisfies Record<string, ServerKind>;

/** URL of a server that takes connections, or why there is none. */
export type AtHand = { readonly url: string } | { readonly missing: string };

/** The server that the environment names, else the one on its usual port. */
export async function atHand(kind: ServerKind): Promise<AtHand> {
  const url = process.env[kind.variable] ?? kind.usual;
  const { hostname, port } = new URL(url);
  if (await listens(hostname, Number(port))) return { url };
  return { missing: `no ${kind.name} on ${hostname}:${port}; set ${kind.variable} to use another one` };
}

/**
 * Runs a suite against a server. Without one the suite is skipped and its name says why; with `SEAMWRIGHT_REQUIRE_SERVICES=1`, as in CI, that is a failure.
 */
export function describeWith(name: string, server: AtHand, suite: (url: string) => void): void {
  if ('url' in server) {
    describe(name, () => suite(server.url));
    return;
  }
  if (process.env.SEAMWRIGHT_REQUIRE_SERVICES === '1') {
    it(`${name}: the server is at hand`, () => {
      throw new Error(server.missing);
    });
    return;
  }
  describe.skip(`${name} (skipped: ${server.missing})`, () => {
    it('needs the server', () => {});
  });
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const answer = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', answer(true));
    socket.once('error', answer(false));
    socket.once('timeout', answer(false));
  });
}
