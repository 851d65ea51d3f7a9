"""What developers run and nobody installs: Go's answers, and random comparison."""
