import type { Model } from '../../generator/model/types.js';
import { UsageError } from '../../runtime/errors.js';
import type { Stub } from '../stub/start-stub.js';

/** What a service that is called answers for the time of one interaction, instead of what its stub makes up. */
export interface ScriptedAnswers {
  /** Throws `UsageError` when the contracts know no such operation of a service that is called. */
  answer(provider: string, operation: string, body: unknown, status?: number): void;
  /** The clients' way out. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  clear(): void;
}

interface Scripted {
  readonly method: string;
  readonly base: string;
  readonly path: RegExp;
  readonly status: number;
  readonly body: unknown;
}

/** `stubs` answer everything that is not scripted. The last answer for an operation counts. */
export function scriptedAnswers(model: Model, stubs: Readonly<Record<string, Stub>>): ScriptedAnswers {
  let scripted: Scripted[] = [];
  return {
    answer(provider, operation, body, status = 200) {
      const definition = model.operations.get(`${provider}.${operation}`)?.definition;
      const stub = stubs[provider];
      if (definition === undefined || stub === undefined)
        throw new UsageError(`the contracts have no operation ${operation} of "${provider}" that this service calls`);
      const path = new RegExp(
        `^${definition.path
          .split(/\{[^{}]*\}/)
          .map(escaped)
          .join('[^/]+')}$`,
      );
      scripted.unshift({ method: definition.method.toUpperCase(), base: stub.url, path, status, body });
    },
    async fetch(url, init) {
      const method = (init.method ?? 'GET').toUpperCase();
      const found = scripted.find((each) => each.method === method && isAt(each, url));
      if (found === undefined) return fetch(url, init);
      const empty = found.body === undefined || found.body === null;
      return empty ? new Response(null, { status: found.status }) : Response.json(found.body, { status: found.status });
    },
    clear() {
      scripted = [];
    },
  };
}

function isAt({ base, path }: Scripted, url: string): boolean {
  const plain = url.split('?', 1)[0] ?? url;
  return plain.startsWith(base) && path.test(plain.slice(base.length));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
