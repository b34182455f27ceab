"""What a partner program is: segments, stages, definitions, rubric, plays and hours, from one validated file."""
