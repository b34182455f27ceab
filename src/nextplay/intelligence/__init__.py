"""What the facts mean for the program: both dashboards, as data without HTML."""
