import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VerifyResult } from '../result.js';
import { scenarios } from '../scenarios/registry.js';

/**
 * One page that holds everything, for a browser without a server: lanes of services, messages as arrows, faults, what the copies hold at each step, which faults
 * struck what, and the failure modes with their evidence.
 */
export function htmlReport(result: VerifyResult): string {
  const [page, style, script] = ['page.html', 'page.css', 'page.js'].map((name) =>
    readFileSync(join(folder(), name), 'utf8'),
  );
  return String(page)
    .replace('/*style*/', () => String(style))
    .replace('/*script*/', () => String(script))
    .replace('>"result"<', () => `>${embedded(withPromises(result))}<`);
}

/** Promises that each scenario is after, for the table of failure modes. */
function withPromises(result: VerifyResult): unknown {
  const after = new Map(scenarios.map((scenario) => [scenario.id, scenario.after]));
  return {
    ...result,
    services: result.services.map((service) => ({
      ...service,
      scenarios: service.scenarios.map((scenario) => ({ ...scenario, after: after.get(scenario.scenario) ?? [] })),
    })),
  };
}

/** JSON that cannot end the element that holds it. */
function embedded(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** `templates/verify-report` of this package, seen from its sources and from what is built of them. */
function folder(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'templates', 'verify-report'))) {
    const above = dirname(at);
    if (above === at) throw new Error('this package lacks its folder templates/verify-report');
    at = above;
  }
  return join(at, 'templates', 'verify-report');
}
