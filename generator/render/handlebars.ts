import Handlebars from 'handlebars';

/** Turns a template and a view into text. */
export type Render = (template: string, view: Readonly<Record<string, unknown>>) => string;

export interface TemplateSource {
  /** Name without `.hbs`, such as `consumers` or `partials/header`. */
  readonly name: string;
  readonly text: string;
  /** Shown when the template is at fault. */
  readonly file: string;
}

/** A template that breaks the template law, or that does not parse. */
export class TemplateError extends Error {
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, message: string) {
    super(message);
    this.name = 'TemplateError';
    this.file = file;
    this.line = line;
  }
}

/**
 * One locked-down Handlebars instance: no HTML escaping (values arrive escaped for TypeScript), no helpers but `each`, `if` and `unless`, a missing variable
 * is an error, prototype properties are out of reach.
 */
export function createRender(sources: readonly TemplateSource[]): Render {
  const engine = Handlebars.create();
  for (const name of ['with', 'lookup', 'log', 'helperMissing', 'blockHelperMissing']) engine.unregisterHelper(name);
  const byName = new Map(sources.map((source) => [source.name, source]));
  const options = {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: { each: true, if: true, unless: true },
    preventIndent: true,
  };
  for (const source of sources) {
    checkLaw(source);
    if (source.name.startsWith('partials/'))
      engine.registerPartial(source.name.slice('partials/'.length), engine.compile(source.text, options));
  }
  const compiled = new Map<string, Handlebars.TemplateDelegate>();
  return (template, view) => {
    const source = byName.get(template);
    if (source === undefined) throw new Error(`no template is named "${template}"`);
    const run = compiled.get(template) ?? engine.compile(source.text, options);
    compiled.set(template, run);
    try {
      return run(view);
    } catch (error) {
      throw new TemplateError(source.file, 1, error instanceof Error ? error.message : String(error));
    }
  };
}

const allowedBlocks = new Set(['each', 'if', 'unless']);

/** Templates hold text: `{{field}}`, `{{#each}}`, `{{#if}}`, `{{#unless}}`, `{{else}}`, `{{> partial}}` and comments, nothing else. */
function checkLaw(source: TemplateSource): void {
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parseWithoutProcessing(source.text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new TemplateError(
      source.file,
      Number(/line (\d+)/.exec(message)?.[1] ?? 1),
      message.split('\n')[0] ?? message,
    );
  }
  visit(program, source.file);
}

function visit(program: hbs.AST.Program, file: string): void {
  for (const statement of program.body) {
    const { line } = statement.loc.start;
    if (statement.type === 'MustacheStatement') {
      const mustache = statement as hbs.AST.MustacheStatement;
      if (mustache.params.length > 0 || mustache.hash !== undefined)
        throw new TemplateError(file, line, 'a template may only place values: helpers with arguments are not allowed');
    }
    if (statement.type === 'BlockStatement') {
      const block = statement as hbs.AST.BlockStatement;
      const name = (block.path as hbs.AST.PathExpression).original;
      if (typeof name !== 'string' || !allowedBlocks.has(name))
        throw new TemplateError(file, line, `"{{#${name}}}" is not allowed in a template: use each, if or unless`);
      if (block.hash !== undefined || block.params.some((param) => param.type !== 'PathExpression'))
        throw new TemplateError(file, line, `"{{#${name}}}" takes one value: comparisons are made by the generator`);
      visit(block.program, file);
      if (block.inverse) visit(block.inverse, file);
    }
    if (statement.type === 'PartialStatement' && (statement as hbs.AST.PartialStatement).name.type !== 'PathExpression')
      throw new TemplateError(file, line, 'a partial is named by its name: one that is computed is not allowed');
    if (
      statement.type === 'DecoratorBlock' ||
      statement.type === 'Decorator' ||
      statement.type === 'PartialBlockStatement'
    ) {
      throw new TemplateError(file, line, 'decorators and block partials are not allowed in a template');
    }
  }
}
