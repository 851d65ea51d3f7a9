// Package metrics counts requests and tells Prometheus, in its text format.
package metrics

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Upper bounds of the histogram's buckets, in seconds.
var bounds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

type key struct {
	method, pattern string
	status          int
}

type series struct {
	count   uint64
	seconds float64
	buckets []uint64
}

// Registry holds what was observed.
type Registry struct {
	mutex sync.Mutex
	all   map[key]*series
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry {
	return &Registry{all: map[key]*series{}}
}

// methods are those that are counted by name: clients may make up others.
var methods = []string{
	http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodOptions,
	http.MethodPatch, http.MethodPost, http.MethodPut,
}

// Observe counts a request. The pattern is that of the route, not the path: paths
// are without number.
func (r *Registry) Observe(method, pattern string, status int, took time.Duration) {
	if !slices.Contains(methods, method) {
		method = "other"
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	at := key{method, pattern, status}
	seen := r.all[at]
	if seen == nil {
		seen = &series{buckets: make([]uint64, len(bounds))}
		r.all[at] = seen
	}
	seen.count++
	seen.seconds += took.Seconds()
	for i, bound := range bounds {
		if took.Seconds() <= bound {
			seen.buckets[i]++
		}
	}
}

// ServeHTTP tells what was observed.
func (r *Registry) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = w.Write([]byte(r.text()))
}

func (r *Registry) text() string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	keys := make([]key, 0, len(r.all))
	for at := range r.all {
		keys = append(keys, at)
	}
	slices.SortFunc(keys, func(a, b key) int { return strings.Compare(a.labels(), b.labels()) })
	var total, duration strings.Builder
	total.WriteString("# HELP http_requests_total Requests answered.\n# TYPE http_requests_total counter\n")
	duration.WriteString("# HELP http_request_duration_seconds Time to answer.\n# TYPE http_request_duration_seconds histogram\n")
	for _, at := range keys {
		seen, labels := r.all[at], at.labels()
		fmt.Fprintf(&total, "http_requests_total{%s} %d\n", labels, seen.count)
		for i, bound := range bounds {
			le := strconv.FormatFloat(bound, 'g', -1, 64)
			fmt.Fprintf(&duration, "http_request_duration_seconds_bucket{%s,le=\"%s\"} %d\n", labels, le, seen.buckets[i])
		}
		fmt.Fprintf(&duration, "http_request_duration_seconds_bucket{%s,le=\"+Inf\"} %d\n", labels, seen.count)
		fmt.Fprintf(&duration, "http_request_duration_seconds_sum{%s} %g\n", labels, seen.seconds)
		fmt.Fprintf(&duration, "http_request_duration_seconds_count{%s} %d\n", labels, seen.count)
	}
	return total.String() + duration.String()
}

var escaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func (k key) labels() string {
	return fmt.Sprintf(`method="%s",pattern="%s",status="%d"`, k.method, escaper.Replace(k.pattern), k.status)
}
