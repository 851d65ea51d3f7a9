package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// decode reads JSON as the engine's users have it: whole numbers are int, those
// with a point or an exponent float64.
func decode(text []byte) (any, error) {
	if len(text) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var data any
	if err := decoder.Decode(&data); err != nil {
		return nil, err
	}
	return typed(data)
}

func typed(data any) (any, error) {
	var err error
	switch data := data.(type) {
	case json.Number:
		return number(data)
	case map[string]any:
		for key, value := range data {
			if data[key], err = typed(value); err != nil {
				return nil, err
			}
		}
	case []any:
		for i, value := range data {
			if data[i], err = typed(value); err != nil {
				return nil, err
			}
		}
	}
	return data, nil
}

func number(text json.Number) (any, error) {
	if strings.ContainsAny(text.String(), ".eE") {
		return text.Float64()
	}
	whole, err := text.Int64()
	if err != nil {
		return nil, fmt.Errorf("%s is no int", text)
	}
	return int(whole), nil
}
