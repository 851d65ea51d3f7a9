// Package notes is an example of a resource with a table: put your own in its place.
package notes

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"unicode/utf8"
)

const (
	// Longest text of a note, in characters; the table's column takes no more.
	longestText = 1000
	// Longest request, in bytes.
	longestBody = 16 << 10
)

// Note is a text that was taken down.
type Note struct {
	ID   int64  `json:"id"`
	Text string `json:"text"`
}

// Store keeps notes.
type Store interface {
	// Add keeps a new note.
	Add(ctx context.Context, text string) (Note, error)
	// List returns the newest notes, the newest first.
	List(ctx context.Context) ([]Note, error)
}

// Routes returns the resource's handlers, by pattern.
func Routes(store Store) map[string]http.Handler {
	return map[string]http.Handler{
		"GET /notes":  list(store),
		"POST /notes": add(store),
	}
}

func list(store Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		notes, err := store.List(r.Context())
		if err != nil {
			// The server turns it into an answer and a line in the log.
			panic(err)
		}
		reply(w, http.StatusOK, map[string]any{"notes": notes})
	}
}

func add(store Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := readText(w, r)
		if err != nil {
			reply(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
			return
		}
		note, err := store.Add(r.Context(), text)
		if err != nil {
			panic(err)
		}
		reply(w, http.StatusCreated, note)
	}
}

func readText(w http.ResponseWriter, r *http.Request) (string, error) {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestBody))
	decoder.DisallowUnknownFields()
	var given struct{ Text string }
	if err := decoder.Decode(&given); err != nil {
		return "", errors.New(`send JSON such as {"text": "…"}`)
	}
	if length := utf8.RuneCountInString(given.Text); length == 0 || length > longestText {
		return "", errors.New("text must have 1 to 1000 characters")
	}
	return given.Text, nil
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The client may be gone; there is nobody left to tell.
	_ = json.NewEncoder(w).Encode(body)
}
