-- One commit, all or nothing: nothing is written before every guard was checked, and a script runs alone.
--
-- ARGV[1]  prefix of our keys
-- ARGV[2]  the commit's nonce, stored with its rows
-- ARGV[3]  JSON: {guards = [[kind, id, version], …], fence = [lease, token], drops = [[kind, id], …]}; empty lists left out
-- ARGV[4]  number of rows, then for each: kind, id, header, body (redis_codec)
-- the rest groups of RQ's commands, which queue the wake-ups. Each: the list in which one waiting job makes the group
--          needless ('' for none), the number of commands, then each command as its length and its words
--
-- Returns {'done', microseconds} | {'conflict', kind, id, version expected, version found} | {'fence'}
--
-- The server serves nobody else meanwhile. A call costs it more than a word of a call, and decoding JSON or making a
-- table more than either: so keys that are written together are named in one call, and a header is matched, not decoded.

local prefix, nonce, spec = ARGV[1], ARGV[2], cjson.decode(ARGV[3])
local HEADER = '^%[(%d+),"([^"]*)","(%d*)","(%x*)",(.*)%]$'
local PAGE = 500

local function row_key(kind, id)
  return prefix .. 'r:' .. kind .. ':' .. id
end

-- What of a stored value the commit needs; `keys` is JSON.
local function header_of(value)
  local first = string.find(value, '\n', 1, true)
  local second = string.find(value, '\n', first + 1, true)
  local version, state, due, by, keys = string.match(string.sub(value, first + 1, second - 1), HEADER)
  return { at = string.sub(value, 1, first - 1), version = tonumber(version), state = state, due = due, nonce = by, keys = keys }
end

local function read(key)
  local value = redis.call('GET', key)
  return value and header_of(value)
end

-- Words to say after each key, in the order in which the keys came up.
local function list_of(lists, key)
  local list = lists[key]
  if not list then
    list = {}
    lists[key] = list
    lists[#lists + 1] = key
  end
  return list
end

local function call_each(command, lists)
  for _, key in ipairs(lists) do
    local list = lists[key]
    for start = 1, #list, PAGE do
      redis.call(command, key, unpack(list, start, math.min(start + PAGE - 1, #list)))
    end
  end
end

local removed, added, states = {}, {}, {}

local function remove(key, id)
  local list = list_of(removed, key)
  list[#list + 1] = id
end

local function add(key, score, id)
  local list = list_of(added, key)
  local length = #list
  list[length + 1], list[length + 2] = score, id
end

local function remove_keys(kind, id, old, kept)
  for _, key in ipairs(cjson.decode(old.keys)) do
    if not kept[key] then
      remove(prefix .. 'k:' .. kind .. ':' .. key, id)
    end
  end
end

-- Take out of the indices by state and by due time what the row `new` (or none) does not have in common with `old`.
local function remove_state(kind, id, old, new)
  local moved = not new or new.state ~= old.state
  if moved then
    remove(prefix .. 's:' .. kind .. ':' .. old.state, id)
  end
  if old.due ~= '' and (moved or new.due == '') then
    remove(prefix .. 'd:' .. kind .. ':' .. old.state, id)
  end
end

local function index(kind, id, new, at)
  local by_state = prefix .. 's:' .. kind .. ':' .. new.state
  if not added[by_state] then
    local list = list_of(states, prefix .. 's:' .. kind)
    list[#list + 1] = new.state
  end
  add(by_state, at, id)
  if new.due ~= '' then
    add(prefix .. 'd:' .. kind .. ':' .. new.state, new.due, id)
  end
  local keys, named, before = cjson.decode(new.keys), {}, prefix .. 'k:' .. kind .. ':'
  for _, key in ipairs(keys) do
    add(before .. key, at, id)
    named[key] = true
  end
  if new.old then
    remove_state(kind, id, new.old, new)
    if new.old.keys ~= new.keys then
      remove_keys(kind, id, new.old, named)
    end
  end
end

local rows, row_keys, next_arg = {}, {}, 5
for number = 1, tonumber(ARGV[4]) do
  local kind, id, text = ARGV[next_arg], ARGV[next_arg + 1], ARGV[next_arg + 2]
  local version, state, due, _, keys = string.match(text, HEADER)
  row_keys[number] = row_key(kind, id)
  rows[number] = {
    kind = kind, id = id, text = text, body = ARGV[next_arg + 3],
    version = tonumber(version), state = state, due = due, keys = keys,
  }
  next_arg = next_arg + 4
end
for start = 1, #rows, PAGE do
  local values = redis.call('MGET', unpack(row_keys, start, math.min(start + PAGE - 1, #rows)))
  for number, value in ipairs(values) do
    rows[start + number - 1].old = value and header_of(value)
  end
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
local values = {}
for number, row in ipairs(rows) do
  values[2 * number - 1] = row_keys[number]
  values[2 * number] = at .. '\n' .. row.text .. '\n' .. row.body
  index(row.kind, row.id, row, at)
end
for start = 1, #values, PAGE do
  redis.call('MSET', unpack(values, start, math.min(start + PAGE - 1, #values)))
end
for _, drop in ipairs(spec.drops or {}) do
  local key = row_key(drop[1], drop[2])
  local old = read(key)
  if old then
    redis.call('DEL', key)
    remove_state(drop[1], drop[2], old, nil)
    remove_keys(drop[1], drop[2], old, {})
  end
end
call_each('ZREM', removed)
call_each('ZADD', added)
call_each('SADD', states)
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
