"""Where items come from: fetching, parsing, recognising what is new, and when to poll again."""
