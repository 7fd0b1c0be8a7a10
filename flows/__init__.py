"""The command line and the flows: orchestration only."""
