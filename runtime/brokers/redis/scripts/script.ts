import { createHash } from 'node:crypto';

/** A program that Redis runs as one step: nobody sees, and no crash leaves, half of it. */
export interface Script {
  readonly lua: string;
  /** SHA-1 of the text, by which Redis knows it. */
  readonly sha: string;
}

export function script(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** Wakes consumers, but only if one has said that it sleeps: most messages of a busy queue wake nobody. */
export const wake = `
local function wake(asleep)
  if redis.call('DEL', asleep) == 1 then redis.call('PUBLISH', asleep, '') end
end
`;

/** Milliseconds of the server's own clock, the only one that delays and leases are measured by. */
export const now = `
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

/**
 * Ways out of a consumer's hands. A message stays in its stream until it is acknowledged or dead, so that it is never between two places: `giveBack` only
 * changes who holds it, and notes when it is due. Members of `again` are numbers of equal length: those due at the same instant come in their old order.
 */
export const giveBack = `
${wake}
local function bury(q, id, reason, attempts)
  local entry = redis.call('XRANGE', q.stream, id, id)[1]
  if entry then
    local command = { 'XADD', q.dead, '*' }
    for _, field in ipairs(entry[2]) do command[#command + 1] = field end
    command[#command + 1] = 'x'
    command[#command + 1] = '{"sw-reason":"' .. reason .. '","sw-queue":' .. q.name .. ',"sw-attempts":"' .. attempts .. '"}'
    redis.call(unpack(command))
    wake(q.deadAsleep)
  end
  redis.call('XACK', q.stream, q.group, id)
  redis.call('XDEL', q.stream, id)
end

local function giveBack(q, id, attempts, due)
  if attempts >= q.max then return bury(q, id, 'delivery-limit', attempts) end
  redis.call('XCLAIM', q.stream, q.group, 'waiting', 0, id, 'RETRYCOUNT', attempts, 'JUSTID')
  local ms, seq = string.match(id, '(%d+)-(%d+)')
  redis.call('ZADD', q.again, due, ms .. '-' .. string.rep('0', 20 - #seq) .. seq)
  wake(q.asleep)
end
`;
