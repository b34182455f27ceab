"""One trait a file, each with the counts it rests on. Logins, badges and webinars enter none."""
