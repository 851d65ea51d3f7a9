// Package sqltest is a database made of a function, for tests that need no server.
package sqltest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"io"
	"sync"
	"testing"
)

// Answer is what the database makes of a statement.
type Answer func(statement string, arguments []driver.Value) (Result, error)

// Result is what a statement gives.
type Result struct {
	Columns  []string
	Rows     [][]driver.Value
	InsertID int64
}

// LastInsertId returns the identity of the row that was inserted.
func (r Result) LastInsertId() (int64, error) { return r.InsertID, nil }

// RowsAffected returns how many rows there are.
func (r Result) RowsAffected() (int64, error) { return int64(len(r.Rows)), nil }

// Open returns a pool whose statements answer answers, and a function that returns
// all that was said so far.
func Open(t *testing.T, answer Answer) (*sql.DB, func() []string) {
	t.Helper()
	it := &database{answer: answer}
	pool := sql.OpenDB(it)
	t.Cleanup(func() { pool.Close() })
	return pool, it.statements
}

type database struct {
	answer Answer

	mutex sync.Mutex
	said  []string
}

func (d *database) statements() []string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return append([]string(nil), d.said...)
}

func (d *database) say(statement string, named []driver.NamedValue) (Result, error) {
	d.mutex.Lock()
	d.said = append(d.said, statement)
	d.mutex.Unlock()
	arguments := make([]driver.Value, len(named))
	for i, each := range named {
		arguments[i] = each.Value
	}
	return d.answer(statement, arguments)
}

// Connect and Driver make it a driver.Connector.
func (d *database) Connect(context.Context) (driver.Conn, error) { return connection{d}, nil }

func (d *database) Driver() driver.Driver { return d }

// Open makes it a driver.Driver.
func (d *database) Open(string) (driver.Conn, error) { return connection{d}, nil }

type connection struct{ *database }

func (c connection) Prepare(string) (driver.Stmt, error) { return nil, driver.ErrSkip }

func (c connection) Close() error { return nil }

func (c connection) Begin() (driver.Tx, error) { return transaction{c}, nil }

func (c connection) ExecContext(_ context.Context, statement string, arguments []driver.NamedValue) (driver.Result, error) {
	return c.say(statement, arguments)
}

func (c connection) QueryContext(_ context.Context, statement string, arguments []driver.NamedValue) (driver.Rows, error) {
	result, err := c.say(statement, arguments)
	return &rows{result}, err
}

type transaction struct{ connection }

func (t transaction) Commit() error {
	_, err := t.say("COMMIT", nil)
	return err
}

func (t transaction) Rollback() error {
	_, err := t.say("ROLLBACK", nil)
	return err
}

type rows struct{ result Result }

func (r *rows) Columns() []string { return r.result.Columns }

func (r *rows) Close() error { return nil }

func (r *rows) Next(into []driver.Value) error {
	if len(r.result.Rows) == 0 {
		return io.EOF
	}
	copy(into, r.result.Rows[0])
	r.result.Rows = r.result.Rows[1:]
	return nil
}
