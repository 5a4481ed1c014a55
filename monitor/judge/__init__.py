"""A second opinion: one closed question to a language model about an item that a rule selected already."""
