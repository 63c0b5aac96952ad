-- One commit, all or nothing: nothing is written before every guard was checked, and a script runs alone.
--
-- ARGV[1]  prefix of our keys
-- ARGV[2]  the commit's nonce, stored with its rows
-- ARGV[3]  JSON: {guards = [[key, version], …], fence = [key, token], drops = [[kind, id], …]}; empty lists left out
-- ARGV[4]  number of rows, then for each: kind, id, header, body (redis_codec)
-- the rest groups of RQ's commands, which queue the wake-ups. Each: the list in which one waiting job makes the group
--          needless ('' for none), the number of commands, then each command as its length and its words
--
-- Returns {'done', microseconds} | {'conflict', key, version found} | {'fence'}

local prefix, nonce, spec = ARGV[1], ARGV[2], cjson.decode(ARGV[3])

local function row_key(kind, id)
  return prefix .. 'r:' .. kind .. ':' .. id
end

local function read(key)
  local value = redis.call('GET', key)
  if not value then
    return nil
  end
  local first = string.find(value, '\n', 1, true)
  local second = string.find(value, '\n', first + 1, true)
  local header = cjson.decode(string.sub(value, first + 1, second - 1))
  return {
    at = string.sub(value, 1, first - 1),
    version = header[1], state = header[2], due = header[3], nonce = header[4], keys = header[5],
  }
end

local function as_set(list)
  local set = {}
  for _, each in ipairs(list) do
    set[each] = true
  end
  return set
end

-- Take out of the indices what the row `new` (or none) does not have in common with `old`.
local function unindex(kind, id, old, new)
  local moved = not new or new.state ~= old.state
  if moved then
    redis.call('ZREM', prefix .. 's:' .. kind .. ':' .. old.state, id)
  end
  if old.due ~= '' and (moved or new.due == '') then
    redis.call('ZREM', prefix .. 'd:' .. kind .. ':' .. old.state, id)
  end
  local kept = new and as_set(new.keys) or {}
  for _, key in ipairs(old.keys) do
    if not kept[key] then
      redis.call('ZREM', prefix .. 'k:' .. kind .. ':' .. key, id)
    end
  end
end

local function index(kind, id, new, at)
  redis.call('SADD', prefix .. 's:' .. kind, new.state)
  redis.call('ZADD', prefix .. 's:' .. kind .. ':' .. new.state, at, id)
  if new.due ~= '' then
    redis.call('ZADD', prefix .. 'd:' .. kind .. ':' .. new.state, new.due, id)
  end
  for _, key in ipairs(new.keys) do
    redis.call('ZADD', prefix .. 'k:' .. kind .. ':' .. key, at, id)
  end
end

local rows, next_arg = {}, 5
for number = 1, tonumber(ARGV[4]) do
  local kind, id, text = ARGV[next_arg], ARGV[next_arg + 1], ARGV[next_arg + 2]
  local header = cjson.decode(text)
  local key = row_key(kind, id)
  rows[number] = {
    kind = kind, id = id, key = key, text = text, body = ARGV[next_arg + 3], old = read(key),
    version = header[1], state = header[2], due = header[3], keys = header[5],
  }
  next_arg = next_arg + 4
end

-- A reply may be lost and the commit sent again: then every row carries its nonce already.
local mine = 0
for _, row in ipairs(rows) do
  if row.old and row.old.nonce == nonce then
    mine = mine + 1
  end
end
if mine > 0 and mine == #rows then
  return { 'done', rows[1].old.at }
end

for _, row in ipairs(rows) do
  local found = row.old and row.old.version or 0
  if found ~= row.version - 1 then
    return { 'conflict', row.kind, row.id, row.version - 1, found }
  end
end
for _, guard in ipairs(spec.guards or {}) do
  local old = read(row_key(guard[1], guard[2]))
  local found = old and old.version or 0
  if found ~= guard[3] then
    return { 'conflict', guard[1], guard[2], guard[3], found }
  end
end
if spec.fence and (redis.call('GET', prefix .. 't:' .. spec.fence[1]) or '0') ~= spec.fence[2] then
  return { 'fence' }
end

local time = redis.call('TIME')
local at = time[1] .. string.format('%06d', tonumber(time[2]))
for _, row in ipairs(rows) do
  redis.call('SET', row.key, at .. '\n' .. row.text .. '\n' .. row.body)
  if row.old then
    unindex(row.kind, row.id, row.old, row)
  end
  index(row.kind, row.id, row, at)
end
for _, drop in ipairs(spec.drops or {}) do
  local key = row_key(drop[1], drop[2])
  local old = read(key)
  if old then
    redis.call('DEL', key)
    unindex(drop[1], drop[2], old, nil)
  end
end
while next_arg <= #ARGV do
  local list, number = ARGV[next_arg], tonumber(ARGV[next_arg + 1])
  local needed = list == '' or redis.call('LLEN', list) == 0
  next_arg = next_arg + 2
  for _ = 1, number do
    local length = tonumber(ARGV[next_arg])
    if needed then
      redis.call(unpack(ARGV, next_arg + 1, next_arg + length))
    end
    next_arg = next_arg + length + 1
  end
end
return { 'done', at }
