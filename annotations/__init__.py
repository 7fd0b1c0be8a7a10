"""Guideline, sample reports with gold records, scoring and review."""
