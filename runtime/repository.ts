import type { OwnedEntity, RaiseOptions } from './owned.js';

/** The writing part of a repository of the user's, bound to one transaction. */
export interface Repository<E> {
  insert(entity: E): Promise<unknown>;
  update(entity: E): Promise<unknown>;
  delete(id: string): Promise<unknown>;
}

/** The same repository, telling each change. */
export type RaisingRepository<E, R extends Repository<E>> = Omit<R, 'insert' | 'update' | 'delete'> & {
  insert(entity: E, options?: RaiseOptions): Promise<Awaited<ReturnType<R['insert']>>>;
  update(entity: E, options?: RaiseOptions): Promise<Awaited<ReturnType<R['update']>>>;
  delete(id: string, options?: RaiseOptions): Promise<Awaited<ReturnType<R['delete']>>>;
};

/**
 * Lets a repository raise the entity's event with each change, so that no code path can forget it. Both run in the transaction that `owned` came from;
 * when either rejects, neither happens. Everything else of the repository is handed through.
 */
export function raising<E, R extends Repository<E>>(repository: R, owned: OwnedEntity<E>): RaisingRepository<E, R> {
  const told = {
    async insert(entity: E, options?: RaiseOptions) {
      const result = await repository.insert(entity);
      await owned.created(entity, options);
      return result;
    },
    async update(entity: E, options?: RaiseOptions) {
      const result = await repository.update(entity);
      await owned.updated(entity, options);
      return result;
    },
    async delete(id: string, options?: RaiseOptions) {
      const result = await repository.delete(id);
      await owned.deleted(id, options);
      return result;
    },
  };
  // Not a copy of the properties: those of a class live on its prototype, and may be private.
  return new Proxy(repository, {
    get(target, name) {
      if (Object.hasOwn(told, name)) return Reflect.get(told, name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as unknown as RaisingRepository<E, R>;
}
