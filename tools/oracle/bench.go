package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"text/template"
	"time"
)

// How often each figure is taken; the median counts.
const (
	coldPasses = 25
	warmPasses = 101
)

// Figures are medians over passes; a pass takes every template of the folder.
type Figures struct {
	Files  int     `json:"files"`
	Bytes  int     `json:"bytes"`
	Parse  float64 `json:"parse_ms"`
	Cold   float64 `json:"cold_ms"`
	Warm   float64 `json:"warm_ms"`
	Go     string  `json:"go"`
	Output int     `json:"output_bytes"`
}

// bench times parsing, parsing with one render, and rendering alone, on one
// thread, of every *.tmpl below folder with the data of a JSON file.
func bench(folder, dataFile string, out io.Writer) error {
	runtime.GOMAXPROCS(1)
	sources, err := readTemplates(folder)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(dataFile)
	if err != nil {
		return err
	}
	data, err := decode(text)
	if err != nil {
		return err
	}
	figures := Figures{Files: len(sources), Go: runtime.Version()}
	for _, source := range sources {
		figures.Bytes += len(source)
	}
	var parsed []*template.Template
	figures.Parse = median(coldPasses, func() {
		if parsed, err = parse(sources); err != nil {
			panic(err)
		}
	})
	figures.Cold = median(coldPasses, func() {
		fresh, err := parse(sources)
		if err != nil {
			panic(err)
		}
		figures.Output = render(fresh, data)
	})
	figures.Warm = median(warmPasses, func() { figures.Output = render(parsed, data) })
	return json.NewEncoder(out).Encode(figures)
}

func readTemplates(folder string) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.tmpl"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, errors.New("no *.tmpl in " + folder)
	}
	slices.Sort(paths)
	sources := make([]string, len(paths))
	for i, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		sources[i] = string(text)
	}
	return sources, nil
}

func parse(sources []string) ([]*template.Template, error) {
	parsed := make([]*template.Template, len(sources))
	for i, source := range sources {
		one, err := template.New("t").Option("missingkey=error").Parse(source)
		if err != nil {
			return nil, err
		}
		parsed[i] = one
	}
	return parsed, nil
}

func render(parsed []*template.Template, data any) int {
	size := 0
	for _, one := range parsed {
		var text bytes.Buffer
		if err := one.Execute(&text, data); err != nil {
			panic(err)
		}
		size += text.Len()
	}
	return size
}

func median(passes int, pass func()) float64 {
	pass()
	took := make([]float64, passes)
	for i := range took {
		start := time.Now()
		pass()
		took[i] = float64(time.Since(start).Nanoseconds()) / 1e6
	}
	slices.Sort(took)
	return took[passes/2]
}
