import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../runtime/consume/validate.js';
import { createServer } from '../../runtime/http/server.js';
import type { Validator } from '../../runtime/validation.js';

/** As Ajv compiles a schema that refers to itself. */
const isNest: Validator<unknown> = Object.assign(
  (data: unknown): data is unknown => Array.isArray(data) && data.every((item) => isNest(item)),
  {},
);

/** Deep enough for any stack, and still JSON that can be read. */
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

describe('a value that is nested deeper than the stack', () => {
  it('in a message is a broken contract', () => {
    const message = { name: 'Nest', version: '1', validate: isNest };
    expect(problemsOf(message, JSON.parse(deep))).toBe('the payload is nested too deeply to be checked');
    expect(problemsOf(message, [[[]]])).toBeUndefined();
  });

  it('in a request is a bad request', async () => {
    const operation = {
      ...{ name: 'putNest', method: 'PUT', path: '/nest', parameters: [], security: [] },
      body: { required: true, content: [{ type: 'application/json', kind: 'json' as const, validate: isNest }] },
      replies: [{ status: '204', content: [] }],
    };
    const definition = { service: 'nests', basePath: '', operations: [operation] };
    const server = createServer(definition, { putNest: () => ({ status: 204 }) });
    const put = (body: string): Promise<Response> =>
      server.fetch(
        new Request('http://nests.example/nest', {
          method: 'PUT',
          body,
          headers: { 'content-type': 'application/json' },
        }),
      );
    const refused = await put(deep);
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { detail: 'the body is nested too deeply to be checked' },
    ]);
    expect((await put('[[[]]]')).status).toBe(204);
  });
});
