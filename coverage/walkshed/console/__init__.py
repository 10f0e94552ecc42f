"""The console of the command line: its language, what it says and shows, faults and exit codes."""
