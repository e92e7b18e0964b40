import type {
  MessageDefinition,
  Service,
  ServiceDefinition,
  ServiceOptions,
  ServiceTransaction,
} from 'seamwright/runtime';

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

export const modules = [
  'catalog/service.gen.ts',
  'shop/service.gen.ts',
  'search/service.gen.ts',
  'desk/service.gen.ts',
  'messages/ItemChanged.message.gen.ts',
];
