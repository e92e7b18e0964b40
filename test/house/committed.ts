/** Traces of one machine or one workplace in a text file: they make no sense to whoever clones it. */
export function traces(path: string, text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      forbidden.filter(({ pattern }) => pattern.test(line)).map(({ what }) => `${path}:${index + 1} ${what}`),
    );
}

const forbidden: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  {
    what: 'an absolute path of a machine',
    pattern: /(^|[\s"'`(=:])\/(work|tmp|home|root|Users|private|var\/folders)\/[\w.-]{2,}/,
  },
  { what: 'an absolute path of a Windows machine', pattern: /\b[A-Z]:\\(Users|work|temp)\\/i },
  {
    what: 'a registry host',
    pattern: /https?:\/\/(?!registry\.npmjs\.org\/)[\w.-]*(registry|artifactory|nexus|verdaccio|npm-proxy)[\w.-]*[:/]/i,
  },
  { what: 'a host that only one network knows', pattern: /https?:\/\/[\w-]+(\.[\w-]+)*\.(internal|corp|lan)\b/i },
  {
    what: 'a key or a token',
    pattern: /\b(ghp_[A-Za-z0-9]{30,}|npm_[A-Za-z0-9]{30,}|AKIA[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY)/,
  },
  { what: 'a conflict that was never resolved', pattern: /^(<{7}|>{7}) / },
];
