-- Small values by name.
CREATE TABLE setting (name TEXT PRIMARY KEY, value);
