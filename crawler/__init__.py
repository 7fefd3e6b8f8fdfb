"""RUNS: command line, settings, decoding, recording, health, demo."""
