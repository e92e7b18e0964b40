import { giveBack, now, script } from './script.js';

/**
 * What all scripts of a queue begin with. KEYS: asleep, dead, asleep of the dead, takers, then stream and `again` of each partition. ARGV: group, name of the
 * queue as JSON, delivery limit.
 */
const queue = `
local q = { group = ARGV[1], name = ARGV[2], max = tonumber(ARGV[3]), asleep = KEYS[1], dead = KEYS[2], deadAsleep = KEYS[3] }
local partitions = (#KEYS - 4) / 2
local function use(partition)
  q.stream, q.again = KEYS[5 + partition * 2], KEYS[6 + partition * 2]
end
`;

/**
 * Hands out up to `room` messages: first those due again, then new ones. With several partitions each has at most one message out, whoever holds it;
 * that is what keeps the order of a key among competing consumers. A consumer that finds too little says that it sleeps, in the same step: a message
 * that is published a moment later wakes it. Who takes is alive, so the lease is renewed here too.
 *
 * ARGV: consumer, its lease's key, lease in ms, room, first partition to look at, age limit in ms or 0.
 * Returns the ms until the next one is due (-1: none), then partition, number, attempt and fields of each message.
 */
export const take = script(`${now}${giveBack}${queue}
local me, room, start, ttl = ARGV[4], tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local at, nextDue, out = now(), -1, {}
redis.call('SET', ARGV[5], 1, 'PX', ARGV[6])

local function push(partition, entry, attempt)
  room = room - 1
  out[#out + 1] = { partition, entry[1], attempt, entry[2] }
end

local function takeDue(partition, most)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', q.again, '-inf', at, 'LIMIT', 0, most)) do
    local ms, seq = string.match(member, '(%d+)-0*(%d+)')
    local id = ms .. '-' .. seq
    local pending = redis.call('XPENDING', q.stream, q.group, id, id, 1)[1]
    redis.call('ZREM', q.again, member)
    if pending then
      local entry = redis.call('XCLAIM', q.stream, q.group, me, 0, id, 'RETRYCOUNT', pending[4] + 1)[1]
      if entry then
        push(partition, entry, pending[4] + 1)
        most = most - 1
      else
        redis.call('XACK', q.stream, q.group, id)
      end
    end
  end
  return most
end

local function takeNew(partition, most)
  local read = redis.call('XREADGROUP', 'GROUP', q.group, me, 'COUNT', most, 'STREAMS', q.stream, '>')
  for _, entry in ipairs(read and read[1][2] or {}) do
    if ttl > 0 and tonumber(string.match(entry[1], '%d+')) < at - ttl then
      bury(q, entry[1], 'expired', 0)
    else
      push(partition, entry, 1)
    end
  end
end

for step = 0, partitions - 1 do
  local partition = (start + step) % partitions
  use(partition)
  local most = room
  if partitions > 1 then
    local held = redis.call('XPENDING', q.stream, q.group)[1] - redis.call('ZCARD', q.again)
    most = math.min(room, held > 0 and 0 or 1)
  end
  if most > 0 then most = takeDue(partition, most) end
  if most > 0 then takeNew(partition, most) end
  local later = redis.call('ZRANGEBYSCORE', q.again, '(' .. at, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
  if later and (nextDue < 0 or later - at < nextDue) then nextDue = later - at end
end
if room > 0 then redis.call('SET', q.asleep, 1) end
return { nextDue, out }
`);

/**
 * Ends a hand-over, if it is still the consumer's: a lease that ran out has given the message to somebody else, or to the same one under a higher attempt.
 *
 * ARGV: consumer, partition, number, attempt, then `ack`; `again`, attempts to count, delay in ms (-1: at once, in front); or `dead`, headers.
 * Returns 1, or 0 when it was no longer the consumer's.
 */
export const settle = script(`${now}${giveBack}${queue}
use(tonumber(ARGV[5]))
local id, what = ARGV[6], ARGV[8]
local pending = redis.call('XPENDING', q.stream, q.group, id, id, 1)[1]
if not pending or pending[2] ~= ARGV[4] or pending[4] ~= tonumber(ARGV[7]) then return 0 end
if what == 'again' then
  local delay = tonumber(ARGV[10])
  -- One more: the clock's rest of a millisecond must not make it early.
  giveBack(q, id, tonumber(ARGV[9]), delay < 0 and 0 or now() + 1 + delay)
else
  if what == 'dead' then
    local fields = (redis.call('XRANGE', q.stream, id, id)[1] or { id, {} })[2]
    local body = ''
    for i = 1, #fields, 2 do if fields[i] == 'b' then body = fields[i + 1] end end
    redis.call('XADD', q.dead, '*', 'h', ARGV[9], 'b', body)
    wake(q.deadAsleep)
  end
  redis.call('XACK', q.stream, q.group, id)
  redis.call('XDEL', q.stream, id)
end
if partitions > 1 then wake(q.asleep) end
return 1
`);

/** Gives back all that a consumer holds, but what it names. */
const release = `
local function release(consumer, named, uncounted, most)
  local found = redis.call('XPENDING', q.stream, q.group, '-', '+', most, consumer)
  for _, pending in ipairs(found) do
    if not named[q.stream .. pending[1]] then giveBack(q, pending[1], pending[4] - uncounted, 0) end
  end
  return #found
end
`;

/**
 * Gives back what a consumer holds without knowing: the answer that should have brought it was lost with the connection. It was never handed over, so it
 * does not count as an attempt. ARGV: consumer, then partition and number of each message that it knows.
 */
export const recover = script(`${giveBack}${queue}${release}
local known = {}
for i = 5, #ARGV, 2 do
  use(tonumber(ARGV[i]))
  known[q.stream .. ARGV[i + 1]] = true
end
for partition = 0, partitions - 1 do
  use(partition)
  release(ARGV[4], known, 1, 1000 + #ARGV)
end
return 1
`);

/** A consumer goes: all it holds is given back, and it leaves the group. ARGV: consumer, its lease's key. */
export const leave = script(`${giveBack}${queue}${release}
for partition = 0, partitions - 1 do
  use(partition)
  while release(ARGV[4], {}, 0, 1000) == 1000 do end
  redis.call('XGROUP', 'DELCONSUMER', q.stream, q.group, ARGV[4])
end
redis.call('DEL', ARGV[5])
redis.call('LREM', KEYS[4], 0, ARGV[4])
wake(q.asleep)
return 1
`);

/**
 * Renews a consumer's lease and gives back what consumers held whose lease has run out. One that was only slow notices when it settles.
 * ARGV: consumer, start of the leases' keys, lease in ms. Returns how many consumers were found dead.
 */
export const beat = script(`${giveBack}${queue}${release}
redis.call('SET', ARGV[5] .. ARGV[4], 1, 'PX', ARGV[6])
local dead = 0
for partition = 0, partitions - 1 do
  use(partition)
  for _, facts in ipairs(redis.call('XINFO', 'CONSUMERS', q.stream, q.group)) do
    local name = facts[2]
    if name ~= 'waiting' and redis.call('EXISTS', ARGV[5] .. name) == 0 then
      dead = dead + 1
      -- The rest at the next beat: a script that runs long holds up everybody.
      if release(name, {}, 0, 1000) < 1000 then redis.call('XGROUP', 'DELCONSUMER', q.stream, q.group, name) end
    end
  end
end
return dead
`);
