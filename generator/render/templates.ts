import type { Finding } from '../diagnostics/finding.js';
import { createRender, type Render, TemplateError, type TemplateSource } from './handlebars.js';

/** The built-in templates with the user's same-named ones in their place. A broken template is a finding at its file and line. */
export function prepareTemplates(
  builtIn: readonly TemplateSource[],
  own: readonly TemplateSource[],
): { readonly render: Render | undefined; readonly findings: readonly Finding[] } {
  const names = new Set(builtIn.map((source) => source.name));
  const findings: Finding[] = own
    .filter((source) => !names.has(source.name))
    .map((source) => ({
      rule: 'template-unknown',
      severity: 'warning',
      message: `Template "${source.name}" replaces nothing.`,
      at: { file: source.file, line: 1, column: 1 },
      fix: `use the name of a built-in template: ${[...names].sort().join(', ')}.`,
    }));
  const replaced = new Map(own.map((source) => [source.name, source]));
  try {
    return { render: createRender(builtIn.map((source) => replaced.get(source.name) ?? source)), findings };
  } catch (error) {
    if (error instanceof TemplateError) return { render: undefined, findings: [...findings, templateFinding(error)] };
    throw error;
  }
}

export function templateFinding(error: TemplateError): Finding {
  return {
    rule: 'template-law',
    severity: 'error',
    message: `Template cannot be used: ${error.message}.`,
    at: { file: error.file, line: error.line, column: 1 },
    fix: 'keep to {{field}}, {{#each}}, {{#if}}, {{#unless}} and {{> partial}}; values are prepared by the generator.',
    unreadable: true,
  };
}
