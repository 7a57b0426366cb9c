package kit

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// clock is where the client's time comes from.
type clock interface {
	kind() string
	set(args Args) any // the run's time, and what the client's clock reads then
	tell()             // the run hears how much the client has slept
	follow()           // the client's clock goes where the run's is
}

type realClock struct{}

func (realClock) kind() string { return "real" }
func (realClock) set(Args) any { return map[string]any{} }
func (realClock) tell()        {}
func (realClock) follow()      {}

// bubbleClock is the time of a testing/synctest bubble. In it, time stands still while anything runs or waits for the network,
// and jumps to the next timer when everything else waits: a client sleeps without waiting. It cannot go back.
type bubbleClock struct {
	kit    *Kit
	agreed time.Time // what the run and the bubble last had in common
}

func newBubbleClock(k *Kit) *bubbleClock { return &bubbleClock{kit: k, agreed: time.Now()} }

func (*bubbleClock) kind() string { return "virtual" }

func (c *bubbleClock) set(args Args) any {
	now, _ := args["now"].(float64)
	c.agree(now)
	return map[string]any{"now": seconds(time.Now())}
}

func (c *bubbleClock) tell() {
	if slept := time.Since(c.agreed); slept > 0 {
		c.agree(c.kit.event("sleep", Args{"for": slept.Seconds()})["now"].(float64))
	}
}

func (c *bubbleClock) follow() { c.agree(c.kit.event("now", Args{})["now"].(float64)) }

func (c *bubbleClock) agree(now float64) {
	whole, part := math.Modf(now)
	time.Sleep(time.Until(time.Unix(int64(whole), int64(math.Round(part*1e6))*1e3)))
	c.agreed = time.Now()
}

func seconds(moment time.Time) float64 { return float64(moment.UnixMicro()) / 1e6 }

// inBubble runs a function in a bubble. Only tests can make one, so this is a test of one case.
func inBubble(run func()) {
	always := func(string, string) (bool, error) { return true, nil }
	testing.Main(always, []testing.InternalTest{{Name: "adapter", F: func(t *testing.T) {
		synctest.Test(t, func(*testing.T) { run() })
	}}}, nil, nil)
}

// Client is an HTTP client whose requests take place at the client's time.
func (k *Kit) Client() *http.Client { return &http.Client{Transport: k.Transport()} }

// Transport is what Client is made of. It trusts the authority of the run, which Go finds in SSL_CERT_FILE.
func (k *Kit) Transport() http.RoundTripper {
	if _, real := k.clock.(realClock); real {
		return http.DefaultTransport
	}
	// An idle connection waits for the network for ever, and no time would pass in the bubble.
	return &transport{kit: k, base: &http.Transport{DisableKeepAlives: true}}
}

type transport struct {
	kit  *Kit
	base http.RoundTripper
}

func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	t.kit.clock.tell()
	reply, err := t.base.RoundTrip(request)
	if err == nil {
		reply.Body = whole(reply.Body)
	}
	t.kit.clock.follow() // the issuer may have taken its time
	if late := request.Context().Err(); late != nil {
		return nil, late
	}
	return reply, err
}

// whole reads a body to its end, so that its connection is over, and gives it back as it came, with its error.
func whole(body io.ReadCloser) io.ReadCloser {
	content, err := io.ReadAll(body)
	body.Close()
	if err == nil {
		err = io.EOF
	}
	return io.NopCloser(io.MultiReader(bytes.NewReader(content), failing{err}))
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
