/** A word of a POSIX shell that means exactly this text. */
export function shellQuoted(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The option that chooses the virtual host, with a space in front; nothing for the usual one. */
export function atVhost(vhost: string): string {
  return vhost === '/' ? '' : ` --vhost ${shellQuoted(vhost)}`;
}
