/** Options of every command that looks at the broker of a system, for the registry. */
export const brokerOptions = [
  ['--system <name>', 'which system, when several workspaces are found'],
  ['--broker <url>', 'broker, instead of SEAMWRIGHT_BROKER_URL or the one in seamwright.yaml'],
] as const;

/** Options of every command that works on a running system. */
export const operateOptions = [
  ...brokerOptions,
  [
    '--database <url>',
    'database of all services, or SERVICE=URL for one; may be repeated. Else what services.yaml, SEAMWRIGHT_DATABASE_URL or seamwright.yaml say',
    'repeatable',
  ],
] as const;
