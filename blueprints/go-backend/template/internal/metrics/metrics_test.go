package metrics

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func scrape(registry *Registry) string {
	answer := httptest.NewRecorder()
	registry.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return answer.Body.String()
}

func TestTellsCountsAndTimes(t *testing.T) {
	registry := NewRegistry()
	registry.Observe("GET", "GET /a", 200, 20*time.Millisecond)
	registry.Observe("GET", "GET /a", 200, 3*time.Second)

	told := scrape(registry)

	for _, line := range []string{
		"# TYPE http_requests_total counter",
		`http_requests_total{method="GET",pattern="GET /a",status="200"} 2`,
		"# TYPE http_request_duration_seconds histogram",
		`http_request_duration_seconds_bucket{method="GET",pattern="GET /a",status="200",le="0.01"} 0`,
		`http_request_duration_seconds_bucket{method="GET",pattern="GET /a",status="200",le="0.025"} 1`,
		`http_request_duration_seconds_bucket{method="GET",pattern="GET /a",status="200",le="5"} 2`,
		`http_request_duration_seconds_bucket{method="GET",pattern="GET /a",status="200",le="+Inf"} 2`,
		`http_request_duration_seconds_sum{method="GET",pattern="GET /a",status="200"} 3.02`,
		`http_request_duration_seconds_count{method="GET",pattern="GET /a",status="200"} 2`,
	} {
		if !strings.Contains(told, line+"\n") {
			t.Errorf("%s is not in\n%s", line, told)
		}
	}
}

func TestMethodsThatClientsMakeUpAreOne(t *testing.T) {
	registry := NewRegistry()
	registry.Observe("DANCE", "", 405, time.Millisecond)
	registry.Observe("SING", "", 405, time.Millisecond)

	if told := scrape(registry); !strings.Contains(told, `http_requests_total{method="other",pattern="",status="405"} 2`) {
		t.Errorf("told is\n%s", told)
	}
}

func TestLabelsAreEscaped(t *testing.T) {
	registry := NewRegistry()
	registry.Observe("GET", "a\"b\\c\nd", 200, time.Millisecond)

	if told := scrape(registry); !strings.Contains(told, `pattern="a\"b\\c\nd"`) {
		t.Errorf("told is\n%s", told)
	}
}
