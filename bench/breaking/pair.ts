import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bigOpenApi, changed, type Planted, plantedOpenApi } from '../../test/compat/big-openapi.js';

/** Two states of one document on disk, and what was changed between them. */
export interface DocumentPair {
  readonly before: string;
  readonly after: string;
  /** Paths of both files, the newer one second. */
  readonly files: readonly [string, string];
  readonly planted: readonly Planted[];
}

/** Writes a document with that many paths, and the same with the twenty changes planted `times` times. */
export function writePair(dir: string, paths: number, times: number): DocumentPair {
  const document = bigOpenApi(paths);
  const width = paths / times;
  const step = width >= 300 ? 14 : 1;
  const planted = Array.from({ length: times }, (_, index) =>
    plantedOpenApi(step).map((each) => ({ ...each, path: each.path + index * width })),
  ).flat();
  const write = (side: string, value: unknown): string => {
    const folder = join(dir, side, 'shop');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'api.openapi.json'), `${JSON.stringify(value, null, 2)}\n`);
    return folder;
  };
  const before = write('before', document);
  const after = write('after', changed(document, planted));
  const files = [join(before, 'api.openapi.json'), join(after, 'api.openapi.json')] as const;
  return { before, after, files, planted };
}
