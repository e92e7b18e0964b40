import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type {
  MessageDefinition,
  Service,
  ServiceDefinition,
  ServiceOptions,
  ServiceTransaction,
} from 'seamwright/runtime';

const ROOT = join(import.meta.dirname, '../..');

/** An owner's entity in a generated transaction. */
interface Raises {
  save(entity: unknown): Promise<unknown>;
}

/** The generated modules of the benchmark's contracts, as far as it uses them. */
export interface Generated {
  readonly createCatalog: (options: ServiceOptions) => Service<ServiceTransaction & { readonly Item: Raises }>;
  readonly createShop: (options: ServiceOptions) => Service;
  readonly createSearch: (options: ServiceOptions) => Service;
  readonly createDesk: (options: ServiceOptions) => Service;
  readonly shopDefinition: ServiceDefinition;
  readonly searchDefinition: ServiceDefinition;
  readonly deskDefinition: ServiceDefinition;
  readonly itemChangedMessage: MessageDefinition;
}

/** Generates the services of the benchmark into a folder of this repository, where they find the library, and loads them; the folder goes afterwards. */
export async function withGenerated<T>(work: (generated: Generated) => Promise<T>): Promise<T> {
  const folder = join(ROOT, 'bench/.work/consume');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    cpSync(join(import.meta.dirname, 'contracts'), join(folder, 'contracts'), { recursive: true });
    writeFileSync(
      join(folder, 'contracts/seamwright.yaml'),
      'seamwright: "1"\nsystem: bench\noutput: bench/.work/consume/generated\nservices: bench/.work/consume/services\n',
    );
    const command = [join(ROOT, 'dist/generator/cli/main.js'), 'generate', 'contracts', '--quiet'];
    execFileSync(process.execPath, command, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    const modules = [
      'catalog/service.gen.ts',
      'shop/service.gen.ts',
      'search/service.gen.ts',
      'desk/service.gen.ts',
      'messages/ItemChanged.message.gen.ts',
    ];
    const loaded = await Promise.all(modules.map((path): Promise<object> => import(join(folder, 'generated', path))));
    return await work(Object.assign({}, ...loaded) as Generated);
  } finally {
    rmSync(join(ROOT, 'bench/.work'), { recursive: true, force: true });
  }
}
