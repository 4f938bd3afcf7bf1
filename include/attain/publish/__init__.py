"""Publishing: one immutable, versioned set of files per result and a pointer that is swapped atomically."""
