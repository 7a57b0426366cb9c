-- wrk's side of one kind of load: wrk ... -s load.lua URL -- KIND [URL...]
--
--   token      one client_credentials request after another
--   get        the URL, again and again
--   code       authorization requests to URL; what each brings is exchanged at the second URL
--   device     device authorization requests to URL, approved by the issuer; each is redeemed at the second URL
--
-- A thread's connections share what is to be exchanged: which of them does it makes no difference.
local FORM = { ["Content-Type"] = "application/x-www-form-urlencoded" }
local CLIENT = "client_id=service-post&client_secret=bench"
local REDIRECT = "redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback"
local CHALLENGE = "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
local VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

local threads = {}
local waiting = {}
local kind, second
refused = 0
finished = 0

local function path_of(url)
  return url:match("^https?://[^/]+(/.*)$")
end

local function post(path, body)
  return wrk.format("POST", path, FORM, body)
end

local begin = {
  token = function() return post(nil, "grant_type=client_credentials&scope=api&" .. CLIENT) end,
  get = function() return wrk.format("GET") end,
  code = function()
    return wrk.format("GET", wrk.path .. "?response_type=code&client_id=app&scope=openid&state=s&nonce=n&" .. REDIRECT .. CHALLENGE)
  end,
  device = function() return post(nil, "client_id=app&scope=openid") end,
}
local finish = {
  code = function(code)
    return post(second, "grant_type=authorization_code&client_id=app&code_verifier=" .. VERIFIER .. "&code=" .. code .. "&" .. REDIRECT)
  end,
  device = function(code)
    return post(second, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=app&device_code=" .. code)
  end,
}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  kind = arguments[1]
  second = arguments[2] and path_of(arguments[2])
end

function request()
  local code = table.remove(waiting)
  return code and finish[kind](code) or begin[kind]()
end

function response(status, headers, body)
  local code
  if kind == "code" and (status == 302 or status == 303) then
    code = (headers["Location"] or headers["location"] or ""):match("[?&]code=([^&]+)")
  elseif kind == "device" then
    code = body:match('"device_code"%s*:%s*"([^"]+)"')
  end
  if code then
    table.insert(waiting, code)
  elseif status == 200 then
    finished = finished + 1
  else
    refused = refused + 1
  end
end

function done(summary, latency)
  local complete, wrong = 0, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do
    complete = complete + thread:get("finished")
    wrong = wrong + thread:get("refused")
  end
  io.write(string.format('{"finished":%d,"duration_us":%d,"errors":%d,"p99_us":%d}\n', complete, summary.duration, wrong,
    latency:percentile(99)))
end
