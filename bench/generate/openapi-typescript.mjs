import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

// openapi-typescript as its documentation shows it: the OpenAPI file in, one file of types out.
const [input, output] = process.argv.slice(2);
const text = astToString(await openapiTS(pathToFileURL(input)));
if (!text.includes('operations')) throw new Error('openapi-typescript made no types');
writeFileSync(output, text);
