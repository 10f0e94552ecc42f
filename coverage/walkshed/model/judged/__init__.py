"""What is judged: verdicts, judgments in columns, and the answer for one walker."""
