import { dirname, resolve } from 'node:path';
import { nearestAll } from '../diagnostics/nearest.js';
import type { Source } from './documents.js';
import type { Files } from './files.js';
import { child, isMapping, keyOf, type Place, rootOf, schemaRefOf } from './place.js';
import { stepsOf } from './pointer.js';
import { isBareRef, refsIn, refText, splitRef } from './ref.js';

/** Follows `$ref` within and across files. Reads referenced files on the way; whatever cannot be followed was reported by `readReferenced`. */
export class References {
  constructor(private readonly files: Files) {}

  /** The place behind a `$ref`, through any number of hops; the place itself when it is none; undefined when it dangles or runs in a circle. */
  follow(place: Place | undefined): Place | undefined {
    const seen = new Set<string>();
    let current = place;
    while (current !== undefined && refText(current.value) !== undefined) {
      const key = keyOf(schemaRefOf(current));
      if (seen.has(key)) return undefined;
      seen.add(key);
      current = this.target(current, refText(current.value) ?? '', seen);
    }
    return current;
  }

  /** Like `follow`, but stops at a `$ref` with siblings that mean something of their own (JSON Schema 2019-09 and later). */
  followBare(place: Place | undefined): Place | undefined {
    const seen = new Set<string>();
    let current = place;
    while (current !== undefined && isBareRef(current.value)) {
      const key = keyOf(schemaRefOf(current));
      if (seen.has(key)) return place;
      seen.add(key);
      current = this.target(current, refText(current.value) ?? '', seen);
    }
    return current ?? place;
  }

  /** The value under `step` of whatever `place` refers to, itself followed. */
  step(place: Place | undefined, step: string | number): Place | undefined {
    const here = this.follow(place);
    return here === undefined ? undefined : this.follow(child(here, step));
  }

  private target(from: Place, text: string, seen: Set<string>): Place | undefined {
    const { file, pointer } = splitRef(text);
    const source = file === '' ? from.source : this.files.sources.get(resolve(dirname(from.source.path), file));
    if (source === undefined || pointer === undefined) return undefined;
    let current: Place | undefined = rootOf(source);
    for (const step of stepsOf(pointer)) {
      if (current === undefined) return undefined;
      const next = child(current, step);
      if (next !== undefined || refText(current.value) === undefined) {
        current = next;
        continue;
      }
      // The pointer runs through a reference: "#/channels/orders/messages/x/payload" where x is itself a $ref.
      const key = keyOf(schemaRefOf(current));
      if (seen.has(key)) return undefined;
      seen.add(key);
      const through: Place | undefined = this.target(current, refText(current.value) ?? '', seen);
      const landed = this.follow(through);
      current = landed === undefined ? undefined : child(landed, step);
    }
    return current;
  }
}

/** Reads every file that `entry` reaches by `$ref`, itself included, and reports each reference that leads nowhere, to the network, or out of the project. */
export function readReferenced(entry: Source, files: Files, references: References): readonly Source[] {
  const queue = [entry];
  const queued = new Set(queue);
  const found: Place[] = [];
  for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
    for (const place of refsIn(rootOf(source))) {
      found.push(place);
      const target = fileOf(place, files);
      if (target === undefined || queued.has(target)) continue;
      queued.add(target);
      queue.push(target);
    }
  }
  for (const place of found) reportDangling(place, files, references);
  return [...queued];
}

function fileOf(place: Place, files: Files): Source | undefined {
  const text = refText(place.value) ?? '';
  const at = place.source.at([...place.path, '$ref']);
  const { file } = splitRef(text);
  if (file === '') return undefined;
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(file)) {
    files.report({
      rule: 'load-remote-ref',
      severity: 'error',
      message: `reference "${text}" leads out of the file system; nothing is fetched from the network.`,
      at,
      fix: 'save the document beside this one and refer to the copy.',
      unreadable: true,
    });
    return undefined;
  }
  return files.read(resolve(dirname(place.source.path), file), at);
}

function reportDangling(place: Place, files: Files, references: References): void {
  const text = refText(place.value) ?? '';
  const { file, pointer } = splitRef(text);
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(file)) return;
  const source = file === '' ? place.source : files.sources.get(resolve(dirname(place.source.path), file));
  if (source === undefined || references.follow(place) !== undefined) return;
  const at = place.source.at([...place.path, '$ref']);
  const report = (rule: string, message: string, fix: string) =>
    files.report({ rule, severity: 'error', message, at, fix, unreadable: true });
  if (pointer === undefined) {
    report('ref-dangling', `reference "${text}" is no JSON pointer.`, 'write "#/components/..." with the full path.');
    return;
  }
  const last = stepsOf(pointer).at(-1) ?? '';
  const siblings = nearestSiblings(source, pointer, references);
  if (siblings === undefined) {
    report(
      'ref-cycle',
      `reference "${text}" leads in a circle and never to a value.`,
      'let one of the references hold the value.',
    );
    return;
  }
  const near = nearestAll(last, siblings, 3);
  const fix =
    near.length > 0
      ? `did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
      : siblings.length > 0
        ? `define it, or refer to one of ${siblings
            .slice(0, 5)
            .map((name) => `"${name}"`)
            .join(', ')}.`
        : 'define it, or correct the path.';
  report('ref-dangling', `reference "${text}" leads to nothing.`, fix);
}

/** Names that stand where the pointer breaks off; undefined when it does not break off (then the reference is circular). */
function nearestSiblings(source: Source, pointer: string, references: References): readonly string[] | undefined {
  let current: Place | undefined = rootOf(source);
  for (const step of stepsOf(pointer)) {
    const here: Place | undefined = current === undefined ? undefined : (references.follow(current) ?? current);
    const next: Place | undefined = here === undefined ? undefined : child(here, step);
    if (next === undefined) return isMapping(here?.value) ? Object.keys(here.value) : [];
    current = next;
  }
  return undefined;
}
