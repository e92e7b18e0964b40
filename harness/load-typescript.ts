let registered = false;

/** From here on TypeScript files can be imported, as services are written in it. Does nothing where the process can do so already. */
export async function loadTypeScript(): Promise<void> {
  if (registered || import.meta.url.endsWith('.ts')) return;
  registered = true;
  const { register } = await import('tsx/esm/api');
  register();
}
