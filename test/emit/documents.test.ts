import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EmitInput } from '../../generator/emit/emitter.js';
import {
  markdownCellCode,
  markdownCode,
  markdownText,
  mermaidId,
  mermaidLabel,
  mermaidText,
} from '../../generator/emit/names.js';
import { planFiles } from '../../generator/emit/plan.js';
import { emitters } from '../../generator/emit/registry.js';
import { readTemplates } from '../../generator/load/templates.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';
import type { Model } from '../../generator/model/types.js';
import { prepareTemplates } from '../../generator/render/templates.js';

const root = join(import.meta.dirname, '../..');
const cases = join(import.meta.dirname, '../cases/emit/documents');
const documentEmitters = emitters.filter((emitter) =>
  /^(document-index|service-map|ownership-matrix|event-table|field-matrix|http-table|flow-diagrams|saga-pages)$/.test(
    emitter.name,
  ),
);

interface Documents {
  readonly model: Model;
  /** Text by path below `docs/`. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A case is a folder: contracts in `input`, the documents they become in `expected`. UPDATE_CASES=1 writes the latter anew, to be read in the diff. */
describe.each(readdirSync(cases).sort())('documents of %s', (name) => {
  let made: Documents;
  beforeAll(async () => {
    made = await documentsOf('.', join(cases, name, 'input'), true);
  });

  it('are the expected ones', () => {
    const folder = join(cases, name, 'expected');
    if (process.env.UPDATE_CASES === '1') rewrite(folder, made.texts);
    const expected = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(md|json)$/.test(path),
    );
    expect([...made.texts.keys()].sort()).toEqual(expected.sort());
    for (const [path, text] of made.texts) expect(text, path).toBe(readFileSync(join(folder, path), 'utf8'));
  });

  it('hold together', () => expectSound(made));
});

describe.each(['easyplatform', 'dhanman'])('documents of %s', (system) => {
  let made: Documents;
  beforeAll(async () => {
    made = await documentsOf(`contracts/${system}`, root, false);
  });
  const text = (path: string): string => made.texts.get(path) ?? '';

  it('hold together', () => expectSound(made));

  it('are the same, byte for byte, the second time', async () => {
    expect((await documentsOf(`contracts/${system}`, root, false)).texts).toEqual(made.texts);
  });

  it('name every entity with its owner and every copy', () => {
    for (const entity of made.model.entities.values()) {
      const row = rows(text('ownership.md'), 'Owners and consumers').find(([name]) => name === entity.name);
      expect(row?.[2], entity.name).toBe(entity.owner);
      for (const copy of entity.consumers) expect(row?.[3]).toContain(copy.service);
    }
  });

  it('name every event with its publisher, its consumers and a purpose', () => {
    const table = rows(text('events.md'), 'Events of');
    for (const event of made.model.events.values()) {
      const row = table.find(([name]) => name === event.name);
      expect(row?.[1], event.name).toBe(event.publisher);
      for (const consumer of event.consumers) expect(row?.[2]).toContain(consumer.service);
    }
    for (const entity of made.model.entities.values())
      if (entity.event !== undefined) expect(table.map(([name]) => name)).toContain(entity.event);
    for (const row of table) expect(row[3]).not.toBe('–');
  });

  it('show every kept field in the column of its copy', () => {
    for (const entity of made.model.entities.values()) {
      const table = rows(text('fields.md'), entity.name);
      entity.consumers.forEach((copy, column) => {
        const kept = table.filter((row) => row[4 + column]?.startsWith('kept')).map(([field]) => field);
        expect(kept.sort(), `${copy.service} ${entity.name}`).toEqual(
          copy.fields.map((field) => `\`${field.path}\``).sort(),
        );
      });
    }
  });

  it('name every operation and every caller', () => {
    for (const operation of made.model.operations.values()) {
      const row = rows(text('http.md'), operation.service).find(([name]) => name === operation.definition.id);
      const callers = made.model.http.filter(
        (edge) =>
          edge.to === operation.service && edge.operations.some((called) => called.id === operation.definition.id),
      );
      for (const edge of callers) expect(row?.[3]).toContain(edge.from);
      expect(row?.[1]).toContain(operation.definition.path);
    }
  });

  it('draw every flow without a step that the contracts do not know', () => {
    const flows = [...made.texts].filter(([path]) => path.startsWith('flows/'));
    expect(flows).toHaveLength(made.model.flows.length);
    for (const [path, flow] of flows) expect(flow, path).not.toContain('Steps that no operation');
  });
});

describe('a flow', () => {
  it('answers a call after the calls it makes, before the messages it causes', async () => {
    const { texts } = await documentsOf('contracts/dhanman', root, false);
    const lines = (texts.get('flows/invoice-creation-create-invoice.md') ?? '').split('\n').map((line) => line.trim());
    const order = [
      'n_frontend->>+n_sales',
      'n_sales->>+n_common',
      'n_common-->>-n_sales',
      'n_sales-->>-n_frontend',
      'n_sales--)broker',
      'broker--)n_common',
      'broker--)n_notification',
    ];
    const arrows = lines.filter((line) => /^\w+-+[>)]/.test(line)).map((line) => line.split(':')[0]);
    expect(arrows).toEqual(order);
  });
});

describe('text of contracts in documents', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(
        '`',
        '|',
        '\\',
        '"',
        '<',
        '>',
        '#',
        ';',
        ':',
        '&',
        '\n',
        '%',
        '{',
        '}',
        '-',
        'a',
        ' ',
        '\u2028',
      ),
    }),
  );

  it('never opens markup in Markdown', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const bare = markdownText(text).replace(/\\[!-/:-@[-`{-~]/g, '');
        expect(bare).not.toMatch(/[`*_<>|[\]&~$#\\\n\r]/);
      }),
    );
  });

  it('stays one code span, and one cell', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const line = text.replace(/\s+/g, ' ').trim();
        const span = markdownCode(text);
        const fence = /^`+/.exec(span)?.[0] ?? '';
        const inner = span.slice(fence.length, span.length - fence.length);
        expect((inner.match(/`+/g) ?? []).map((run) => run.length)).not.toContain(fence.length);
        expect(inner.trim()).toBe(line);
        expect(markdownCellCode(text).replaceAll('\\|', '')).not.toContain('|');
      }),
    );
  });

  it('is only letters, harmless signs and character codes in Mermaid, and is read back as it was', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const shown = mermaidText(text);
        expect(shown.replace(/#\d+;/g, '')).toMatch(/^[\p{L}\p{M}\p{N} .,_/…-]*$/u);
        const line = [...text.replace(/\s+/g, ' ').trim()];
        const back = shown.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
        expect(back).toBe(line.length > 100 ? `${line.slice(0, 99).join('')}…` : line.join(''));
        expect(mermaidLabel(text)).toBe(`"${shown}"`);
        expect(mermaidId(text)).toMatch(/^n_[a-z0-9_]+$/);
      }),
    );
  });
});

async function documentsOf(dir: string, cwd: string, apart: boolean): Promise<Documents> {
  const { workspace, findings } = await loadWorkspace(dir, {
    cwd,
    ...(apart ? { project: cwd } : {}),
    validate: 'fast',
  });
  expect(findings).toEqual([]);
  if (workspace === undefined) throw new Error(`no contracts in ${cwd}`);
  const { model } = buildModel(workspace);
  const { render } = prepareTemplates(readTemplates.builtIn(), []);
  if (render === undefined) throw new Error('the templates do not parse');
  // Documents are made of the model alone.
  const plan = planFiles(documentEmitters, { model } as EmitInput);
  expect(plan.findings).toEqual([]);
  return {
    model,
    texts: new Map(plan.files.map((file) => [posix.relative('docs', file.path), render(file.template, file.view)])),
  };
}

/** Tables are rectangular, links lead somewhere, diagrams hold nothing but the lines that we write, and no machine shows through. */
function expectSound({ texts }: Documents): void {
  expect(texts.size).toBeGreaterThan(6);
  for (const [path, text] of texts) {
    expect(text, path).not.toContain(root);
    if (!path.endsWith('.md')) continue;
    expect(text.match(/^# /gm), path).toHaveLength(1);
    for (const block of text.match(/(^\|.*\n)+/gm) ?? []) {
      const widths = block
        .trimEnd()
        .split('\n')
        .map((line) => cells(line).length);
      expect(new Set(widths).size, `${path}\n${block}`).toBe(1);
    }
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g))
      if (target.endsWith('.md')) expect([...texts.keys()], path).toContain(posix.join(posix.dirname(path), target));
    for (const [, diagram = ''] of text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)) expectDiagram(path, diagram);
    expect(text.match(/^```/gm)?.length ?? 0, path).toBe((text.match(/^```mermaid$/gm)?.length ?? 0) * 2);
  }
}

const label = String.raw`"(?:[\p{L}\p{M}\p{N} .,_/…-]|#\d+;|<br\/>)*"`;
const words = String.raw`(?:[\p{L}\p{M}\p{N} .,_/…-]|#\d+;|<br\/>)*`;
const lineShapes = [
  /^(flowchart (TB|LR)|sequenceDiagram|stateDiagram-v2|end)$/,
  new RegExp(`^state ${label} as s\\d+$`, 'u'),
  /^(\[\*\]|s\d+) --> s\d+: [a-z ]+$/,
  /^s\d+ --> \[\*\]$/,
  new RegExp(`^subgraph \\w+\\[${label}\\]$`, 'u'),
  new RegExp(`^\\w+(\\[\\[${label}\\]\\]|\\(\\[${label}\\]\\)|\\[${label}\\])$`, 'u'),
  new RegExp(`^\\w+ (-->|-\\.->|==>)\\|${label}\\| \\w+$`, 'u'),
  /^linkStyle \d+(,\d+)* stroke:#[0-9a-f]{6},stroke-width:\dpx$/,
  new RegExp(`^participant \\w+ as ${words}$`, 'u'),
  new RegExp(`^Note over \\w+: ${words}$`, 'u'),
  new RegExp(`^\\w+(->>|->>\\+|-->>-|--\\))\\w+: ${words}$`, 'u'),
];

function expectDiagram(path: string, diagram: string): void {
  // The one diagram without a name of a contract stands in its template as it is.
  if (diagram.includes('publisher, one commit')) return;
  for (const line of diagram.trimEnd().split('\n'))
    expect(
      lineShapes.some((shape) => shape.test(line.trim())),
      `${path}: ${line}`,
    ).toBe(true);
  const opened = diagram.match(/->>\+/g)?.length ?? 0;
  expect(diagram.match(/-->>-/g)?.length ?? 0, path).toBe(opened);
}

/** Cells of the first table below a heading that starts with `heading`, without its two head lines. */
function rows(text: string, heading: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.replace(/^#+ /, '').startsWith(heading) && line.startsWith('#'));
  const first = lines.findIndex((line, index) => index > start && line.startsWith('|'));
  const table = start < 0 ? [] : lines.slice(first);
  const end = table.findIndex((line) => !line.startsWith('|'));
  return table.slice(2, end).map(cells);
}

/** A bar behind a backslash belongs to the cell. */
function cells(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function rewrite(folder: string, texts: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
