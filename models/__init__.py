"""Training and use of statistical models."""
