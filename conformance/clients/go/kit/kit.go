// Package kit is what a Go client needs to talk to Assay (docs/adapters.md), and nothing about OAuth.
//
//	func main() {
//		kit.Main(kit.Hello{Name: "mine", Version: "1.0", Flows: []string{"code"}}, map[string]kit.Op{
//			"get_access_token": func(k *kit.Kit, args kit.Args) (any, error) { … },
//		})
//	}
//
// Operations return the fields of "ok", or an *Error, or Unsupported. Requests go through k.Client(). The program runs on
// the virtual clock of the run, or with --real on the machine's (clock.go).
package kit

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"sort"
	"strings"
	"sync"
)

// Args are the fields of a request.
type Args map[string]any

// Text is a field that is a string; empty where it is something else, or absent.
func (a Args) Text(name string) string {
	text, _ := a[name].(string)
	return text
}

// Object is a field that is an object; nil, which can be read, where it is something else.
func (a Args) Object(name string) Args {
	object, _ := a[name].(map[string]any)
	return object
}

// Texts is a field that is a list of strings.
func (a Args) Texts(name string) []string {
	list, _ := a[name].([]any)
	texts := []string{}
	for _, member := range list {
		if text, ok := member.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// Op is one operation of the client.
type Op func(k *Kit, args Args) (any, error)

// Error is an error of the client: Kind is one of the closed list in docs/adapters.md.
type Error struct {
	Kind       string `json:"kind"`
	Message    string `json:"message,omitempty"`
	OAuthError string `json:"oauth_error,omitempty"`
	HTTPStatus int    `json:"http_status,omitempty"`
	Reason     string `json:"reason,omitempty"`
}

func (e *Error) Error() string { return e.Kind + ": " + e.Message }

// Unsupported says that the client has no such operation or option.
type Unsupported string

func (u Unsupported) Error() string { return string(u) }

// Hello is what the client says of itself.
type Hello struct {
	Name, Version string
	Flows         []string
	AuthMethods   []string
	Capabilities  []string
	Books         []string
	Policy        map[string]any
}

// Kit is the channel to the run, and its clock.
type Kit struct {
	lines  <-chan []byte // made and filled outside of the bubble, so that waiting for a line does not move its time
	out    *os.File
	mutex  sync.Mutex // one event at a time; the answer is the next line
	events int
	clock  clock
}

// Main answers until the run ends, then ends the program.
func Main(hello Hello, ops map[string]Op) {
	real := flag.Bool("real", false, "run on the machine's clock")
	if !flag.Parsed() {
		flag.Parse()
	}
	// stdout is the channel: whatever a library prints must not get into it.
	k := &Kit{lines: readLines(), out: os.Stdout}
	os.Stdout = os.Stderr
	if *real {
		k.clock = realClock{}
		k.serve(hello, ops)
		os.Exit(0)
	}
	inBubble(func() {
		k.clock = newBubbleClock(k)
		k.serve(hello, ops)
		os.Exit(0)
	})
}

func readLines() <-chan []byte {
	lines := make(chan []byte)
	go func() {
		defer close(lines)
		input := bufio.NewScanner(os.Stdin)
		input.Buffer(nil, 1<<24)
		for input.Scan() {
			lines <- append([]byte(nil), input.Bytes()...)
		}
	}()
	return lines
}

func (k *Kit) serve(hello Hello, ops map[string]Op) {
	for line := range k.lines {
		args := Args{}
		if err := json.Unmarshal(line, &args); err != nil {
			panic(err)
		}
		answer := map[string]any{"id": args["id"]}
		switch name := args.Text("op"); name {
		case "shutdown":
			return
		case "hello":
			answer["ok"] = k.hello(hello, ops)
		case "set_clock":
			answer["ok"] = k.clock.set(args)
		default:
			field, value := k.answer(ops[name], args)
			k.clock.tell()
			answer[field] = value
		}
		k.write(answer)
	}
}

func (k *Kit) hello(hello Hello, ops map[string]Op) map[string]any {
	names := []string{}
	for name := range ops {
		names = append(names, name)
	}
	sort.Strings(names)
	orEmpty := func(list []string) []string { return append([]string{}, list...) }
	return map[string]any{
		"protocol": 2, "time": k.clock.kind(), "ops": names,
		"sut":   map[string]string{"name": hello.Name, "version": hello.Version, "language": "go"},
		"flows": orEmpty(hello.Flows), "auth_methods": orEmpty(hello.AuthMethods), "books": orEmpty(hello.Books),
		"capabilities": orEmpty(hello.Capabilities), "policy": hello.Policy,
	}
}

func (k *Kit) answer(op Op, args Args) (field string, value any) {
	if op == nil {
		return "unsupported", "no such operation"
	}
	defer func() {
		if reason := recover(); reason != nil {
			field, value = panicked(reason, string(debug.Stack()))
		}
	}()
	result, err := op(k, args)
	var told *Error
	var missing Unsupported
	switch {
	case errors.As(err, &missing):
		return "unsupported", string(missing)
	case errors.As(err, &told):
		return "err", told
	case err != nil:
		return "err", &Error{Kind: "other", Message: err.Error()}
	case result == nil:
		return "ok", map[string]any{}
	}
	return "ok", result
}

// panicked: a panic of the adapter's own code is the adapter's fault, one in a library is a result.
func panicked(reason any, stack string) (string, any) {
	fmt.Fprintln(os.Stderr, reason, stack)
	_, frames, _ := strings.Cut(stack, "\npanic(") // above it is the recovery, below it what panicked
	for _, line := range strings.Split(frames, "\n")[1:] {
		if strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "runtime.") || strings.HasPrefix(line, "panic(") {
			continue
		}
		if strings.HasPrefix(line, "main.") {
			return "broken", fmt.Sprintf("%v\n%s", reason, stack)
		}
		break
	}
	return "err", &Error{Kind: "other", Message: fmt.Sprint(reason)}
}

// OpenURL sends the user's browser there. Returns when it came to rest: a listener of the client must be up already.
func (k *Kit) OpenURL(url string) { k.event("open_url", Args{"url": url}) }

// Prompt shows something to the user.
func (k *Kit) Prompt(text string) { k.event("prompt", Args{"text": text}) }

// Log writes into the evidence of the run.
func (k *Kit) Log(text string) { k.write(Args{"ev": "log", "msg": text}) }

func (k *Kit) event(name string, fields Args) Args {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.events++
	fields["ev"], fields["n"] = name, k.events
	k.write(fields)
	line, open := <-k.lines
	if !open {
		os.Exit(1) // the run has ended without a word
	}
	answer := Args{}
	if err := json.Unmarshal(line, &answer); err != nil {
		panic(err)
	}
	return answer
}

func (k *Kit) write(message any) {
	line, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	if _, err := k.out.Write(append(line, '\n')); err != nil {
		os.Exit(1)
	}
}
