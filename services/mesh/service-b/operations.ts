import { ProblemError } from 'seamwright/runtime';
import type { ServiceBOperations } from '#generated/mesh/service-b/server.gen.js';
import type { ServiceBService } from '#generated/mesh/service-b/service.gen.js';
import { changeItem, findItem, type VersionedItem } from './items.js';

/** What service-b answers. An item's ETag is its version. */
export function serviceBOperations(service: ServiceBService): ServiceBOperations {
  return {
    async getItem({ path }) {
      const found = await service.transaction((tx) => findItem(tx, path.id));
      if (found === null) throw new ProblemError(404);
      return reply(found);
    },
    updateItem: ({ path, headers, body }) =>
      service.transaction(async (tx) => {
        const version = versionIn(headers.ifMatch);
        const changed = version === null ? null : await changeItem(tx, path.id, version, body);
        if (changed !== null) return reply(changed);
        const present = await findItem(tx, path.id);
        if (present === null) throw new ProblemError(404);
        throw new ProblemError(412, {
          title: 'Another version',
          detail: `the item has version ${etagOf(present)} by now, not ${headers.ifMatch}`,
        });
      }),
  };
}

function reply(found: VersionedItem) {
  return { status: 200, body: found.item, headers: { etag: etagOf(found) } } as const;
}

function etagOf({ version }: VersionedItem): string {
  return `"${version}"`;
}

/** Undefined for `*`, which any version matches; null for what is no version of ours and so matches none. A weak tag never matches (RFC 9110 section 13.1.1). */
function versionIn(ifMatch: string): number | undefined | null {
  if (ifMatch.trim() === '*') return undefined;
  const digits = /^"([1-9]\d{0,8})"$/.exec(ifMatch.trim())?.[1];
  return digits === undefined ? null : Number(digits);
}
