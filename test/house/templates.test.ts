import { describe, expect, it } from 'vitest';
import { readTemplates } from '../../generator/load/templates.js';
import { createRender, TemplateError } from '../../generator/render/handlebars.js';

const LINES_MAX = 80;
const templates = readTemplates.builtIn();

describe('templates hold text', () => {
  it.each(templates.map((template) => [template.name, template] as const))('%s', (_, template) => {
    expect(() => createRender([template])).not.toThrow();
    // A longer one does what a function of the runtime should do.
    expect(template.text.split('\n').length).toBeLessThanOrEqual(LINES_MAX);
  });

  it.each([
    ['a helper with an argument', '{{upper name}}'],
    ['a comparison', '{{#if (eq a b)}}x{{/if}}'],
    ['a block that is no loop and no condition', '{{#with a}}x{{/with}}'],
    ['a look-up', '{{lookup a b}}'],
    ['a block partial', '{{#> part}}x{{/part}}'],
    ['a partial chosen by a value', '{{> (lookup . "part")}}'],
    ['an inline partial', '{{#*inline "part"}}x{{/inline}}'],
    ['a breach deep inside', '{{#each a}}{{#if b}}{{c d}}{{/if}}{{/each}}'],
    ['a breach in an else', '{{#if a}}{{else}}{{c d}}{{/if}}'],
  ])('catches %s', (_, text) => {
    expect(() => createRender([{ name: 'sample', text, file: 'sample.hbs' }])).toThrow(TemplateError);
  });
});
