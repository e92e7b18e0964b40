import { script, wake } from './script.js';

/**
 * Adds a message to the streams of all its queues, or to none when the bindings have changed since the publisher looked at them: it would miss a queue.
 *
 * KEYS: version, then stream and asleep of each queue. ARGV: version, headers, body. Returns 1, or 0 when the version is another one.
 */
export const publish = script(`${wake}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for i = 2, #KEYS, 2 do
  redis.call('XADD', KEYS[i], '*', 'h', ARGV[2], 'b', ARGV[3])
  wake(KEYS[i + 1])
end
return 1
`);

/**
 * Sends a message that may be lost to one consumer of each queue, in turn; nothing is stored. A channel without a reader names a consumer that is gone.
 *
 * KEYS: version, then takers of each queue. ARGV: version, start of the channels' names, message. Returns 1, or 0 when the version is another one.
 */
export const publishOnce = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for i = 2, #KEYS do
  for _ = 1, redis.call('LLEN', KEYS[i]) do
    local taker = redis.call('LMOVE', KEYS[i], KEYS[i], 'LEFT', 'RIGHT')
    if redis.call('PUBLISH', ARGV[2] .. taker, ARGV[3]) > 0 then break end
    redis.call('LREM', KEYS[i], 0, taker)
  end
end
return 1
`);

/** KEYS: takers. ARGV: consumer, `1` to be among them. */
export const joinTakers = script(`
redis.call('LREM', KEYS[1], 0, ARGV[1])
if ARGV[2] == '1' then redis.call('RPUSH', KEYS[1], ARGV[1]) end
return 1
`);

/** A message straight into one stream, such as that of dead letters. KEYS: stream, asleep. ARGV: headers, body. */
export const append = script(`${wake}
redis.call('XADD', KEYS[1], '*', 'h', ARGV[1], 'b', ARGV[2])
wake(KEYS[2])
return 1
`);
