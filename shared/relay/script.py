"""What runs inside Redis, each script whole or not at all. Works on Redis 6.2."""

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


BURY = f"""
local instead, wanted = {{}}, 0
for i = 1, #ARGV, 2 do
  local id = ARGV[i] .. '-0'
  local found = redis.call('XRANGE', KEYS[1], id, id)
  if #found == 1 then
    local said, place = found[1][2][2], string.match(ARGV[i + 1], ',"acceptedat":"[^"]*","position":%d+,"prev":%d+}}$')
    if said ~= ARGV[i + 1] and place and string.sub(said, -#place) == place then
      instead[id], wanted = ARGV[i + 1], wanted + 1
    end
  end
end
if wanted == 0 then return 0 end
redis.call('DEL', KEYS[2])
local after, page = '-', redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1000)
while #page > 0 do
  for i = 1, #page do
    local id = page[i][1]
    if instead[id] then redis.call('XADD', KEYS[2], id, '{FIELD}', instead[id])
    else redis.call('XADD', KEYS[2], id, unpack(page[i][2])) end
    after = '(' .. id
  end
  page = redis.call('XRANGE', KEYS[1], after, '+', 'COUNT', 1000)
end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
  if info[i] == 'last-generated-id' then redis.call('XSETID', KEYS[2], info[i + 1]) end
end
local groups = redis.call('XINFO', 'GROUPS', KEYS[1])
for i = 1, #groups do
  local group = {{}}
  for j = 1, #groups[i], 2 do group[groups[i][j]] = groups[i][j + 1] end
  redis.call('XGROUP', 'CREATE', KEYS[2], group['name'], group['last-delivered-id'])
end
redis.call('RENAME', KEYS[2], KEYS[1])
return wanted
"""
"""KEYS: a stream, and a name beside it. ARGV: position and event of each entry that was erased, as the ledger has it.

Writes the stream anew with these events in it, under the same ids and with the same last id; answers how many were
others before. Nothing changes when none was. An entry with another place in a ledger than the event is left alone.
"""
