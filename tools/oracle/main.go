// Command oracle says what real Go makes of templates.
//
//	oracle answer < cases.ndjson > answers.ndjson
//	oracle bench FOLDER DATA
//
// It uses the standard library alone, so it builds without a module proxy;
// Sprig's functions are therefore not known here.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

const usage = "usage: oracle answer < CASES | oracle bench FOLDER DATA"

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	switch {
	case len(args) == 1 && args[0] == "answer":
		return answerAll(bufio.NewReaderSize(in, 1<<20), out)
	case len(args) == 3 && args[0] == "bench":
		return bench(args[1], args[2], out)
	}
	return fmt.Errorf("%s", usage)
}
