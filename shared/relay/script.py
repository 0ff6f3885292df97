"""What runs inside Redis: an entry is added only after the one that the ledger has before it. Works on Redis 6.2."""

from shared.streams import FIELD

PUBLISH = f"""
local last = 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = tonumber(string.match(info[i + 1], '^%d+')) end
  end
end
for i = 1, #ARGV, 3 do
  local position, prev = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  if position > last then
    if prev ~= last then break end
    local added = redis.pcall('XADD', KEYS[1], ARGV[i] .. '-0', '{FIELD}', ARGV[i + 2])
    if added.err then return redis.error_reply(added.err) end
    last = position
  end
end
return last
"""
"""KEYS: a stream. ARGV: position, prev and event of each entry, in order; none to ask only.

Answers the last id of the stream, which survives trimming. Less than the last position given means a hole: what follows
a hole is not added. What the stream has already is skipped, so publishing twice changes nothing. The first error of
Redis ends it."""
