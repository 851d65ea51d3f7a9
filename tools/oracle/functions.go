package main

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
)

// functions returns what a case's templates know beside the builtins: nothing,
// or functions whose parameters have types for the executor to check.
func functions(name string) template.FuncMap {
	switch name {
	case "", "builtin":
		return nil
	case "typed":
		return typedFunctions
	}
	panic(fmt.Sprintf("no functions are called %q", name))
}

var typedFunctions = template.FuncMap{
	"addInt":    func(a, b int) int { return a + b },
	"count":     func(all map[string]any) int { return len(all) },
	"fail":      func(text string) (string, error) { return "", errors.New(text) },
	"half":      func(number float64) float64 { return number / 2 },
	"joined":    func(between string, all []any) string { return joined(between, all) },
	"nothing":   func() string { return "nothing" },
	"same":      func(value any) any { return value },
	"shout":     strings.ToUpper,
	"splitText": strings.Split,
	"sum":       sum,
	"turned":    func(flag bool) bool { return !flag },
	"typeOf":    func(value any) string { return fmt.Sprintf("%T", value) },
}

func sum(all ...int) int {
	total := 0
	for _, each := range all {
		total += each
	}
	return total
}

func joined(between string, all []any) string {
	texts := make([]string, len(all))
	for i, each := range all {
		texts[i] = fmt.Sprint(each)
	}
	return strings.Join(texts, between)
}
