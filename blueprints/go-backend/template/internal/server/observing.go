package server

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// observer is told of each request: its method, the pattern that took it, the
// status of the answer, and how long it took.
type observer func(method, pattern string, status int, took time.Duration)

// observed logs and counts what next answers, and keeps a panic in one request
// from ending the others.
func observed(next http.Handler, logger *slog.Logger, observe observer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		answer := &recorder{ResponseWriter: w}
		defer func() {
			if cause := recover(); cause != nil {
				if cause == http.ErrAbortHandler {
					panic(cause)
				}
				logger.ErrorContext(r.Context(), "panic", "cause", cause, "stack", string(debug.Stack()))
				if answer.status == 0 {
					reply(answer, http.StatusInternalServerError, map[string]string{"error": "internal error"})
				}
			}
			took := time.Since(start)
			observe(r.Method, r.Pattern, answer.Status(), took)
			logger.InfoContext(r.Context(), "request",
				"method", r.Method,
				"path", r.URL.Path,
				"status", answer.Status(),
				"seconds", took.Seconds(),
			)
		}()
		next.ServeHTTP(answer, r)
	})
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter

	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(body []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(body)
}

// Status returns the status that the client saw.
func (r *recorder) Status() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

// Unwrap lets http.ResponseController reach what is underneath.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
