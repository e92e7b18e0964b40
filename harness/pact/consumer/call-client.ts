import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { groupNames } from '../../../generator/emit/http/catalogue.js';
import { mustNest } from '../../../generator/emit/http/parameters.js';
import type { HttpInteraction } from '../../../generator/emit/pact/pact-file.js';
import type { ContractOperation } from '../provider/provider-contract.js';

type Method = (request: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Makes the generated client of one provider; fresh each time, so that nothing is answered from a cache. */
export type ClientFactory = (provider: string, baseUrl: string) => Readonly<Record<string, Method>> | undefined;

/** The generated clients of a service. Undefined when none were generated. */
export async function loadClients(output: string, service: string): Promise<ClientFactory | undefined> {
  const file = ['ts', 'js'].map((extension) => join(output, service, `clients.gen.${extension}`)).find(existsSync);
  if (file === undefined) return undefined;
  const module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  const create = Object.entries(module).find(([name]) => /^create.*Clients$/.test(name))?.[1];
  if (typeof create !== 'function') return undefined;
  return (provider, baseUrl) => {
    const options = { urls: { [provider]: baseUrl }, authorize: () => ({ authorization: 'Bearer pact' }) };
    const clients = Reflect.apply(create, undefined, [options]) as Readonly<
      Record<string, Readonly<Record<string, Method>>>
    >;
    return Object.entries(clients).find(([property]) => bare(property) === bare(provider))?.[1];
  };
}

/** What a caller hands to the client so that it sends what an interaction shows. */
export function clientRequest(
  { facts, basePath }: ContractOperation,
  { request, providerStates }: HttpInteraction,
): Readonly<Record<string, unknown>> {
  const shown = providerStates[0]?.params ?? {};
  const texts = textsOf(request, basePath + facts.operation.definition.path);
  const hasBody = facts.body !== undefined;
  const nested = mustNest(facts.parameters, hasBody);
  const groups: Record<string, Record<string, unknown>> = {};
  for (const { as, parameter, value } of facts.parameters) {
    const text = texts(parameter.in, parameter.name);
    if (text === undefined) continue;
    const isShown = Object.hasOwn(shown, as) && String(shown[as]) === text;
    const group = groupNames[parameter.in];
    groups[group] = { ...groups[group], [as]: isShown ? shown[as] : typed(text, value) };
  }
  return {
    ...(nested ? groups : Object.assign({}, ...Object.values(groups))),
    ...(request.body !== undefined && { body: request.body.content }),
  };
}

function textsOf(
  request: HttpInteraction['request'],
  template: string,
): (place: string, name: string) => string | undefined {
  const names = template.split('/');
  const segments = request.path.split('/');
  const header = (name: string): string | undefined =>
    Object.entries(request.headers ?? {}).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1][0];
  const cookies = new Map(
    (header('cookie') ?? '').split('; ').map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  return (place, name) => {
    if (place === 'query') return request.query?.[name]?.[0];
    if (place === 'header') return header(name);
    if (place === 'cookie') return cookies.get(name);
    const index = names.indexOf(`{${name}}`);
    const text = index < 0 ? undefined : segments[index];
    return text === undefined ? undefined : decodeURIComponent(text);
  };
}

function typed(text: string, value: unknown): unknown {
  if (value === 'integer' || value === 'number') return Number(text);
  return value === 'boolean' ? text === 'true' : text;
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
