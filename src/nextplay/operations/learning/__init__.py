"""What came of decisions: cases, effects, calibration."""
