import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CommandInput, ExitCode, Io } from '../../generator/cli/command.js';

type Run = (input: CommandInput) => Promise<ExitCode>;

/** A folder of its own and a command line in it, without a process. */
export class World {
  readonly cwd = mkdtempSync(join(tmpdir(), 'seamwright-cli-'));
  out: string[] = [];
  err: string[] = [];

  write(files: Readonly<Record<string, string>>): this {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.cwd, path)), { recursive: true });
      writeFileSync(join(this.cwd, path), content);
    }
    return this;
  }

  path(path: string): string {
    return join(this.cwd, path);
  }

  async run(
    command: Run,
    options: CommandInput['options'] = {},
    args: readonly string[] = [],
    io: Partial<Io> = {},
  ): Promise<ExitCode> {
    this.out = [];
    this.err = [];
    const world: Io = {
      cwd: this.cwd,
      env: {},
      today: '2026-01-01',
      interactive: false,
      color: false,
      out: (text) => this.out.push(text),
      err: (text) => this.err.push(text),
      progress: () => {},
      elapsedMs: () => 1_000,
      interrupted: () => Promise.resolve(),
      ...io,
    };
    return command({ args, options: { format: 'text', ...options }, io: world });
  }

  get text(): string {
    return this.out.join('\n');
  }

  remove(): void {
    rmSync(this.cwd, { recursive: true, force: true });
  }
}

const asyncapi = `asyncapi: 3.0.0
info: { title: Shop, version: 1.0.0 }
channels:
  products: { address: catalogue.product, messages: { ProductChanged: { $ref: '#/components/messages/ProductChanged' } } }
components:
  messages:
    ProductChanged:
      payload: { type: object, required: [id], properties: { id: { type: string }, name: { type: string } } }
`;

const feature = `name: products
version: 1.0.0
asyncapi: ./asyncapi.yaml
entities:
  Product:
    owner: catalogue
    event: ProductChanged
    consumers: [shop]
`;

/** The smallest project that generates something. */
export const shop: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }\n',
  'contracts/shop/seamwright.yaml': 'seamwright: "1"\nsystem: shop\n',
  'contracts/shop/products/feature.yaml': feature,
  'contracts/shop/products/asyncapi.yaml': asyncapi,
};
