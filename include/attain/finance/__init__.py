"""What finance takes over from a close: accounts, payroll file, journal."""
