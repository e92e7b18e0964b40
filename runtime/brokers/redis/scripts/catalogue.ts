import { script } from './script.js';

/** All that is declared, as of one moment. KEYS: version, exchanges, queues, bindings. */
export const readCatalogue = script(`
return {
  redis.call('GET', KEYS[1]) or '',
  redis.call('HGETALL', KEYS[2]),
  redis.call('HGETALL', KEYS[3]),
  redis.call('SMEMBERS', KEYS[4]),
}
`);

/**
 * Writes what is to be declared, unless somebody declared something since it was compared. Groups are made although nothing else is new: a stream that
 * an operator deleted comes back so.
 *
 * KEYS: version, exchanges, queues, bindings, then the streams. ARGV: version compared with, version to set (empty: nothing is new), group, counts of
 * exchanges and of queues, then name and settings of each exchange and each queue, then the bindings. Returns 1, or 0 when the version is another one.
 */
export const writeCatalogue = script(`
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
for i = 5, #KEYS do
  local made = redis.pcall('XGROUP', 'CREATE', KEYS[i], ARGV[3], '0', 'MKSTREAM')
  if made.err and not string.find(made.err, 'BUSYGROUP') then return made end
end
local at = 6
for _ = 1, ARGV[4] do
  redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
  at = at + 2
end
for _ = 1, ARGV[5] do
  redis.call('HSET', KEYS[3], ARGV[at], ARGV[at + 1])
  at = at + 2
end
for i = at, #ARGV do redis.call('SADD', KEYS[4], ARGV[i]) end
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2]) end
return 1
`);
