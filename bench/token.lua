-- wrk: one client_credentials request after another, over kept-alive connections.
wrk.method = "POST"
wrk.body = "grant_type=client_credentials&client_id=service-post&client_secret=bench&scope=api"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"

local refused = 0
function response(status)
  if status ~= 200 then refused = refused + 1 end
end

function done(summary, latency, requests)
  io.write(string.format('{"requests":%d,"duration_us":%d,"errors":%d,"p99_us":%d}\n',
    summary.requests, summary.duration,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout,
    latency:percentile(99)))
end
