import { HttpStatusError, NoAnswerError, ProblemError } from 'seamwright/runtime';

/** Refusals that are about the request, whoever finds them. */
const aboutRequest = new Set([404, 409, 422, 429]);

/**
 * Answers a failed call in the name of the caller: what is wrong with the request is told on, everything else is a service that cannot be had at the moment. 400,
 * 401 and 403 are told on by nobody: they would mean this service, not the person.
 */
export function relayed(error: unknown): never {
  if (error instanceof HttpStatusError && aboutRequest.has(error.status)) {
    const wait = error.retryAfterS === undefined ? {} : { 'retry-after': String(error.retryAfterS) };
    throw new ProblemError(
      error.status,
      error.problem?.detail === undefined ? {} : { detail: error.problem.detail },
      wait,
      error,
    );
  }
  if (error instanceof NoAnswerError || (error instanceof HttpStatusError && error.status === 503)) {
    throw new ProblemError(503, { detail: 'a service that is needed does not answer' }, { 'retry-after': '1' }, error);
  }
  throw error;
}
