"""Real Go beside our Go engine: recorded answers, and differential fuzzing."""
