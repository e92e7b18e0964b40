import type { ValidationError } from '../validation.js';
import type { HeaderReader } from './header-reader.js';
import { groups, type OperationDefinition, type ParameterDefinition } from './operation.js';
import { fragment, ProblemError, type ProblemPlace, pointerOf } from './problem.js';
import { formPairs, type ParameterGroups, readParameters } from './read-parameters.js';

/** Reads and checks the parameters of a request. Throws `ProblemError` 400 that names each parameter at fault. */
export function readRequestParameters(
  headers: HeaderReader,
  search: string,
  operation: OperationDefinition,
  path: ReadonlyMap<string, string>,
): ParameterGroups {
  if (operation.parameters.length === 0) return none;
  const values = readParameters(operation, { path, query: search === '' ? [] : formPairs(search), headers });
  const missing = operation.parameters.filter(
    (parameter) => parameter.required && !(parameter.as in values[groups[parameter.in]]),
  );
  if (missing.length > 0) {
    throw refused(
      missing.map((parameter) => ({ in: parameter.in, name: parameter.name, pointer: '#', detail: 'is missing' })),
    );
  }
  const { validateParameters: validate } = operation;
  if (validate !== undefined && !validate(values))
    throw refused((validate.errors ?? []).map((error) => placeOf(error, operation.parameters)));
  return values;
}

const none: ParameterGroups = Object.freeze({
  path: Object.freeze({}),
  query: Object.freeze({}),
  headers: Object.freeze({}),
  cookies: Object.freeze({}),
});

function refused(errors: readonly ProblemPlace[]): ProblemError {
  const detail = errors
    .map((error) => `${error.in} ${error.name === undefined ? '' : `"${error.name}" `}${error.detail}`)
    .join('; ');
  return new ProblemError(400, { title: 'A parameter breaks its contract', detail, errors });
}

/** `/query/limit` is the parameter that lies there, whatever it is called on the wire. */
function placeOf(error: ValidationError, parameters: readonly ParameterDefinition[]): ProblemPlace {
  const [group = '', as = '', ...rest] = pointerOf(error).split('/').slice(1);
  const name = as.replaceAll('~1', '/').replaceAll('~0', '~');
  const found = parameters.find((parameter) => groups[parameter.in] === group && parameter.as === name);
  return {
    in: found?.in ?? 'query',
    ...(found === undefined ? {} : { name: found.name }),
    pointer: fragment(rest.map((step) => `/${step}`).join('')),
    detail: error.message ?? error.keyword,
  };
}
