"""The problems as linear programs, and the one door to HiGHS."""
