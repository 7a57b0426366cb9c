// A target that only holds a precompiled header has to have a source.
