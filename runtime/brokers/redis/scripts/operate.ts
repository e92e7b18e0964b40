import { now, script } from './script.js';

/**
 * Counts of a queue. KEYS: stream and `again` of each partition. ARGV: group, start of the leases' keys.
 * Returns ready, delayed, in flight, consumers.
 */
export const count = script(`${now}
local at, ready, delayed, held, alive = now(), 0, 0, 0, {}
for i = 1, #KEYS, 2 do
  local pending = redis.call('XPENDING', KEYS[i], ARGV[1])[1]
  local due = redis.call('ZCOUNT', KEYS[i + 1], '-inf', at)
  local waiting = redis.call('ZCARD', KEYS[i + 1])
  ready = ready + redis.call('XLEN', KEYS[i]) - pending + due
  delayed = delayed + waiting - due
  held = held + pending - waiting
  for _, facts in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[i], ARGV[1])) do
    if facts[2] ~= 'waiting' and redis.call('EXISTS', ARGV[2] .. facts[2]) == 1 then alive[facts[2]] = true end
  end
end
local consumers = 0
for _ in pairs(alive) do consumers = consumers + 1 end
return { ready, delayed, held, consumers }
`);

/** What would be handed out next. KEYS: stream, `again`. ARGV: group, most. Returns the entries, those due again first. */
export const look = script(`${now}
local out = {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now(), 'LIMIT', 0, ARGV[2])) do
  local ms, seq = string.match(member, '(%d+)-0*(%d+)')
  local entry = redis.call('XRANGE', KEYS[1], ms .. '-' .. seq, ms .. '-' .. seq)[1]
  if entry then out[#out + 1] = { 1, entry } end
end
for _, facts in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local last
  for i = 1, #facts, 2 do if facts[i] == 'last-delivered-id' then last = facts[i + 1] end end
  if facts[2] == ARGV[1] then
    for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '(' .. last, '+', 'COUNT', ARGV[2])) do out[#out + 1] = { 0, entry } end
  end
end
return out
`);

/** Removes a message, wherever it stands. KEYS: stream, `again`. ARGV: group, number. */
export const remove = script(`
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
local ms, seq = string.match(ARGV[2], '(%d+)-(%d+)')
redis.call('ZREM', KEYS[2], ms .. '-' .. string.rep('0', 20 - #seq) .. seq)
return redis.call('XDEL', KEYS[1], ARGV[2])
`);
