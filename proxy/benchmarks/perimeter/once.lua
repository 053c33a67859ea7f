-- For wrk with 10,000 connections: each asks once and then only waits. wrk asks for the delay before every request.
local asked = 0

function delay()
    asked = asked + 1
    return asked <= 10000 and 0 or 600000
end
