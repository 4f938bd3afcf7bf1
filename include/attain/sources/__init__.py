"""Where rows come from: one module per kind of source; `base` is the contract they share."""
