package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/template"
	"time"
	"unicode/utf8"
)

const (
	// Longest output that is answered, in bytes.
	longestOutput = 1 << 20
	// Longest that one case may take. Go cannot stop a template that loops: the
	// process says so and ends, and whoever asked starts another.
	longestRun = 3 * time.Second
)

// Case is one line of input: templates that are parsed in the order of their
// names, of which Main is executed.
type Case struct {
	ID        string            `json:"id"`
	Templates map[string]string `json:"templates"`
	Main      string            `json:"main"`
	Data      json.RawMessage   `json:"data"`
	Options   []string          `json:"options"`
	Delims    []string          `json:"delims"`
	Funcs     string            `json:"funcs"`
}

// Answer is one line of output. Either Output, or Base64 where the output is no
// UTF-8, or Error with its Phase: parse, exec, option, panic, limit or timeout.
type Answer struct {
	ID     string  `json:"id"`
	Output *string `json:"output,omitempty"`
	Base64 *string `json:"base64,omitempty"`
	Error  string  `json:"error,omitempty"`
	Phase  string  `json:"phase,omitempty"`
	// Unstable is set where a second run, on data of its own, differed.
	Unstable bool `json:"unstable,omitempty"`
}

var errTooLong = errors.New("output is too long")

// answerAll answers each case as it comes; an empty line flushes the answers.
func answerAll(in *bufio.Reader, out io.Writer) error {
	buffered := bufio.NewWriterSize(out, 1<<16)
	defer buffered.Flush()
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			answer, err := answerWithin(line)
			if err != nil {
				return err
			}
			if err := encoder.Encode(answer); err != nil {
				return err
			}
			if answer.Phase == "timeout" {
				buffered.Flush()
				os.Exit(3)
			}
		} else if err := buffered.Flush(); err != nil {
			return err
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// answerWithin answers a case twice, to find out whether the answer is stable.
func answerWithin(line []byte) (Answer, error) {
	var asked Case
	if err := json.Unmarshal(line, &asked); err != nil {
		return Answer{}, fmt.Errorf("%w in %.80s", err, line)
	}
	done := make(chan Answer, 1)
	go func() {
		first := answer(asked)
		second := answer(asked)
		first.Unstable = !same(first, second)
		done <- first
	}()
	select {
	case given := <-done:
		return given, nil
	case <-time.After(longestRun):
		return Answer{ID: asked.ID, Error: "took too long", Phase: "timeout"}, nil
	}
}

// answer drives text/template as its documentation has it: a set named after
// the main template, then delimiters, functions, options; then every template
// parsed, in the order of names; then the main one executed.
func answer(asked Case) (given Answer) {
	given.ID = asked.ID
	phase := "option"
	defer func() {
		if cause := recover(); cause != nil {
			if phase != "option" {
				phase = "panic"
			}
			given.Error, given.Phase = fmt.Sprint(cause), phase
		}
	}()
	data, err := decode(asked.Data)
	if err != nil {
		return Answer{ID: asked.ID, Error: err.Error(), Phase: "data"}
	}
	set := template.New(asked.Main)
	if len(asked.Delims) == 2 {
		set.Delims(asked.Delims[0], asked.Delims[1])
	}
	set.Funcs(functions(asked.Funcs))
	for _, option := range asked.Options {
		set.Option(option)
	}
	phase = "parse"
	for _, name := range sorted(asked.Templates) {
		if _, err := set.New(name).Parse(asked.Templates[name]); err != nil {
			given.Error, given.Phase = err.Error(), phase
			return given
		}
	}
	phase = "exec"
	var output limited
	if err := set.ExecuteTemplate(&output, asked.Main, data); err != nil {
		if errors.Is(err, errTooLong) {
			phase = "limit"
		}
		given.Error, given.Phase = err.Error(), phase
		return given
	}
	given.hold(output.Bytes())
	return given
}

// hold takes the output: as text if it is text.
func (a *Answer) hold(output []byte) {
	if utf8.Valid(output) {
		text := string(output)
		a.Output = &text
		return
	}
	text := base64.StdEncoding.EncodeToString(output)
	a.Base64 = &text
}

func same(a, b Answer) bool {
	return a.Error == b.Error && a.Phase == b.Phase &&
		text(a.Output) == text(b.Output) && text(a.Base64) == text(b.Base64)
}

func text(pointer *string) string {
	if pointer == nil {
		return ""
	}
	return *pointer
}

func sorted(templates map[string]string) []string {
	names := make([]string, 0, len(templates))
	for name := range templates {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// limited is a buffer that takes no more than longestOutput.
type limited struct{ bytes.Buffer }

func (l *limited) Write(text []byte) (int, error) {
	if l.Len()+len(text) > longestOutput {
		return 0, errTooLong
	}
	return l.Buffer.Write(text)
}

// WriteString keeps io.WriteString from going around Write.
func (l *limited) WriteString(text string) (int, error) { return l.Write([]byte(text)) }
